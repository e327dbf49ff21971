"""What a compiled function returns: Values and Tensors whose `backward()` runs the compiled program."""

from __future__ import annotations

from typing import Any

from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.errors import GraphError
from micrograd.engine.graph import Node


class Seeds:
    """The gradients that have reached some outputs of a call."""

    def __init__(self, parts: dict[Any, Any]) -> None:
        self.parts = parts

    def __add__(self, other: Seeds) -> Seeds:
        parts = dict(self.parts)
        for place, g in other.parts.items():
            parts[place] = parts[place] + g if place in parts else g
        return Seeds(parts)


class CallOp(HandWritten):
    """The op of a call of a compiled function: takes the gradients of its outputs, gives those of its inputs."""

    __slots__ = ("pull_back",)

    def __init__(self, pull_back: Any) -> None:
        super().__init__("jit")
        self.pull_back = pull_back

    def contributions(self, node: Node, g: Any) -> list[tuple[Node, Any]]:
        """The gradient of each input."""
        return self.pull_back(g)  # type: ignore[no-any-return]


class OutputOp(HandWritten):
    """The op of one output of a call: hands its gradient to the call, under the place where it was found."""

    __slots__ = ("place",)

    def __init__(self, place: Any) -> None:
        super().__init__("jit")
        self.place = place

    def contributions(self, node: Node, g: Any) -> list[tuple[Node, Any]]:
        """All to the call."""
        if isinstance(g, Node):
            raise GraphError(
                "backward(create_graph=True) through a compiled function: its program isn't recorded, so it can't be "
                "differentiated again. Compile the derivative instead, jit(grad(f)), or call f without jit."
            )
        return [(node._x[0], Seeds({self.place: g}))]


class Call(Node):
    """A call of a compiled function, between its inputs and its outputs."""

    __slots__ = ()
    _requires_grad = True

    def __init__(self, pull_back: Any, inputs: tuple[Node, ...], held: tuple[Any, ...]) -> None:
        self.op = CallOp(pull_back)
        self._data = self.grad = None
        self.label = ""
        self._x, self._x_data = inputs, held
        self._y = self._y_data = None
        self.params = {}

    def _accumulated(self, g: Any, is_unshared: bool) -> Any:
        return g


def output_of(call: Call, node: Any, place: Any) -> Any:
    """A result, a leaf until now, made the output of a call."""
    node.op = OutputOp(place)
    node._x, node._x_data = (call,), (None,)
    node._y = node._y_data = None
    node.params = {}
    if hasattr(type(node), "_exposed"):
        node._requires_grad = True
    return node
