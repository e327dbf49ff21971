"""`Loss`: a loss as a module. Its settings are given once, and a call takes the numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.ops.neural.checks import require_choice
from micrograd.nn.losses import arrays
from micrograd.nn.module import Module


class Loss(Module):
    """Base of the losses: a function with settings.

    A setting is an attribute and may be written, `loss.reduction = "sum"`; weights are buffers, as in PyTorch.

    Args:
        function: Takes the numbers, then the settings by name.
        **given: The settings.

    Raises:
        MicrogradTypeError: If weights aren't numbers.
        MicrogradValueError: If the reduction is none that there is.
    """

    def __init__(self, function: Callable[..., Any], **given: Any) -> None:
        reductions = ("mean", "sum", "none", *(("batchmean",) if function is arrays.kl_div else ()))
        require_choice(type(self).__name__, "reduction", given.get("reduction", "mean"), reductions)
        self.function, self._names = function, tuple(given)
        for name, value in given.items():
            if name in ("weight", "pos_weight"):
                self.register_buffer(name, _weights(value, name, type(self).__name__))
            else:
                setattr(self, name, value)

    def forward(self, *numbers: Any, **named: Any) -> Any:
        """The loss; the numbers may be given by name, `loss(input=logits, target=labels)`."""
        return self.function(*numbers, **named, **self._given())

    def settings(self) -> str:
        """Those that were given."""
        return ", ".join(f"{name}={value!r:.40}" for name, value in self._given().items() if value is not None)

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._names}


def _weights(given: Any, name: str, loss: str) -> Any:
    """Weights as an array, or None."""
    array = None if given is None else np.asarray(getattr(given, "_data", given))
    if array is not None and array.dtype.kind not in "fiu":
        raise MicrogradTypeError(
            f"{name} is an array of numbers, not {kind_of(given)}: {given!r:.60}. Write "
            f"{loss}({name}=np.array([1.0, 2.0]))."
        )
    return array
