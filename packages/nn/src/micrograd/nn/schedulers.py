"""Learning rates that change with the step; names and formulas are those of `torch.optim.lr_scheduler`.

Each schedule is a pure function of the step, `lr_at(step)`. Call `scheduler.step()` after `optimizer.step()`.
An optimiser without a scheduler keeps its rate.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Protocol

from micrograd.nn.validation import nonnegative, whole_number


class HasLearningRate(Protocol):
    """An optimiser, as far as a schedule is concerned."""

    lr: float


class LRScheduler(ABC):
    """Base of all schedules; a subclass says in `lr_at` what the rate is at each step.

    Attributes:
        optimizer: Whose rate is set.
        base_lr: The rate that the optimiser had at first.
        last_epoch: How many steps have been taken (PyTorch's name).
    """

    def __init__(self, optimizer: HasLearningRate) -> None:
        self.optimizer = optimizer
        self.base_lr = optimizer.lr
        self.last_epoch = 0
        optimizer.lr = self.lr_at(0)

    @abstractmethod
    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`, counted from 0."""

    def step(self) -> None:
        """Go on to the next step: set the optimiser's rate."""
        lr = self.lr_at(self.last_epoch + 1)
        self.optimizer.lr = lr
        self.last_epoch += 1

    def get_last_lr(self) -> list[float]:
        """The rate in use, in a list as in PyTorch."""
        return [self.optimizer.lr]


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


class LinearLR(LRScheduler):
    """From `start_factor` to `end_factor` times the rate in a straight line, then level.

    `LinearLR(SGD(p, lr=1.0), 1.0, 0.1, total_iters=100)` is the decay of micrograd's demo: 1.0 - 0.9 * k/100.

    Args:
        optimizer: Whose rate is set.
        start_factor: What the rate is multiplied by at first.
        end_factor: ... and in the end.
        total_iters: How many steps lie between.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = LinearLR(SGD([Value(0.0)], lr=1.0), 1.0, 0.1, total_iters=100)
        >>> schedule.lr_at(0), schedule.lr_at(50), schedule.lr_at(100), schedule.lr_at(200)
        (1.0, 0.55, 0.1, 0.1)
    """

    def __init__(
        self,
        optimizer: HasLearningRate,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        example = "LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=100)"
        self.start_factor = nonnegative(start_factor, "start_factor", example)
        self.end_factor = nonnegative(end_factor, "end_factor", example)
        self.total_iters = whole_number(total_iters, "total_iters", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        if step >= self.total_iters:
            return self.base_lr * self.end_factor
        change = self.end_factor - self.start_factor
        return self.base_lr * (self.start_factor + change * step / self.total_iters)


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


class CosineAnnealingLR(LRScheduler):
    """Half a cosine, from the rate down to `eta_min`.

    eta_min + (lr - eta_min) * (1 + cos(pi * step / T_max)) / 2.

    Args:
        optimizer: Whose rate is set.
        T_max: How many steps the way down takes; then it goes up again.
        eta_min: The lowest rate.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = CosineAnnealingLR(SGD([Value(0.0)], lr=1.0), T_max=100, eta_min=0.1)
        >>> [round(schedule.lr_at(step), 4) for step in (0, 50, 100)]
        [1.0, 0.55, 0.1]

    Reference: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts",
        arXiv:1608.03983, without
    the restarts.
    """

    def __init__(self, optimizer: HasLearningRate, T_max: int, eta_min: float = 0.0) -> None:
        example = "CosineAnnealingLR(optimizer, T_max=100)"
        self.T_max = whole_number(T_max, "T_max", example)
        self.eta_min = nonnegative(eta_min, "eta_min", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * step / self.T_max)) / 2
