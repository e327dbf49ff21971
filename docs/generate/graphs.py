"""The graphs in the tutorials, as pictures and as pages to step through: each function is what a tutorial computes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from micrograd.engine import Value, exp, log
from micrograd.engine.viz import debug, draw_dot
from micrograd.nn import MLP

FOLDER = Path("docs/assets/graphs")
DEBUGGERS = Path("docs/assets/debugger")

Graph = tuple[Value, Any]
"""The end of a graph, and which of its leaves are parameters."""


def parabola() -> Graph:
    """3x² - 4x + 5 at x = 3, of tutorial 1."""
    x = Value(3.0, label="x")
    y = 3 * x**2 - 4 * x + 5
    y.label = "y"
    y.backward()
    return y, None


def diamond() -> Graph:
    """Two paths of different lengths that meet again, of tutorial 3."""
    a = Value(2.0, label="a")
    b = a * 3
    c = b + a
    d = c * b
    b.label, c.label, d.label = "b", "c", "d"
    d.backward()
    return d, None


def neuron() -> Graph:
    """A neuron with two inputs, of tutorial 4."""
    w = [Value(0.8, label="w0"), Value(-0.4, label="w1")]
    b = Value(0.3, label="b")
    x = [Value(1.0, label="x0"), Value(0.5, label="x1")]
    out = (sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b).relu()
    out.label = "out"
    out.backward()
    return out, [*w, b]


def mlp() -> Graph:
    """A net of three hidden neurons on one sample, of tutorial 4."""
    net = MLP(2, [3, 1], rng=random.Random(2))
    score = net([Value(1.0, label="x0"), Value(0.5, label="x1")])
    score.label = "score"
    score.backward()
    return score, net


def softmax() -> Graph:
    """The softmax of three logits and its cross-entropy, of tutorial 7."""
    logits = [Value(2.0, label="s0"), Value(1.0, label="s1"), Value(-1.0, label="s2")]
    powers = [exp(s) for s in logits]
    p = powers[0] / sum(powers)
    loss = -log(p)
    p.label, loss.label = "p0", "loss"
    loss.backward()
    return loss, None


def overflow() -> Graph:
    """A sigmoid that overflows, of tutorial 9."""
    x = Value(800.0, label="x")
    loss = -log(exp(x) / (1 + exp(x)))
    loss.label = "loss"
    return loss, None


DRAWN: tuple[Callable[[], Graph], ...] = (parabola, diamond, neuron, mlp, softmax)
STEPPED: tuple[Callable[[], Graph], ...] = (diamond, neuron, mlp, softmax, overflow)


def files() -> dict[Path, str]:
    """Pictures of graphs as SVG, and pages that step through them, by their paths below the root."""
    pictures = {FOLDER / f"{make.__name__}.svg": _picture(*make()) for make in DRAWN}
    return {**pictures, **{DEBUGGERS / f"{make.__name__}.html": _page(*make()) for make in STEPPED}}


def _picture(root: Value, parameters: Any) -> str:
    return draw_dot(root, parameters=parameters).svg


def _page(root: Value, parameters: Any) -> str:
    return debug(root, parameters=parameters).html
