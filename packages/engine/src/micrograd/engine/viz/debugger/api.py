"""`debug`: from a result to a page that steps through everything that led to it."""

from __future__ import annotations

import math
import os
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import unwatched
from micrograd.engine.viz.anomaly.search import find_bad
from micrograd.engine.viz.debugger.expansion import can_expand, expand
from micrograd.engine.viz.debugger.payload import payload
from micrograd.engine.viz.debugger.steps import Steps, steps_of
from micrograd.engine.viz.names.leaves import names_among
from micrograd.engine.viz.page import Page, page_text, resource
from micrograd.engine.viz.sources import lend_source, source_of
from micrograd.engine.viz.text import one_line

_FOLDER = "micrograd.engine.viz.debugger"
_SCALARS, _EXPANSIONS = 240, 24  # scalar operations in an operation that a click expands, and how many of these
_DRAWING = ("geometry", "card", "box", "notes", "drawing")
_SCRIPTS = ("graph", "numbers", *_DRAWING, "panel", "search", "camera", "application")


class Debugger(Page):
    """The page of `debug`: it shows itself in a notebook, `save(path)` writes it, and `html` is its text."""


def debug(root: Node, *, parameters: Any = None, path: str | os.PathLike[str] | None = None) -> Debugger:
    """Show every gradient: a page that steps through the graph of `root`, forward and backward, an operation at a time.

    At every step it shows the operation's formula with its numbers, and backward for every operand `local derivative x
    upstream gradient = contribution`, with the sum so far where an operand is used more than once. The page is a single
    file that needs no server and no net. The gradients are computed anew, so that `backward()` need not have run, and
    nothing in the graph is written. If a number is nan or infinite, the page opens at the operation that gave it.

    Of a large graph it shows boxes that open: samples, layers, neurons. Run the code under `keep_sources()` to have
    every operation know its line.

    Args:
        root: The last node of the expression, such as a loss.
        parameters: The leaves that are parameters: a model, nodes, or names with nodes. Boxes are named after them. If
            not given, the modules are found that the leaves belong to.
        path: Where to write the page.

    Raises:
        MicrogradTypeError: `root` isn't a node, or `parameters` holds something else.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0, label="x")
        >>> debug(x**3 + x)
        <Debugger of 3 values and 2 operations>
    """
    steps = steps_of(root)
    names = names_among(steps.order, parameters)
    graph = {**payload(steps, names), "expansions": expansions(steps)}
    data = {"title": _title(root), "graph": graph, "bad": _bad(root, steps)}
    page = Debugger(_html(data), _summary(steps))
    if path is not None:
        page.save(path)
    return page


def expansions(steps: Steps) -> dict[str, Any]:
    """The operations on Tensors that are small enough to be shown in scalars, each as a graph of its own.

    Example:
        >>> from micrograd.engine import Tensor
        >>> list(expansions(steps_of(Tensor([1.0, 2.0], requires_grad=True) @ Tensor([3.0, 4.0]))))
        ['2']
    """
    places = [place for place, node in enumerate(steps.order) if can_expand(node, _SCALARS)][:_EXPANSIONS]
    with unwatched():  # nobody is to see what only a page shows
        return {str(place): _expansion(steps.order[place], steps.gradients[place]) for place in places}


def _expansion(node: Node, upstream: Any) -> dict[str, Any]:
    """An operation in scalars, each with the line of the operation."""
    scalars = steps_of(expand(node, upstream).root)
    lend_source(scalars.order, source_of(node))
    return payload(scalars, {})


def _html(data: dict[str, Any]) -> str:
    return page_text(
        title=f"{data['title']} · MicroGrad debugger",
        body=resource(_FOLDER, "debugger.html"),
        style=resource(_FOLDER, "debugger.css"),
        script=resource(_FOLDER, *(f"script/{name}.js" for name in _SCRIPTS)),
        data=data,
    )


def _title(root: Node) -> str:
    return one_line(root.label or "Computation graph")


def _summary(steps: Steps) -> str:
    operations = sum(node.op is not None for node in steps.order)
    return f"{len(steps.order)} values and {operations} operations"


def _bad(root: Node, steps: Steps) -> dict[str, Any] | None:
    """The first bad operation; only looked for where a number is bad."""
    if all(map(_is_finite, steps.data)) and all(map(_is_finite, steps.gradients)):
        return None
    finding = find_bad(root)
    if finding is None or finding.node is None:
        return None
    cause = {"why": finding.cause.why, "instead": finding.cause.instead}
    place = next(place for place, node in enumerate(steps.order) if node is finding.node)
    return {"place": place, "phase": finding.phase, "kind": finding.kind, **cause}


def _is_finite(data: Any) -> bool:
    if not getattr(data, "shape", ()):
        return data is None or math.isfinite(data)
    import numpy as np

    return bool(np.isfinite(data).all())
