"""Calls of compiled functions, as the pictures show them: each result an operation on the arguments of the call.

In the graph a call is a node of its own that holds no number, between the arguments and the results, and what reaches
it are the gradients of all results together. Here it is left out, and what a result hands back goes to the arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from micrograd.engine.backprop import Contribution, contributions, operands_of
from micrograd.engine.graph import Node


def without_calls(order: Iterable[Node]) -> list[Node]:
    """The nodes that hold something."""
    return [node for node in order if not _is_call(node)]


def operands_seen(node: Node) -> tuple[Sequence[Node | None], Sequence[Any]]:
    """A computed node's operands, None for a constant, and the data that they held.

    Example:
        >>> from micrograd.engine import Value
        >>> operands_seen(Value(2.0) * 3.0)[1]
        (2.0, 3.0)
    """
    return operands_of(_call_of(node) or node)


def inputs_seen(node: Node) -> tuple[Node, ...]:
    """The nodes among the operands."""
    return tuple((_call_of(node) or node).inputs)


def contributions_seen(node: Node, g: Any) -> list[Contribution]:
    """What each input receives when the gradient `g` arrives at a node."""
    found = contributions(node, g)
    call = _call_of(node)
    return found if call is None else [part for _, seeds in found for part in contributions(call, seeds)]


def _is_call(node: Node) -> bool:
    return node._data is None and node.op is not None


def _call_of(node: Node) -> Node | None:
    """The call that a node is a result of."""
    if node.op is None or node._x.__class__ is not tuple or len(node._x) != 1:
        return None
    (operand,) = node._x
    return operand if operand is not None and _is_call(operand) else None
