"""Forward mode: how a change of the leaves moves every node of a recorded graph, by the same table of derivatives.

A vjp rule is linear in the gradient `g`. For an elementwise primitive it multiplies by a diagonal matrix, which is its
own transpose, so the same rule carries a tangent forwards. For any other primitive the transpose is got by
differentiating the rule itself by `g`: there is no second table to keep in step with the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from micrograd.engine.backprop import apply_rule, as_nodes, operands_of, sweep
from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.errors import GraphError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.ops.explanations import REFUSALS, raise_unfit
from micrograd.engine.value import Value


def push_forward(order: Sequence[Node], tangents: dict[Node, Any]) -> dict[Node, Any]:
    """The tangent of every node in `order` that depends on the nodes whose tangents are given.

    Args:
        order: A topological order, inputs before users.
        tangents: The directions of the variables; as Nodes if the result is to be differentiated again.
    """
    tangents = dict(tangents)
    for node in order:
        if node.op is None or node in tangents:
            continue
        parts = _parts(node, tangents)
        if parts:
            total = parts[0]
            for part in parts[1:]:
                total = total + part
            tangents[node] = total
    return tangents


def in_kind_of(node: Node, tangent: Any) -> Any:
    """A tangent that is a Value as a Tensor where its node is one: beside Tensors, a Value moves a Tensor."""
    if not isinstance(tangent, Value) or isinstance(node, Value):
        return tangent
    from micrograd.engine.tensor import Tensor

    return Tensor(1.0, dtype=node._data.dtype) * tangent


def _parts(node: Node, tangents: dict[Node, Any]) -> list[Any]:
    """What each operand's tangent contributes to the node's."""
    if isinstance(node.op, HandWritten):
        raise GraphError(
            f"forward mode can't pass a hand-written op ({node.op.symbol!r}), which knows only how to go backwards. "
            "Write it with the engine's functions, or use grad() or vjp()."
        )
    nodes, data = operands_of(node)
    return [
        _part(node, position, operand, tangents[operand], nodes, data)
        for position, operand in enumerate(nodes)
        if operand is not None and operand in tangents and node.op.rule(position) is not None
    ]


def _part(
    node: Node, position: int, operand: Node, tangent: Any, nodes: Sequence[Node | None], data: Sequence[Any]
) -> Any:
    rule = node.op.rule(position)
    out: Any = node._data
    if isinstance(tangent, Node):
        out, data = node, as_nodes(nodes, data)
    if node.op.elementwise:
        return node._spread(in_kind_of(node, apply_rule(rule, tangent, out, data, node.params)))
    probe = node._probe()
    received = apply_rule(rule, probe, out, data, node.params)
    try:
        image = operand._match(received)
    except REFUSALS as error:
        raise_unfit(node.op.name, position, received, operand._data, error)
    if not isinstance(image, Node):  # whatever enters: a rule that gives zeros
        return 0.0 * probe._data
    stop = [n for n in (node, *nodes) if n is not None]
    return sweep(topological_order(image, stop), tangent).get(probe, 0.0 * probe._data)
