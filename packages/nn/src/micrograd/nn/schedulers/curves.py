"""Rates that move at every step along a line, a power or a cosine: warm-up, annealing, restarts."""

from __future__ import annotations

import math

from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler
from micrograd.nn.validation import nonnegative, whole_number


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


class PolynomialLR(LRScheduler):
    """Down to 0 along a power of what is left: the rate times (1 - step / total_iters) ** power, then 0.

    Args:
        optimizer: Whose rate is set.
        total_iters: How many steps the way down takes.
        power: 1 for a straight line.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = PolynomialLR(SGD([Value(0.0)], lr=1.0), total_iters=4, power=2.0)
        >>> [schedule.lr_at(step) for step in range(6)]
        [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    def __init__(self, optimizer: HasLearningRate, total_iters: int = 5, power: float = 1.0) -> None:
        example = "PolynomialLR(optimizer, total_iters=100, power=1.0)"
        self.total_iters = whole_number(total_iters, "total_iters", example)
        self.power = nonnegative(power, "power", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        left = 1.0 - min(step, self.total_iters) / self.total_iters
        return float(self.base_lr * left**self.power)


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
        arXiv:1608.03983, without the restarts.
    """

    def __init__(self, optimizer: HasLearningRate, T_max: int, eta_min: float = 0.0) -> None:
        example = "CosineAnnealingLR(optimizer, T_max=100)"
        self.T_max = whole_number(T_max, "T_max", example)
        self.eta_min = nonnegative(eta_min, "eta_min", example)
        super().__init__(optimizer)

    @property
    def floor(self) -> float:
        """The lowest rate."""
        return self.eta_min

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * step / self.T_max)) / 2


class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine from the rate down to `eta_min`, again and again, each time `T_mult` times as long.

    Args:
        optimizer: Whose rate is set.
        T_0: How many steps the first way down takes.
        T_mult: How much longer each one is than the last.
        eta_min: The lowest rate.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = CosineAnnealingWarmRestarts(SGD([Value(0.0)], lr=1.0), T_0=2, T_mult=2)
        >>> [round(schedule.lr_at(step), 3) for step in range(8)]
        [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0, 0.962]

    Reference: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983.
    """

    def __init__(self, optimizer: HasLearningRate, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        example = "CosineAnnealingWarmRestarts(optimizer, T_0=10)"
        self.T_0 = whole_number(T_0, "T_0", example)
        self.T_mult = whole_number(T_mult, "T_mult", example)
        self.eta_min = nonnegative(eta_min, "eta_min", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        length = self.T_0
        while step >= length:
            if self.T_mult == 1:
                step %= length
                break
            step -= length
            length *= self.T_mult
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * step / length)) / 2
