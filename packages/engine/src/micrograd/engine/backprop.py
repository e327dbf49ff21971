"""The reverse sweep: one walk through the recorded graph that gives the gradient of the root by every node.

All of it is this loop, from the root back to the leaves:

    gradients = {root: 1.0}
    for node in reversed(topological_order(root)):
        for operand, contribution in contributions(node, gradients[node]):
            gradients[operand] = gradients.get(operand, 0.0) + contribution

`contributions` is the chain rule at a single node, and the only place where a vjp rule is applied. `sweep` is
the loop, with the most frequent kind of node spelled out for speed. `backward` runs the sweep and puts the
result into `.grad`.

The sweep keeps its sums to itself until it is through, so that a backward pass that fails (an exception in a
hand-written `_backward`, Ctrl-C) leaves every `.grad` as it was.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.errors import GraphError
from micrograd.engine.graph import Node, set_gradients, topological_order
from micrograd.engine.observing.listeners import listeners, tell
from micrograd.engine.observing.recording import visitor, watchers
from micrograd.engine.ops.explanations import REFUSALS, raise_unfit
from micrograd.engine.ops.ieee import Float

Contribution = tuple[Node, Any]


def contributions(node: Node, g: Any) -> list[Contribution]:
    """What each input of `node` receives when the gradient `g` arrives at `node`: local derivative times `g`.

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> [(operand.label, received) for operand, received in contributions(a * b, 10.0)]
        [('a', -30.0), ('b', 20.0)]
    """
    op, params = node.op, node.params
    if isinstance(op, HandWritten):
        return op.contributions(node, g)
    nodes, data = (node._x, node._x_data) if node._x.__class__ is tuple else operands_of(node)
    out: Any = node._data
    if isinstance(g, Node):
        # The gradient is to be differentiated again: the rules run on nodes, and so are recorded themselves.
        out, data = node, as_nodes(nodes, data)
    found = []
    for place, rule in enumerate(op.vjps or op.rules(len(nodes))):
        operand = nodes[place]
        if rule is not None and operand is not None and operand._requires_grad:
            try:  # `apply_rule`, spelled out
                received = rule(g, out, *data, **params) if params else rule(g, out, *data)
            except ZeroDivisionError:
                received = _in_ieee(rule, g, out, data, params)
            try:
                found.append((operand, operand._match(received)))
            except REFUSALS as error:
                raise_unfit(op.name, place, received, operand._data, error)
    return found


def operands_of(node: Node) -> tuple[Sequence[Node | None], Sequence[Any]]:
    """A computed node's operands, None for a constant, and the data that they held."""
    if type(node._x) is tuple:
        return node._x, node._x_data
    if node._y_data is None:
        return (node._x,), (node._x_data,)
    return (node._x, node._y), (node._x_data, node._y_data)


def apply_rule(rule: Any, g: Any, out: Any, operands: Sequence[Any], params: dict[str, Any] | None) -> Any:
    """Call a vjp rule; if it divides by zero, once more in IEEE 754 arithmetic."""
    try:
        return rule(g, out, *operands, **params) if params else rule(g, out, *operands)
    except ZeroDivisionError:
        return _in_ieee(rule, g, out, operands, params)


def _in_ieee(rule: Any, g: Any, out: Any, operands: Sequence[Any], params: dict[str, Any] | None) -> float:
    """A rule where Python's floats raise and IEEE 754 goes on with inf or nan: Float goes on."""
    return float(rule(Float(g), Float(out), *map(Float, operands), **(params or {})))


def as_nodes(nodes: Sequence[Node | None], data: Sequence[Any]) -> list[Any]:
    """The operands for a rule that is to be recorded itself: as nodes, plain constants as they are."""
    return [_as_recorded(node, d) for node, d in zip(nodes, data, strict=True)]


def _as_recorded(node: Node | None, data: Any) -> Any:
    if node is None:
        return data
    if node.op is None and node._differs_from(data):
        raise GraphError(
            "create_graph=True: the data of a leaf was written after the expression ran, so the gradient can't be "
            "expressed in it any more. Run the expression again, then backward(create_graph=True)."
        )
    return node


def sweep(order: Sequence[Node], seed: Any) -> dict[Node, Any]:  # noqa: C901 - the plain case is spelled out
    """The gradient of `order[-1]`, times `seed`, by every node that it depends on.

    A node with several users receives the sum of what each hands back: the += of the multivariate chain rule.

    Args:
        order: A topological order, inputs before users.
        seed: The gradient that enters at the root, 1.0 for a plain derivative.
    """
    if watchers and (visit := visitor(order)) is not None:
        return _watched_sweep(visit, order, seed)
    gradients: dict[Node, Any] = {order[-1]: seed}
    so_far = gradients.get
    for node in reversed(order):
        g = so_far(node)
        if g is None:
            continue
        if node._hooks:
            g = gradients[node] = _after_hooks(node, g)
        if node.op is None:
            continue
        if node.params is None and type(g) is float:
            # The plain case of `contributions`, spelled out: most of the time that training takes is spent here.
            x, y, rules = node._x, node._y, node.op.vjps
            out, x_data, y_data = node._data, node._x_data, node._y_data
            try:
                if y_data is None:
                    to_x = rules[0](g, out, x_data)
                else:
                    to_x = rules[0](g, out, x_data, y_data)
                    to_y = rules[1](g, out, x_data, y_data) if y is not None else None
            except ZeroDivisionError:
                pass  # below, in IEEE 754 arithmetic
            else:
                before = so_far(x)
                gradients[x] = to_x if before is None else before + to_x
                if y is not None:
                    before = so_far(y)
                    gradients[y] = to_y if before is None else before + to_y
                continue
        for operand, contribution in contributions(node, g):
            before = so_far(operand)
            gradients[operand] = contribution if before is None else before + contribution
    return gradients


def _watched_sweep(visit: Callable[..., Any], order: Sequence[Node], seed: Any) -> dict[Node, Any]:
    """The same sweep, without the short way, and with each node going through the watcher's `visit`."""
    gradients: dict[Node, Any] = {order[-1]: seed}
    for node in reversed(order):
        g = gradients.get(node)
        if g is None:
            continue
        if node._hooks:
            g = gradients[node] = _after_hooks(node, g)
        for operand, contribution in visit(node, g, partial(_passed_on, node, g)):
            before = gradients.get(operand)
            gradients[operand] = contribution if before is None else before + contribution
    return gradients


def _passed_on(node: Node, g: Any) -> list[Contribution]:
    return [] if node.op is None else contributions(node, g)


def _after_hooks(node: Node, g: Any) -> Any:
    """The complete gradient of a node after its hooks had their say."""
    for hook in node._hooks or ():
        replaced = hook(g)
        g = g if replaced is None else node._match(replaced)
    return g


# A Python that doesn't count references has none that is unshared: nan equals nothing.
_references = getattr(sys, "getrefcount", lambda _: math.nan)


def _references_of_one_name() -> float:
    g = object()
    return float(_references(g))


_UNSHARED = _references_of_one_name()  # those of a gradient that nobody holds but `backward`


def backward(root: Node, seed: Any) -> None:
    """Fill `.grad` of all that `root` depends on: leaves accumulate over calls, interior nodes start anew."""
    order = topological_order(root)
    gradients = sweep(order, seed)
    for leaf in [node for node in gradients if node.op is None]:
        g = gradients.pop(leaf)
        is_unshared = _references(g) == _UNSHARED
        gradients[leaf] = leaf._accumulated(g, is_unshared)
    if listeners:
        _written_and_told(root, gradients)
    else:
        # Nothing comes after it: an interrupt finds all gradients as they were, or all of them new.
        set_gradients(gradients, gradients.values())


def _written_and_told(root: Node, gradients: dict[Node, Any]) -> None:
    set_gradients(gradients, gradients.values())
    tell("swept", root)


def local_backward(node: Node) -> None:
    """Hand `node.grad` on to the inputs of this one node, as micrograd's `node._backward()` does."""
    if node.op is None:
        return
    for operand, contribution in contributions(node, node.grad):
        operand.grad += contribution
