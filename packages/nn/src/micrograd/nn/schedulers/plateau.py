"""`ReduceLROnPlateau`: the rate drops when a measure stops getting better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.schedulers.base import HasLearningRate, groups_of, rate_of_each_group, require_groups
from micrograd.nn.validation import nonnegative, whole_number


class ReduceLROnPlateau:
    """The rate times `factor` when `step(measure)` has been given nothing better for more than `patience` times.

    Args:
        optimizer: Whose rate is set.
        mode: "min" if small is good, as of a loss; "max" as of an accuracy.
        factor: What the rate is multiplied by, below 1.
        patience: How many times in a row may be no better.
        threshold: By how much better counts.
        threshold_mode: "rel" for a share of the best so far, "abs" for a difference.
        cooldown: How many times nothing counts after a drop.
        min_lr: The rate doesn't go below; a list for one for each group of parameters.
        eps: Drops smaller than this aren't made.

    Attributes:
        best: The best measure so far.
        num_bad_epochs: How many times in a row weren't better.

    Raises:
        MicrogradValueError: If a setting makes no sense.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(0.0)], lr=1.0)
        >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
        >>> for loss in (3.0, 2.0, 2.0, 2.0):
        ...     schedule.step(loss)
        >>> optimizer.lr
        0.5
    """

    def __init__(
        self,
        optimizer: HasLearningRate,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        example = 'ReduceLROnPlateau(optimizer, mode="min", factor=0.1, patience=10)'
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs") or not 0.0 <= factor < 1.0:
            raise MicrogradValueError(
                f"mode={mode!r} is min or max, threshold_mode={threshold_mode!r} rel or abs, and factor={factor} below "
                f"1. Write {example}."
            )
        self.optimizer = optimizer
        self._groups = groups_of(optimizer)
        self.mode, self.factor, self.threshold_mode = mode, factor, threshold_mode
        self.patience = whole_number(patience, "patience", example, least=0)
        self.cooldown = whole_number(cooldown, "cooldown", example, least=0)
        self.threshold = nonnegative(threshold, "threshold", example)
        self.min_lrs = rate_of_each_group(min_lr, "min_lr", optimizer, example)
        self.eps = nonnegative(eps, "eps", example)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0

    def step(self, measure: float) -> None:
        """Look at the measure of an epoch; nan counts as no better."""
        number = _number(measure)
        require_groups(self._groups, self.optimizer, type(self).__name__)
        self.last_epoch += 1
        if self._is_better(number):
            self.best, self.num_bad_epochs = number, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._drop()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _is_better(self, number: float) -> bool:
        sign = 1.0 if self.mode == "min" else -1.0
        if self.threshold_mode == "abs":
            return sign * number < sign * self.best - self.threshold
        if math.isinf(self.best):
            return sign * number < sign * self.best
        return sign * number < sign * (self.best * (1.0 - sign * self.threshold))

    def _drop(self) -> None:
        for group, floor in zip(self._groups, self.min_lrs, strict=True):
            rate = max(group.lr * self.factor, floor)
            if group.lr - rate > self.eps:
                group.lr = rate

    def get_last_lr(self) -> list[float]:
        """The rate in use of each group of parameters, as in PyTorch."""
        return [group.lr for group in self._groups]

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on."""
        names = ("best", "num_bad_epochs", "cooldown_counter", "last_epoch")
        return {**{name: getattr(self, name) for name in names}, "lrs": self.get_last_lr()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave."""
        for group, rate in zip(self._groups, state["lrs"], strict=True):
            group.lr = rate
        self.best, self.num_bad_epochs = float(state["best"]), int(state["num_bad_epochs"])
        self.cooldown_counter, self.last_epoch = int(state["cooldown_counter"]), int(state["last_epoch"])


def _number(measure: Any) -> float:
    if isinstance(measure, Real) or getattr(measure, "shape", None) == ():
        return float(measure)
    raise MicrogradTypeError(
        f"step() takes one measure, such as a loss, but was given {measure!r:.60}. Write schedule.step(loss.item())."
    )
