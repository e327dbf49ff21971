"""The reverse sweep: one walk through the recorded graph that gives the gradient of the root by every node.

`contributions` is the chain rule at a single node, and the only place where a vjp rule is applied. `sweep`
walks the order backwards and adds up what each node receives. `backward` runs the sweep and puts the result
into `.grad`.

The sweep keeps its sums to itself until it is through, so that a backward pass that fails (an exception in a
hand-written `_backward`, Ctrl-C) leaves every `.grad` as it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from micrograd.engine.graph import Node, topological_order
from micrograd.engine.handwritten import HandWritten
from micrograd.engine.ops.ieee import Float

Contribution = tuple[Node, Any]


def contributions(node: Node, g: Any) -> Iterable[Contribution]:
    """What each input of `node` receives when the gradient `g` arrives at `node`: local derivative times `g`.

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> [(operand.label, received) for operand, received in contributions(a * b, 10.0)]
        [('a', -30.0), ('b', 20.0)]
    """
    x, y, rules = node._x, node._y, node.op.vjps
    if not rules or node.params is not None or type(x) is tuple or x is None or type(g) is not float:
        return _contributions_in_general(node, g)
    out, x_data, y_data = node._data, node._x_data, node._y_data
    try:
        if y_data is None:
            return ((x, rules[0](g, out, x_data)),)
        if y is None:
            return ((x, rules[0](g, out, x_data, y_data)),)
        return ((x, rules[0](g, out, x_data, y_data)), (y, rules[1](g, out, x_data, y_data)))
    except ZeroDivisionError:
        return _contributions_in_general(node, g)


def _contributions_in_general(node: Node, g: Any) -> list[Contribution]:
    """`contributions` for any number of operands, static parameters, hand-written ops, division by 0."""
    if isinstance(node.op, HandWritten):
        return node.op.contributions(node, g)
    many = type(node._x) is tuple
    nodes = node._x if many else (node._x, node._y)
    data = node._x_data if many else (node._x_data, node._y_data)[: node.op.arity]
    try:
        return _apply_rules(node, nodes, g, node._data, data)
    except ZeroDivisionError:
        # Python's floats raise where IEEE 754 goes on with inf or nan; Float goes on.
        ieee_data = [d if d is None else Float(d) for d in data]
        return [(n, float(c)) for n, c in _apply_rules(node, nodes, Float(g), Float(node._data), ieee_data)]


def _apply_rules(
    node: Node, nodes: Sequence[Node | None], g: Any, out: Any, data: Sequence[Any]
) -> list[Contribution]:
    rules = node.op.vjps
    params = node.params or {}
    return [
        (operand, rule(g, out, *data, **params))
        for operand, rule in zip(nodes, rules, strict=False)
        if operand is not None and rule is not None
    ]


def sweep(order: Sequence[Node], seed: Any) -> dict[Node, Any]:
    """The gradient of `order[-1]`, times `seed`, by every node that it depends on.

    Args:
        order: A topological order, inputs before users.
        seed: The gradient that enters at the root, 1.0 for a plain derivative.
    """
    gradients: dict[Node, Any] = {order[-1]: seed}
    for node in reversed(order):
        if node.op is None or node not in gradients:
            continue
        for operand, contribution in contributions(node, gradients[node]):
            # A node with several users receives the sum of what each hands back: the += of the multivariate
            # chain rule.
            received = gradients.get(operand)
            gradients[operand] = contribution if received is None else received + contribution
    return gradients


def backward(root: Node, seed: Any) -> None:
    """Fill `.grad` of all that `root` depends on: leaves accumulate over calls, interior nodes start anew."""
    gradients = sweep(topological_order(root), seed)
    settled = [
        g if node.op is not None or node.grad is None else node.grad + g for node, g in gradients.items()
    ]
    # One call into C, in which no signal handler gets a turn: after a Ctrl-C either all gradients are new or
    # none is.
    deque(map(Node.grad.__set__, gradients, settled), maxlen=0)


def local_backward(node: Node) -> None:
    """Hand `node.grad` on to the inputs of this one node, as micrograd's `node._backward()` does."""
    if node.op is None:
        return
    for operand, contribution in list(contributions(node, node.grad)):
        operand.grad += contribution
