"""The graphs in the tutorials, drawn by the library from what ran: each function here is what a page computes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from micrograd.engine import Value, exp, log
from micrograd.engine.viz import Drawing, draw_dot
from micrograd.nn import MLP

FOLDER = Path("docs/assets/graphs")


def parabola() -> Drawing:
    """3x² - 4x + 5 at x = 3, of tutorial 1."""
    x = Value(3.0, label="x")
    y = 3 * x**2 - 4 * x + 5
    y.label = "y"
    y.backward()
    return draw_dot(y)


def diamond() -> Drawing:
    """Two paths of different lengths that meet again, of tutorial 3."""
    a = Value(2.0, label="a")
    b = a * 3
    c = b + a
    d = c * b
    b.label, c.label, d.label = "b", "c", "d"
    d.backward()
    return draw_dot(d)


def neuron() -> Drawing:
    """A neuron with two inputs, of tutorial 4."""
    w = [Value(0.8, label="w0"), Value(-0.4, label="w1")]
    b = Value(0.3, label="b")
    x = [Value(1.0, label="x0"), Value(0.5, label="x1")]
    out = (sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b).relu()
    out.label = "out"
    out.backward()
    return draw_dot(out, parameters=[*w, b])


def mlp() -> Drawing:
    """A net of three hidden neurons on one sample, of tutorial 4."""
    net = MLP(2, [3, 1], rng=random.Random(2))
    score = net([Value(1.0, label="x0"), Value(0.5, label="x1")])
    score.label = "score"
    score.backward()
    return draw_dot(score, parameters=net)


def softmax() -> Drawing:
    """The softmax of three logits and its cross-entropy, of tutorial 7."""
    logits = [Value(2.0, label="s0"), Value(1.0, label="s1"), Value(-1.0, label="s2")]
    powers = [exp(s) for s in logits]
    p = powers[0] / sum(powers)
    loss = -log(p)
    p.label, loss.label = "p0", "loss"
    loss.backward()
    return draw_dot(loss)


DRAWN: tuple[Callable[[], Drawing], ...] = (parabola, diamond, neuron, mlp, softmax)


def files() -> dict[Path, str]:
    """The SVG text of each graph, by its path below the root."""
    return {FOLDER / f"{draw.__name__}.svg": draw().svg for draw in DRAWN}
