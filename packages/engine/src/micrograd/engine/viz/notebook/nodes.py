"""The card of a Value or a Tensor: its number or numbers, its gradient, and the nearest part of its graph."""

from __future__ import annotations

from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.viz.nearest import count_text, count_up_to, opened_near, shown_by
from micrograd.engine.viz.notebook.frame import card, code, fact, title
from micrograd.engine.viz.operations import operation_symbol
from micrograd.engine.viz.pictures.scene import arrange
from micrograd.engine.viz.pictures.svg import svg_picture
from micrograd.engine.viz.text import clip, exact_text, number_text, one_line, shape_text
from micrograd.engine.viz.view import view_graph

_SHOWN = 30  # nodes; a picture that is taken in at a glance
_DEPTH = 5  # operations, if there are more nodes than that
_COUNTED = 100_001  # nodes; to count more of them would take too long for something that nobody asked for


def node_card(node: Node) -> str:
    """The card of a node; takes some ten milliseconds, however large its graph is.

    Example:
        >>> from micrograd.engine import Value
        >>> "<svg" in node_card(Value(2.0) * 3.0), "<svg" in node_card(Value(2.0))
        (True, False)
    """
    facts = [title(clip(one_line(node.label), 60), type(node).__name__), *_facts(node)]
    if not node.inputs:
        return card(facts, _numbers(node))
    opened = opened_near(node, _SHOWN)
    shown, total = shown_by(node, opened), count_up_to(node, _COUNTED)
    if total > len(shown):
        opened = opened_near(node, _SHOWN, _DEPTH)
        shown = shown_by(node, opened)
    picture = svg_picture(arrange(view_graph(node, opened=opened)))
    return card(facts, picture, _advice(len(shown), total))


def _facts(node: Node) -> list[str]:
    shape = tuple(getattr(node._data, "shape", ()))
    facts = [fact("shape", shape_text(shape))] if shape else []
    if hasattr(node._data, "dtype"):
        facts.append(fact("dtype", str(node._data.dtype)))
    facts.append(fact("data", exact_text(node._data)))
    facts.append(fact("grad", _gradient(node.grad)))
    return facts + ([fact("op", clip(operation_symbol(node), 40))] if node.op is not None else [])


def _gradient(grad: Any) -> str:
    return number_text(grad._data) if isinstance(grad, Node) else exact_text(grad)


def _numbers(node: Node) -> str:
    """The numbers of an array, of a large one those at its corners."""
    return f"<pre>{code(repr(node))}</pre>" if getattr(node._data, "shape", ()) else ""


def _advice(shown: int, total: int) -> str:
    if shown == total:
        return ""
    return (
        f"The {shown} nearest of {count_text(total, _COUNTED)} nodes. {code('show(v, max_nodes=300)')} prints more of "
        f"them, {code('explain(w, v)')} says where the gradient of a leaf comes from, and "
        f"{code('draw_dot(model(X[0]))')} draws the graph of one sample; all are in {code('micrograd.engine.viz')}."
    )
