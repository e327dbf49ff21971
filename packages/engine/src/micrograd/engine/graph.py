"""The graph that running code records, and the one order in which everybody walks it.

A `Node` is a result that remembers how it came to be: the primitive that computed it, the nodes that it read,
and the data that they held *at that moment*. Since a node keeps what it read, writing a new number into a
leaf later can't falsify the gradient of an expression that has already run.

The two operands that nearly every primitive has lie in slots of their own rather than in a tuple: a step of
training records tens of thousands of nodes, and each further container is one more for Python's collector to
visit.
"""

from __future__ import annotations

from typing import Any, cast


class Node:
    """A recorded result: data and gradient, and how it was computed. `Value` and `Tensor` are the two kinds.

    Attributes:
        grad: The gradient, filled by `backward()`.
        label: A name for pictures and messages.
        op: The primitive (an `Op`) that computed this node; None for a leaf.
        params: The primitive's static parameters, or None if it has none.
    """

    # _x, _y: the operand nodes, None for a plain constant. _x_data, _y_data: what they held when the op ran.
    # A primitive of three or more operands keeps tuples in _x and _x_data, and nothing in _y and _y_data.
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

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes that this one was computed from, in order; `a + a` has two. Constants aren't nodes."""
        operands = self._x if type(self._x) is tuple else (self._x, self._y)
        return tuple(node for node in operands if node is not None)


def topological_order(root: Node) -> list[Node]:
    """Every node that `root` depends on, each once, inputs before the nodes that use them, `root` last.

    Why an order at all: a node may pass its gradient on only when all of its users have handed theirs in, so
    the sweep goes through this list backwards. Iterative, so that depth is bounded by memory and not by
    Python's stack; the order follows from the expression alone, not from where objects happen to lie in
    memory.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(2.0, label="a")
        >>> b = a * a
        >>> [node.label or node.op.symbol for node in topological_order(b + a)]
        ['a', '*', '+']
    """
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[Node | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:
            # A None marks that all inputs of the node beneath it are in the order by now.
            order.append(cast(Node, stack.pop()))
        elif node not in seen:
            seen.add(node)
            if node.op is None:
                order.append(node)
                continue
            stack += (node, None)
            x, y = node._x, node._y
            if type(x) is tuple:
                stack += [operand for operand in reversed(x) if operand is not None]
                continue
            if y is not None:
                stack.append(y)
            if x is not None:
                stack.append(x)
    return order
