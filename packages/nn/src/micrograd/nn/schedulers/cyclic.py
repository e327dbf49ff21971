"""`CyclicLR`: up and down between two rates, over and over."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler, rate_of_each_group
from micrograd.nn.validation import nonnegative, real_number, whole_number

_EXAMPLE = "CyclicLR(optimizer, base_lr=0.001, max_lr=0.1, step_size_up=200)"


class CyclicLR(LRScheduler):
    """From `base_lr` straight up to `max_lr` and down again, over and over, perhaps less high from time to time.

    The momentum isn't cycled (PyTorch's `cycle_momentum=False`).

    Args:
        optimizer: Whose rate is set.
        base_lr: The lowest rate, where each cycle begins; a list for one for each group of parameters.
        max_lr: The highest rate; likewise.
        step_size_up: How many steps lead up.
        step_size_down: How many lead down; as many unless given.
        mode: "triangular" for cycles that are all alike, "triangular2" for each half as high as the one before it,
            "exp_range" for a height of gamma to the power of the step.
        gamma: See there.
        scale_fn: A function that says which part of the height is left, in place of `mode`.
        scale_mode: What that function is given: the number of the "cycle", from 1 on, or the number of steps, its
            "iterations".

    Raises:
        MicrogradTypeError: If a setting is of a wrong kind.
        MicrogradValueError: If a setting makes no sense.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = CyclicLR(SGD([Value(0.0)], lr=1.0), base_lr=0.1, max_lr=0.5, step_size_up=2, mode="triangular2")
        >>> [round(schedule.lr_at(step), 3) for step in range(8)]
        [0.1, 0.3, 0.5, 0.3, 0.1, 0.2, 0.3, 0.2]

    Reference: Smith, "Cyclical learning rates for training neural networks", WACV (2017), arXiv:1506.01186.
    """

    def __init__(
        self,
        optimizer: HasLearningRate,
        base_lr: float | Sequence[float],
        max_lr: float | Sequence[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[int], float] | None = None,
        scale_mode: str = "cycle",
    ) -> None:
        for name, given, choices in (
            ("mode", mode, ("triangular", "triangular2", "exp_range")),
            ("scale_mode", scale_mode, ("cycle", "iterations")),
        ):
            if given not in choices:
                raise MicrogradValueError(
                    f"{name}={given!r:.40} is one of {', '.join(map(repr, choices))}. Write {_EXAMPLE}."
                )
        if scale_fn is not None and not callable(scale_fn):
            raise MicrogradTypeError(
                f"scale_fn is a function of the cycle or the step, not the {type(scale_fn).__name__} "
                f"{scale_fn!r:.40}. Write CyclicLR(optimizer, 0.001, 0.1, scale_fn=lambda cycle: 0.9**cycle)."
            )
        self.base_lrs = rate_of_each_group(base_lr, "base_lr", optimizer, _EXAMPLE)
        self.max_lrs = rate_of_each_group(max_lr, "max_lr", optimizer, _EXAMPLE)
        self.step_size_up = whole_number(step_size_up, "step_size_up", _EXAMPLE)
        down = step_size_up if step_size_down is None else step_size_down
        self.step_size_down = whole_number(down, "step_size_down", _EXAMPLE)
        self.mode, self.gamma = mode, nonnegative(gamma, "gamma", _EXAMPLE)
        self.scale_fn, self.scale_mode = scale_fn, scale_mode
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        length = self.step_size_up + self.step_size_down
        cycle = math.floor(1 + step / length)
        part, top = 1.0 + step / length - cycle, self.step_size_up / length
        height = part / top if part <= top else (part - 1.0) / (top - 1.0)
        lowest, highest = self.base_lrs[self.group], self.max_lrs[self.group]
        return lowest + (highest - lowest) * height * self._scale(cycle, step)

    def _scale(self, cycle: int, step: int) -> float:
        """Which part of the height is left."""
        if self.scale_fn is not None:
            given = cycle if self.scale_mode == "cycle" else step
            return real_number(self.scale_fn(given), "what scale_fn returns", "scale_fn=lambda cycle: 0.9**cycle")
        if self.mode == "exp_range":
            return self.gamma**step
        return 1.0 if self.mode == "triangular" else 1.0 / 2.0 ** (cycle - 1)
