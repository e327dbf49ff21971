"""Copying and pickling a recorded graph: no recursion, every shared node once, history and gradients kept.

A leaf is pickled by itself, so that a parameter shared by several expressions stays shared. A computed node takes along
everything that it depends on, as columns (all data, all gradients, ...), one entry a node; two of them that are pickled
side by side each bring their own copy of the computed nodes that they have in common, which `copy.deepcopy` keeps
shared too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from micrograd.engine.graph import Node, topological_order
from micrograd.engine.observing.recording import reading, watchers
from micrograd.engine.ops.op import Op

_PLAIN_SLOTS = ("__dict__", "_data", "_x_data", "_y_data", "grad", "label", "op", "params")
_IMMUTABLE = (float, str, int, type(None), Op)


class Copyable(Node):
    """A node that `copy`, `copy.deepcopy` and `pickle` take with all that it was computed from.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0)
        >>> twin = copy.deepcopy(x * x)
        >>> twin.backward()
        >>> x.grad, [leaf.grad for leaf in twin._prev]
        (0.0, [6.0])
    """

    __slots__ = ()

    def __copy__(self) -> Node:
        return copy_node(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Node:
        return deepcopy_graph(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        return reduce_graph(self)


def copy_node(node: Node) -> Node:
    """A second node with the same operands."""
    if watchers:
        reading(node)
    copy.copy(node.op)  # a hand-written op refuses
    return _make_node(type(node), _state(node), (node._x, node._y))


def deepcopy_graph(root: Node, memo: dict[int, Any]) -> Node:
    """Copy `root` and all that it depends on; what `memo` holds already, a shared node, is reused."""
    for node in topological_order(root):
        if id(node) not in memo:
            if watchers:
                reading(node)
            state = [_copied(content, memo) for content in _state(node)]
            memo[id(node)] = _make_node(type(node), state, _map_operands(node, lambda operand: memo[id(operand)]))
    return memo[id(root)]  # type: ignore[no-any-return]


def _copied(content: Any, memo: dict[int, Any]) -> Any:
    if type(content) in _IMMUTABLE:
        return content
    return {} if type(content) is dict and not content else copy.deepcopy(content, memo)


def reduce_graph(root: Node) -> tuple[Any, ...]:
    """What `pickle` needs to make `root` again: its own state if it is a leaf, else that of all up to it."""
    if root.op is None:
        return _make_node, (type(root), _state(root), (None, None))
    order = topological_order(root)
    position = {node: index for index, node in enumerate(order)}
    leaves = {position[node]: node for node in order if node.op is None}
    kinds, operands, *columns = zip(
        *((type(node), _map_operands(node, position.__getitem__), *_state(node)) for node in order), strict=True
    )
    return _make_graph, (leaves, kinds, operands, columns)


def _state(node: Node) -> list[Any]:
    return [getattr(node, slot, None) for slot in _plain_slots(type(node))]


def _plain_slots(kind: type[Node]) -> tuple[str, ...]:
    """The slots that hold no other node: those of every Node, and Tensor's own."""
    return _PLAIN_SLOTS + tuple(slot for base in kind.__mro__ if base is not Node for slot in _slots_of(base))


def _slots_of(base: type) -> tuple[str, ...]:
    return tuple(slot for slot in base.__dict__.get("__slots__", ()) if slot != "__weakref__")


def _map_operands(node: Node, f: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The two operand slots with `f` applied to the nodes in them."""
    return _map_slot(node._x, f), _map_slot(node._y, f)


def _map_slot(slot: Any, f: Callable[[Any], Any]) -> Any:
    if type(slot) is tuple:
        return tuple(None if operand is None else f(operand) for operand in slot)
    return None if slot is None else f(slot)


def _make_node(kind: type[Node], state: Sequence[Any], operands: tuple[Any, Any]) -> Node:
    node = object.__new__(kind)
    for slot, content in zip(_plain_slots(kind), state, strict=True):
        setattr(node, slot, dict(content) if slot == "__dict__" else content)
    node._x, node._y = operands
    return node


def _make_graph(
    leaves: dict[int, Node], kinds: Sequence[type[Node]], operands: Sequence[Any], columns: Sequence[Sequence[Any]]
) -> Node:
    nodes: list[Node] = []
    for index, (kind, slots, *state) in enumerate(zip(kinds, operands, *columns, strict=True)):
        x, y = (_map_slot(slot, nodes.__getitem__) for slot in slots)
        nodes.append(leaves[index] if index in leaves else _make_node(kind, state, (x, y)))
    return nodes[-1]
