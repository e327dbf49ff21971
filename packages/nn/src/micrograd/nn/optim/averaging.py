"""`WeightAverage`: a running mean of a model's weights, which often does better than the last ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.module import Module
from micrograd.nn.validation import real_number


class WeightAverage:
    """An exponential moving average (EMA) of the parameters: mean = decay * mean + (1 - decay) * parameter.

    It is a callback of `fit` as well, which updates it after each step, and keeps it in a checkpoint.

    Args:
        model: Whose parameters are averaged; buffers are taken as they are.
        decay: How much of the mean stays at each update, below 1.

    Raises:
        MicrogradValueError: If the decay isn't in [0, 1).

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import Neuron
        >>> model = Neuron(1)
        >>> model.w[0].data = 1.0
        >>> average = WeightAverage(model, decay=0.5)
        >>> model.w[0].data = 2.0
        >>> average.update()
        >>> with average.applied():
        ...     print(model.w[0].data)
        1.5
        >>> model.w[0].data
        2.0

    Reference: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992), with a window.
    """

    def __init__(self, model: Module, decay: float = 0.999) -> None:
        if not hasattr(model, "named_parameters"):
            raise MicrogradTypeError(
                f"an average is taken of a model, but was given {kind_of(model)}. Write WeightAverage(model)."
            )
        self.model = model
        self.decay = real_number(decay, "decay", "WeightAverage(model, decay=0.999)")
        if not 0.0 <= self.decay < 1.0:
            raise MicrogradValueError(f"decay is at least 0 and below 1, but is {decay}. Write decay=0.999.")
        self._means = {name: _copied(p._data) for name, p in model.named_parameters()}

    def update(self) -> None:
        """Take the parameters of now into the mean; after each `optimizer.step()`."""
        keep = self.decay
        before = self._means
        self._means = {
            name: keep * before[name] + (1.0 - keep) * p._data if name in before else _copied(p._data)
            for name, p in self.model.named_parameters()
        }

    def on_step(self, run: Any) -> None:
        """The same, called by `fit(..., callbacks=[average])` after each step."""
        self.update()

    @contextmanager
    def applied(self) -> Iterator[Module]:
        """Have the model compute with the mean inside the `with`, and with its own parameters after it."""
        own = self.model.state_dict()
        self.model.load_state_dict(self._means, strict=False)
        try:
            yield self.model
        finally:
            self.model.load_state_dict(own)

    def state_dict(self) -> dict[str, Any]:
        """The means, by the names of the parameters."""
        return {name: _copied(mean) for name, mean in self._means.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave.

        Raises:
            MicrogradValueError: If it has other names or shapes; nothing is changed then.
        """
        shapes = {name: getattr(mean, "shape", ()) for name, mean in self._means.items()}
        if {name: getattr(mean, "shape", ()) for name, mean in state.items()} != shapes:
            raise MicrogradValueError("the means are of another model: their names or shapes differ from those here.")
        self._means = {name: _copied(mean) for name, mean in state.items()}


def _copied(data: Any) -> Any:
    return data.copy() if hasattr(data, "copy") else data
