"""Derivatives by the table's rules at every number among the inputs: the side of the comparison that is to be tested.

The output is one number, or else weighed by `seed`; the gradient that is differentiated again, by a direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from micrograd.engine.backprop import sweep
from micrograd.engine.checking.inputs import Coordinate, zeros_like
from micrograd.engine.checking.uneven import uneven_like
from micrograd.engine.differentiation.forward import push_forward
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.value import Value

MODES = ("reverse", "forward")


def total(data: Any) -> float:
    """The sum of an array, or a number as it is."""
    return float(data.sum() if hasattr(data, "sum") else data)


def gradient(out: Node, numbers: Sequence[Coordinate], mode: str = "reverse") -> list[float]:
    """The derivative of the output by each number, from one sweep backwards or one push forwards a number."""
    order, seed = topological_order(out), uneven_like(out._data)
    if mode == "reverse":
        found = sweep(order, seed)
        return [_at(found.get(number.leaf), number) for number in numbers]
    tangents = (push_forward(order, {number.leaf: number.unit()}).get(out, 0.0) for number in numbers)
    return [total(tangent * seed) for tangent in tangents]


def hessian_product(out: Node, pace: Mapping[Coordinate, float], mode: str) -> list[float]:
    """How the gradient changes when every number moves at its pace."""
    found = gradient_change(out, _moves(pace), mode)
    return [_at(found.get(number.leaf), number) for number in pace]


def gradient_change(out: Node, moves: Mapping[Node, Any], mode: str = "reverse") -> dict[Node, Any]:
    """The same by leaf: a second sweep, or forward mode, over the recorded first. A leaf that isn't in it has 0."""
    gradients = sweep(topological_order(out), _as_node(uneven_like(out._data)))
    reached = {leaf: g for leaf in moves if isinstance(g := gradients.get(leaf), Node)}
    change: Any = 0.0
    for leaf, g in reached.items():
        change = change + _summed(g * moves[leaf])
    if not isinstance(change, Node):
        return {}
    order = topological_order(change)
    if mode == "forward":
        tangents = push_forward(order, dict(moves))
        return {leaf: tangents[g] for leaf, g in reached.items() if g in tangents}
    return sweep(order, uneven_like(change._data)) if change._requires_grad else {}


def _moves(pace: Mapping[Coordinate, float]) -> dict[Node, Any]:
    """The paces in arrays like the leaves."""
    moves = {number.leaf: zeros_like(number.leaf) for number in pace}
    for number, speed in pace.items():
        moves[number.leaf] = number.set_in(moves[number.leaf], speed)
    return moves


def _summed(node: Any) -> Any:
    return node if isinstance(node, Value) else node.sum()


def _as_node(seed: Any) -> Node:
    if isinstance(seed, float):
        return Value(seed)
    from micrograd.engine.tensor import Tensor

    return Tensor(seed)


def _at(found: Any, number: Coordinate) -> float:
    """One number of a derivative that may not be there, where the output doesn't depend on its leaf."""
    if found is None:
        return 0.0
    return number.of(found._data if isinstance(found, Node) else found)
