"""The names by which code written for micrograd 0.1.0 knows the graph: `_children`, `_prev`, `_op` and `_backward`.

They are what makes a `Value` a drop-in for micrograd's. `handwritten.py` holds the op that such code makes when it
assigns `_backward`.
"""

from __future__ import annotations

from collections.abc import Callable, KeysView
from functools import partial
from typing import Any

from micrograd.engine import backprop
from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.errors import GraphError, MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.ops.elementwise import pow


class MicrogradNames(Node):
    """A node with micrograd's names for its inputs, its op and its part of the backward pass.

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(2.0), Value(-3.0)
        >>> product = a * b
        >>> product._op, product._prev == {a, b}
        ('*', True)
    """

    __slots__ = ()

    @property
    def _prev(self) -> KeysView[Node]:
        """The nodes that this one was computed from, each once: a set that keeps its order."""
        return dict.fromkeys(self.inputs).keys()

    @property
    def _op(self) -> str:
        """The symbol of the op that computed this node, '' for a leaf."""
        if self.op is None:
            return ""
        if self.op is pow and self._y is None:
            return f"**{self._y_data!r}".removesuffix(".0")
        return str(self.op.symbol)

    @property
    def _backward(self) -> Callable[[], None]:
        """Hands this node's `.grad` on to its inputs; assign a closure to define an op by hand."""
        if isinstance(self.op, HandWritten) and self.op.backward is not None:
            return self.op.backward
        return partial(backprop.local_backward, self)

    @_backward.setter
    def _backward(self, closure: Callable[[], None]) -> None:
        if not self.inputs:
            raise GraphError(
                "a Value with no inputs has nothing to hand its gradient on to. Make it with the Values that it was "
                "computed from, out = Value(data, (a, b), 'op'), then assign out._backward."
            )
        self._record_by_hand(self.inputs, HandWritten(self._op, closure))

    def _record_by_hand(self, children: tuple[Any, ...], op: HandWritten) -> None:
        """Make this the result of an op written by hand.

        Raises:
            MicrogradTypeError: If a child isn't a Value.
        """
        for child in children:
            if not isinstance(child, MicrogradNames):
                raise MicrogradTypeError(
                    f"_children holds the Values that this one was computed from, but has a "
                    f"{type(child).__name__}: {child!r:.60}. A name goes into label: Value(data, label='x')."
                )
        self.op = op
        self._x = children
        self._x_data = tuple(child._data for child in children)
        self._y = self._y_data = None
        self.params = {}
