"""What is called beside a training: after a step, after an epoch, at the beginning and at the end."""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.training.runs import Run
from micrograd.nn.validation import nonnegative, whole_number


class Callback:
    """Base of what `fit(callbacks=[...])` calls; a subclass overrides what it needs.

    Any object that has some of these methods serves as well. One that also has `state_dict` and `load_state_dict` is
    part of a checkpoint.

    Example:
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> class Print(Callback):
        ...     def on_epoch(self, run):
        ...         print(f"epoch {run.epoch}: {run.step} steps")
        >>> model = MLP(1, [1])
        >>> data = [[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0]
        >>> optimizer = SGD(model.parameters(), lr=0.01)
        >>> _ = fit(model, data, mse_loss, optimizer, epochs=2, batch_size=2, callbacks=[Print()], progress=False)
        epoch 1: 2 steps
        epoch 2: 4 steps
    """

    def on_begin(self, run: Run) -> None:
        """Before the first step of this call of `fit`."""

    def on_step(self, run: Run) -> None:
        """After each step."""

    def on_epoch(self, run: Run) -> None:
        """After each pass through the data, once the validation data were looked at."""

    def on_end(self, run: Run) -> None:
        """After the last step, unless an error ends the training."""


class EarlyStopping(Callback):
    """End the training when a measure stops getting better, and have the weights of its best epoch back.

    Args:
        monitor: What is watched, of the validation data if there are any, else the mean over the epoch: "loss", or the
            name of a metric.
        patience: How many epochs in a row may be no better.
        min_delta: By how much better counts.
        mode: "min" if small is good, "max" if large is; unless given, "min" for the loss and "max" for a metric.
        restore_best: Whether the model gets the weights of the best epoch at the end.

    Attributes:
        best: The best measure so far.
        best_step: After how many steps it was measured.

    Raises:
        MicrogradValueError: If a setting makes no sense, or nothing of that name is recorded.

    Example:
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> model, data = MLP(1, [1]), ([[1.0], [2.0]], [1.0, 2.0])
        >>> stopping, optimizer = EarlyStopping(patience=2), SGD(model.parameters(), lr=0.0)
        >>> len(fit(model, data, mse_loss, optimizer, epochs=100, callbacks=[stopping], progress=False))
        3

    Reference: Prechelt, "Early stopping - but when?" (1998).
    """

    def __init__(
        self,
        monitor: str = "loss",
        patience: int = 10,
        min_delta: float = 0.0,
        mode: str | None = None,
        restore_best: bool = True,
    ) -> None:
        example = 'EarlyStopping("loss", patience=10)'
        if mode not in (None, "min", "max"):
            raise MicrogradValueError(f"mode={mode!r} is min or max. Write {example}.")
        self.monitor, self.restore_best = monitor, restore_best
        self.patience = whole_number(patience, "patience", example)
        self.min_delta = nonnegative(min_delta, "min_delta", example)
        self._sign = -1.0 if mode == "max" or (mode is None and monitor != "loss") else 1.0
        self.best, self.best_step, self._bad = math.inf * self._sign, 0, 0
        self._weights: Any = None

    def on_epoch(self, run: Run) -> None:
        """Compare, and stop if it is time."""
        number = self._measure(run)
        if self._sign * number < self._sign * self.best - self.min_delta:
            self.best, self.best_step, self._bad = number, run.step, 0
            self._weights = run.model.state_dict() if self.restore_best else None
        else:
            self._bad += 1
        if self._bad >= self.patience:
            run.is_stopped = True

    def on_end(self, run: Run) -> None:
        """Give the model its best weights."""
        if self._weights is not None:
            run.model.load_state_dict(self._weights)

    def _measure(self, run: Run) -> float:
        history = run.history
        if self.monitor in history.validation:
            return history.validation[self.monitor][-1]
        recorded = {"loss": history.loss, **history.metrics}
        if self.monitor not in recorded:
            raise MicrogradValueError(
                f"EarlyStopping watches {self.monitor!r}, but what is recorded is {', '.join(recorded)}. Write "
                'EarlyStopping("loss"), or give fit() that metric.'
            )
        epoch = recorded[self.monitor][-len(run.batches) :]
        return sum(epoch) / len(epoch)

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on."""
        return {"best": self.best, "best_step": self.best_step, "bad": self._bad, "weights": self._weights}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave."""
        self.best, self.best_step = float(state["best"]), int(state["best_step"])
        self._bad, self._weights = int(state["bad"]), state["weights"]
