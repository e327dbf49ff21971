"""Rates that stay level and then drop: `ConstantLR`, `StepLR`, `MultiStepLR`, `ExponentialLR`."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler
from micrograd.nn.validation import nonnegative, whole_number, whole_numbers


class ConstantLR(LRScheduler):
    """`factor` times the rate for the first `total_iters` steps, then the rate itself.

    Args:
        optimizer: Whose rate is set.
        factor: What the rate is multiplied by at first; 1 leaves it constant throughout.
        total_iters: For how many steps.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = ConstantLR(SGD([Value(0.0)], lr=1.0), factor=0.5, total_iters=2)
        >>> [schedule.lr_at(step) for step in range(4)]
        [0.5, 0.5, 1.0, 1.0]
    """

    def __init__(self, optimizer: HasLearningRate, factor: float = 1 / 3, total_iters: int = 5) -> None:
        example = "ConstantLR(optimizer, factor=0.5, total_iters=5)"
        self.factor = nonnegative(factor, "factor", example)
        self.total_iters = whole_number(total_iters, "total_iters", example, least=0)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return self.base_lr * self.factor if step < self.total_iters else self.base_lr


class StepLR(LRScheduler):
    """The rate times `gamma` after every `step_size` steps.

    Args:
        optimizer: Whose rate is set.
        step_size: How many steps the rate stays level.
        gamma: What it is multiplied by then.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = StepLR(SGD([Value(0.0)], lr=1.0), step_size=2, gamma=0.5)
        >>> [schedule.lr_at(step) for step in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: HasLearningRate, step_size: int, gamma: float = 0.1) -> None:
        example = "StepLR(optimizer, step_size=30, gamma=0.1)"
        self.step_size = whole_number(step_size, "step_size", example)
        self.gamma = nonnegative(gamma, "gamma", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return float(self.base_lr * self.gamma ** (step // self.step_size))


class MultiStepLR(LRScheduler):
    """The rate times `gamma` at each milestone.

    Args:
        optimizer: Whose rate is set.
        milestones: The steps from which on it is multiplied, in order; one that occurs twice counts twice.
        gamma: By what.

    Raises:
        MicrogradValueError: If the milestones aren't in order.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = MultiStepLR(SGD([Value(0.0)], lr=1.0), milestones=[1, 3], gamma=0.5)
        >>> [schedule.lr_at(step) for step in range(5)]
        [1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(self, optimizer: HasLearningRate, milestones: Sequence[int], gamma: float = 0.1) -> None:
        example = "MultiStepLR(optimizer, milestones=[30, 80])"
        self.milestones = whole_numbers(milestones, "milestones", example, least=0)
        if self.milestones != sorted(self.milestones):
            raise MicrogradValueError(f"the milestones are in order, not {self.milestones}. Write {example}.")
        self.gamma = nonnegative(gamma, "gamma", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return float(self.base_lr * self.gamma ** bisect.bisect_right(self.milestones, step))


class ExponentialLR(LRScheduler):
    """The rate times `gamma` after every step.

    Args:
        optimizer: Whose rate is set.
        gamma: By what.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = ExponentialLR(SGD([Value(0.0)], lr=1.0), gamma=0.5)
        >>> [schedule.lr_at(step) for step in range(4)]
        [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, optimizer: HasLearningRate, gamma: float) -> None:
        self.gamma = nonnegative(gamma, "gamma", "ExponentialLR(optimizer, gamma=0.95)")
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return float(self.base_lr * self.gamma**step)
