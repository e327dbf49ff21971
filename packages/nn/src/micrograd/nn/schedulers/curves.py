"""Rates that move at every step along a line or a cosine: warm-up, annealing, restarts, one cycle."""

from __future__ import annotations

import math

from micrograd.engine.errors import MicrogradValueError
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


class OneCycleLR(LRScheduler):
    """Up to `max_lr` and then far down, in one cycle as long as the whole training.

    The momentum isn't cycled (PyTorch's `cycle_momentum=False`).

    Args:
        optimizer: Whose rate is set.
        max_lr: The highest rate.
        total_steps: How many steps the cycle has; there is no rate beyond.
        pct_start: Which part of it goes up.
        anneal_strategy: "cos" or "linear".
        div_factor: The first rate is max_lr divided by this.
        final_div_factor: The last rate is the first divided by this.

    Raises:
        MicrogradValueError: If a step beyond the cycle is asked for.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = OneCycleLR(SGD([Value(0.0)], lr=1.0), max_lr=1.0, total_steps=11, anneal_strategy="linear")
        >>> [round(schedule.lr_at(step), 3) for step in (0, 1, 2, 6, 10)]
        [0.04, 0.457, 0.875, 0.519, 0.0]

    Reference: Smith and Topin, "Super-convergence", arXiv:1708.07120.
    """

    def __init__(
        self,
        optimizer: HasLearningRate,
        max_lr: float,
        total_steps: int,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        example = "OneCycleLR(optimizer, max_lr=0.1, total_steps=100)"
        self.max_lr = nonnegative(max_lr, "max_lr", example)
        self.total_steps = whole_number(total_steps, "total_steps", example, least=2)
        self.pct_start = nonnegative(pct_start, "pct_start", example)
        if anneal_strategy not in ("cos", "linear") or self.pct_start > 1.0:
            raise MicrogradValueError(
                f'anneal_strategy={anneal_strategy!r}, pct_start={pct_start}: the first is "cos" or "linear", the '
                f"second from 0 to 1. Write {example}."
            )
        self.anneal_strategy = anneal_strategy
        self.first = self.max_lr / nonnegative(div_factor, "div_factor", example)
        self.last = self.first / nonnegative(final_div_factor, "final_div_factor", example)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        if step > self.total_steps:  # the step after the last training step is taken by every loop, and trains nothing
            raise MicrogradValueError(
                f"step {step} is beyond the cycle, which has total_steps={self.total_steps}, counted from 0. Make it "
                "as long as the training: epochs times steps an epoch."
            )
        top = self.pct_start * self.total_steps - 1.0
        if step <= top:
            return self._between(self.first, self.max_lr, step / top)
        return self._between(self.max_lr, self.last, (step - top) / (self.total_steps - 1.0 - top))

    def _between(self, start: float, end: float, share: float) -> float:
        if self.anneal_strategy == "linear":
            return start + (end - start) * share
        return end + (start - end) * (1.0 + math.cos(math.pi * share)) / 2.0
