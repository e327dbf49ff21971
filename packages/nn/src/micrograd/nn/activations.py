"""What a neuron does to its weighted sum: a name of the engine's table, or any function of one's own."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.choices import flat
from micrograd.engine.ops.op import OPS, Op
from micrograd.engine.value import Value

Activation = Callable[[Any], Any]

ELEMENTWISE = {
    name: op for name, op in OPS.items() if len(op.vjps) == 1 and op.vjps[0] is not flat and hasattr(Value, name)
}
"""The primitives of the engine's table that take one number and have a derivative other than 0, by name."""


class Elementwise:
    """A function of the engine as an activation, for Values, floats and whatever else the engine takes.

    Example:
        >>> from micrograd.engine import Value
        >>> relu = Elementwise(ELEMENTWISE["relu"])
        >>> relu(Value(-2.0)), relu(3.0)
        (Value(data=0.0, grad=0.0), 3.0)
    """

    def __init__(self, op: Op) -> None:
        self.op = op
        self._of_value = getattr(Value, op.name)

    def __call__(self, x: Any) -> Any:
        """Apply the function."""
        # The method skips the engine's search for who interprets the call: a tenth of a training step.
        return self._of_value(x) if x.__class__ is Value else self.op(x)

    def __repr__(self) -> str:
        return self.op.name

    def __reduce__(self) -> tuple[type[Elementwise], tuple[Op]]:
        return Elementwise, (self.op,)


def as_activation(activation: str | Activation | None) -> Activation | None:
    """The function that `activation=` stands for; None is for none at all.

    Args:
        activation: A name such as "relu" or "tanh", a function from one Value to another, or None.

    Raises:
        MicrogradValueError: The engine has no elementwise function of that name.
        MicrogradTypeError: It is neither a name nor a function.

    Example:
        >>> as_activation("tanh")
        tanh
    """
    if isinstance(activation, str):
        return Elementwise(_named(activation))
    if isinstance(activation, Op) and activation.name in ELEMENTWISE:
        return Elementwise(activation)
    if activation is None or callable(activation):
        return activation
    raise MicrogradTypeError(
        f"an activation is a name or a function, but was given the {type(activation).__name__} "
        f'{activation!r:.60}. Write activation="relu", activation=my_function, or activation=None for none.'
    )


def activation_name(activation: Activation | None) -> str:
    """How a repr calls it, in camel case: ReLU, Tanh, LeakyRelu, and Linear for none.

    Example:
        >>> activation_name(as_activation("relu")), activation_name(None)
        ('ReLU', 'Linear')
    """
    if activation is None:
        return "Linear"
    if isinstance(activation, Elementwise):
        name = activation.op.symbol
    else:
        name = getattr(activation, "__name__", type(activation).__name__)
    return "".join(part[:1].upper() + part[1:] for part in name.strip("<>").split("_"))


def _named(name: str) -> Op:
    if name in ELEMENTWISE:
        return ELEMENTWISE[name]
    near = difflib.get_close_matches(name.lower(), ELEMENTWISE, n=1)
    advice = f'Did you mean activation="{near[0]}"?' if near else 'Write activation="relu", or give a function.'
    raise MicrogradValueError(f"no activation is called {name!r:.60}. {advice} Names: {', '.join(ELEMENTWISE)}.")
