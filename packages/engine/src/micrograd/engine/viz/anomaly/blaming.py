"""From an operation that went wrong to the finding that says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from micrograd.engine.backprop import operands_of
from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.graph import Node
from micrograd.engine.viz.anomaly.causes import GENERAL, Cause, cause_backward, cause_forward
from micrograd.engine.viz.anomaly.finding import Finding, Operand, call_text, named_operands, node_call, step_text
from micrograd.engine.viz.anomaly.judging import at, first_bad, made, worst
from micrograd.engine.viz.sources import Source, source_of

_ANCESTORS = 4


def blame_forward(
    op: Any,
    nodes: Sequence[Any],
    data: Sequence[Any],
    params: dict[str, Any] | None,
    out: Node,
    wanted: Sequence[str],
    source: Source | None,
) -> Finding | None:
    """The finding of an operation that has run; None if nothing is wrong with it.

    Args:
        op: The primitive.
        nodes: Its operands, Nodes or constants.
        data: The data of the operands.
        params: Its settings.
        out: Its result.
        wanted: The kinds that count, of `nan` and `inf`.
        source: Where it was called.
    """
    settings = [setting for setting in (params or {}).values() if isinstance(setting, float)]
    kind, is_given = made(out._data, [*data, *settings]), False
    if not kind and worst(out._data) == "nan":
        kind, is_given = "nan", any(worst(datum) == "nan" for datum in data)
    if kind not in wanted or (kind != "nan" and is_given):
        return None
    operands = named_operands(op, nodes, data, source)
    index = first_bad(out._data, kind)
    cause = GENERAL["given"] if is_given else cause_forward(op.name, _there(op, data, index, out._data))
    call = call_text(op, operands, params)
    return Finding(kind, "forward", out, call, source, operands, out._data, cause, index, _ancestry(nodes), False)  # type: ignore[arg-type]


def blame_node(node: Node, wanted: Sequence[str]) -> Finding | None:
    """The same for a node of a recorded graph."""
    if node.op is None or worst(node._data) not in wanted:
        return None
    nodes, data = operands_of(node)
    return blame_forward(node.op, nodes, data, node.params, node, wanted, source_of(node))


def blame_backward(
    node: Node, g: Any, contribution: Any, kind: Literal["nan", "inf"], path: tuple[str, ...]
) -> Finding:
    """The finding of an operation that handed back a bad gradient though a good one arrived."""
    nodes, data = operands_of(node)
    operands = named_operands(node.op, nodes, data, source_of(node))
    index = first_bad(contribution, kind)
    g_there, *there = _there(node.op, [g, *data], index, contribution)
    cause = cause_backward(node.op.name, g_there, there, isinstance(node.op, HandWritten))
    call = call_text(node.op, operands, node.params)
    arrived = Operand("gradient that arrived", g)
    return Finding(
        kind, "backward", node, call, source_of(node), (arrived, *operands), contribution, cause, index, path
    )


def blame_gradient(node: Node, g: Any, kind: Any, general: str, path: tuple[str, ...]) -> Finding:
    """The finding of a gradient that is bad as it arrives at a node."""
    cause: Cause = GENERAL[general]
    operands = named_operands(node.op, *operands_of(node), source_of(node)) if node.op is not None else ()
    return Finding(
        kind, "backward", node, node_call(node), source_of(node), operands, g, cause, first_bad(g, kind), path
    )


def _there(op: Any, data: Sequence[Any], index: tuple[int, ...], out: Any) -> list[Any]:
    """The numbers of the operands at the place of a bad result; of an operation on arrays the operands themselves."""
    if not getattr(op, "elementwise", False):
        return list(data)
    try:
        return [at(datum, index, tuple(getattr(out, "shape", ()))) for datum in data]
    except (IndexError, ValueError, TypeError):
        return list(data)  # broadcast, so that a place in the gradient is none in the operand


def _ancestry(nodes: Sequence[Any]) -> tuple[str, ...]:
    """The operations that an operand comes from, the nearest last."""
    steps: list[str] = []
    node = _computed(nodes)
    while node is not None and len(steps) < _ANCESTORS:
        steps.append(step_text(node))
        node = _computed(node.inputs)
    return tuple(reversed(steps))


def _computed(nodes: Sequence[Any]) -> Node | None:
    return next((node for node in nodes if isinstance(node, Node) and node.op is not None), None)
