"""Copying and pickling a recorded graph: no recursion, every shared node once, history and gradients kept.

A leaf goes by itself, so that a parameter shared by several expressions stays shared; a computed node takes
along everything that it depends on, as columns (all data, all gradients, ...), one entry a node.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from micrograd.engine.graph import Node, topological_order

_PLAIN_SLOTS = ("__dict__", "_data", "_x_data", "_y_data", "grad", "label", "op", "params")
_IMMUTABLE = (float, str, int, type(None))


def deepcopy_graph(root: Node, memo: dict[int, Any]) -> Node:
    """Copy `root` and all that it depends on; what `memo` holds already, a shared node, is reused."""
    for node in topological_order(root):
        if id(node) not in memo:
            twin = memo[id(node)] = object.__new__(type(node))
            state = [_copied(getattr(node, slot), memo) for slot in _PLAIN_SLOTS]
            _restore(twin, state, _map_operands(node, lambda operand: memo[id(operand)]))
    return memo[id(root)]  # type: ignore[no-any-return]


def _copied(content: Any, memo: dict[int, Any]) -> Any:
    return content if type(content) in _IMMUTABLE else copy.deepcopy(content, memo)


def reduce_graph(root: Node) -> tuple[Any, ...]:
    """What `pickle` needs to make `root` again: its own state if it is a leaf, else that of all up to it."""
    if root.op is None:
        return _make_leaf, (type(root), _state(root))
    order = topological_order(root)
    position = {node: index for index, node in enumerate(order)}
    leaves = {position[node]: node for node in order if node.op is None}
    kinds, operands, *state = zip(
        *((type(node), _map_operands(node, position.__getitem__), *_state(node)) for node in order),
        strict=True,
    )
    return _make_graph, (leaves, kinds, operands, state)


def _state(node: Node) -> list[Any]:
    return [getattr(node, slot) for slot in _PLAIN_SLOTS]


def _map_operands(node: Node, f: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The two operand slots with `f` applied to the nodes in them."""
    return _map_slot(node._x, f), _map_slot(node._y, f)


def _map_slot(slot: Any, f: Callable[[Any], Any]) -> Any:
    if type(slot) is tuple:
        return tuple(None if operand is None else f(operand) for operand in slot)
    return None if slot is None else f(slot)


def _restore(node: Node, state: Sequence[Any], operands: tuple[Any, Any]) -> None:
    for slot, content in zip(_PLAIN_SLOTS, state, strict=True):
        setattr(node, slot, content)
    node._x, node._y = operands


def _make_leaf(kind: type[Node], state: Sequence[Any]) -> Node:
    leaf = object.__new__(kind)
    _restore(leaf, state, (None, None))
    return leaf


def _make_graph(
    leaves: dict[int, Node],
    kinds: Sequence[type[Node]],
    operands: Sequence[Any],
    columns: Sequence[Sequence[Any]],
) -> Node:
    nodes: list[Node] = []
    for index, (kind, slots, *state) in enumerate(zip(kinds, operands, *columns, strict=True)):
        node = leaves.get(index)
        if node is None:
            node = object.__new__(kind)
            x, y = (_map_slot(slot, nodes.__getitem__) for slot in slots)
            _restore(node, state, (x, y))
        nodes.append(node)
    return nodes[-1]
