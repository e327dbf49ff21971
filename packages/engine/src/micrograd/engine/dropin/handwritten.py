"""Ops that a user wrote by hand, in micrograd's manner.

    out = Value(math.tanh(x.data), (x,), "tanh")
    def _backward():
        x.grad += (1 - out.data**2) * out.grad
    out._backward = _backward

Such a closure reads `out.grad` and adds into its inputs' `.grad` itself. The sweep wants contributions handed
back instead, so it lends the closure clean gradients, reads off what was added, and puts everything back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import GraphError
from micrograd.engine.graph import Node, set_gradients
from micrograd.engine.ops.op import Op


class HandWritten(Op):
    """The op of one node whose backward is the user's own closure; it isn't in the table.

    Attributes:
        backward: The closure, or None as long as none was assigned.
    """

    __slots__ = ("backward",)

    def __init__(self, symbol: str, backward: Callable[[], None] | None = None) -> None:
        self.name = self.symbol = symbol
        self.backward = backward
        self.vjps = ()

    def __reduce__(self) -> tuple[Any, ...]:
        raise GraphError(
            f"a node with a hand-written _backward (op {self.symbol!r}) can't be copied or pickled: its "
            "closure holds on to the original nodes. Copy the leaves and run the expression again."
        )

    def contributions(self, node: Node, g: Any) -> list[tuple[Node, Any]]:
        """Run the closure with `node.grad = g` and zeroed inputs, and return what each input received."""
        if self.backward is None:
            raise GraphError(
                f"{node!r} was made by hand (op {self.symbol!r}) but has no _backward, so its gradient would "
                "be lost. Assign one before calling backward(): out._backward = _backward"
            )
        inputs = list(dict.fromkeys(node.inputs))
        touched = [node, *inputs]
        saved = [n.grad for n in touched]
        try:
            set_gradients(inputs, [0.0] * len(inputs))
            node.grad = g
            self.backward()
            received = [(n, n.grad) for n in inputs]
            set_gradients(touched, saved)
        except BaseException:
            set_gradients(touched, saved)
            raise
        return received
