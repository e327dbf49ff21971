"""The graph that running code records, and the one order in which everybody walks it.

A `Node` is a result that remembers how it came to be: the primitive that computed it, the nodes that it read,
and the data that they held *at that moment*. Since a node keeps what it read, writing a new number into a
leaf later can't falsify the gradient of an expression that has already run.

The two operands that nearly every primitive has lie in slots of their own rather than in a tuple: a step of
training records tens of thousands of nodes, and each further container is one more for Python's collector to
visit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any


class Node:
    """A recorded result: data and gradient, and how it was computed. `Value` and `Tensor` are the two kinds.

    Attributes:
        grad: The gradient, filled by `backward()`.
        label: A name for pictures and messages.
        op: The primitive (an `Op`) that computed this node; None for a leaf.
        params: The primitive's static settings; None marks the plain case, a primitive of floats with one or two
            operands and no settings, which the sweep takes a short way.
    """

    # _x, _y: the operand nodes; _y is None for a plain constant. _x_data, _y_data: what they held when the op ran.
    # A primitive of three or more operands, or whose first is a constant, keeps tuples in _x and _x_data, in which None
    # stands for a constant, and nothing in _y and _y_data.
    __slots__ = ("__dict__", "_data", "_x", "_x_data", "_y", "_y_data", "grad", "label", "op", "params")

    _data: Any
    _x: Any
    _x_data: Any
    _y: Any
    _y_data: Any
    grad: Any
    label: str
    op: Any
    params: dict[str, Any] | None
    _requires_grad: bool
    _no_gradient: float | None = None  # what `grad` is before the first backward pass
    _hooks: tuple[Any, ...] | None = None
    _is_probe = False  # whether it is a leaf that a transform made, such as a seed, and no parameter of anybody's
    _is_traced = False  # whether it has no data yet, but stands for what a program will compute

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes that this one was computed from, in order; `a + a` has two. Constants aren't nodes."""
        operands = self._x if type(self._x) is tuple else (self._x, self._y)
        return tuple(node for node in operands if node is not None)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        # Pictures stand far above the graph, and are imported when the first one is looked at.
        from micrograd.engine.viz.notebook.nodes import node_card

        return node_card(self)

    # What follows differs between the two kinds of node, and each of them says it.

    def _match(self, g: Any) -> Any:
        """A contribution in this node's shape and type."""
        raise NotImplementedError

    def _accumulated(self, g: Any, is_unshared: bool) -> Any:
        """This leaf's gradient with `g` added, which may be kept as it is if nobody else holds it."""
        raise NotImplementedError

    def _spread(self, tangent: Any) -> Any:
        """A tangent in this node's shape."""
        raise NotImplementedError

    def _probe(self) -> Node:
        """A new leaf like this node, of zeros."""
        raise NotImplementedError

    def _differs_from(self, data: Any) -> bool:
        """Whether this leaf holds other data by now."""
        raise NotImplementedError


_set_grad = Node.grad.__set__
_exhaust = deque[None](maxlen=0).extend  # the fastest way to go through an iterator and keep nothing


def set_gradients(nodes: Iterable[Node], gradients: Iterable[Any]) -> None:
    """Write the gradients of many nodes, all or none.

    It is a single call into C, in which no signal handler gets a turn: Ctrl-C comes before or after.
    """
    _exhaust(map(_set_grad, nodes, gradients))


def topological_order(root: Node, stop: Iterable[Node] = ()) -> list[Node]:
    """Every node that `root` depends on, each once, inputs before the nodes that use them, `root` last.

    Why an order at all: a node may pass its gradient on only when all of its users have handed theirs in, so
    the sweep goes through this list backwards. Iterative, so that depth is bounded by memory and not by
    Python's stack; the order follows from the expression alone, not from where objects happen to lie in
    memory.

    Args:
        root: Where to start.
        stop: Nodes that are not to be entered, nor anything that is reached through them alone.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(2.0, label="a")
        >>> b = a * a
        >>> [node.label or node.op.symbol for node in topological_order(b + a)]
        ['a', '*', '+']
    """
    order: list[Node] = []
    seen: set[Node] = set(stop)
    stack: list[Any] = [root]
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        if node is None:
            # A None marks that all inputs of the node beneath it are in the order by now.
            order.append(pop())
        elif node not in seen:
            seen.add(node)
            if node.op is None:
                order.append(node)
                continue
            x, y = node._x, node._y
            if y is not None:
                stack += (node, None, y, x)
            elif x.__class__ is tuple:
                stack += (node, None)
                for operand in reversed(x):
                    if operand is not None:
                        push(operand)
            else:
                stack += (node, None, x)
    return order
