"""`OneCycleLR`: up and far down again, in one cycle as long as the whole training."""

from __future__ import annotations

import math
from collections.abc import Sequence

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler, rate_of_each_group
from micrograd.nn.validation import nonnegative, share, whole_number, yes_or_no

_EXAMPLE = "OneCycleLR(optimizer, max_lr=0.1, total_steps=100)"


class OneCycleLR(LRScheduler):
    """Up to `max_lr` and then far down, in one cycle as long as the whole training.

    The momentum isn't cycled (PyTorch's `cycle_momentum=False`).

    Args:
        optimizer: Whose rate is set.
        max_lr: The highest rate; a list for one for each group of parameters.
        total_steps: How many steps the cycle has; there is no rate beyond.
        epochs: How many epochs it has instead, and
        steps_per_epoch: how many steps each of them has.
        pct_start: Which part of it goes up.
        anneal_strategy: "cos" or "linear".
        div_factor: The first rate is max_lr divided by this.
        final_div_factor: The last rate is the first divided by this.
        three_phase: Whether the way down to the first rate is as long as the way up, and a third phase leads to the
            last.

    Raises:
        MicrogradValueError: If a step beyond the cycle is asked for, or a setting makes no sense.

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
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        *,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
    ) -> None:
        if anneal_strategy not in ("cos", "linear"):
            raise MicrogradValueError(
                f'anneal_strategy={anneal_strategy!r:.40} is "cos" or "linear". Write {_EXAMPLE}.'
            )
        self.total_steps = _length(total_steps, epochs, steps_per_epoch)
        self.pct_start, self.anneal_strategy = share(pct_start, "pct_start", _EXAMPLE), anneal_strategy
        self.three_phase = yes_or_no(three_phase, "three_phase", _EXAMPLE)
        self.div_factor = _divisor(div_factor, "div_factor")
        self.final_div_factor = _divisor(final_div_factor, "final_div_factor")
        self.max_lrs = rate_of_each_group(max_lr, "max_lr", optimizer, _EXAMPLE)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        if step > self.total_steps:
            raise MicrogradValueError(
                f"step {step} is beyond the cycle, which has total_steps={self.total_steps}, counted from 0. Make it "
                "as long as the training: epochs times steps an epoch."
            )
        step = min(step, self.total_steps - 1)  # every loop goes on once more after the last step, and trains nothing
        highest = self.max_lrs[self.group]
        first = highest / self.div_factor
        last = first / self.final_div_factor
        top, end = self.pct_start * self.total_steps - 1.0, self.total_steps - 1.0
        if step <= top:
            return self._between(first, highest, step, 0.0, top)
        if not self.three_phase:
            return self._between(highest, last, step, top, end)
        foot = 2.0 * top
        if step <= foot:
            return self._between(highest, first, step, top, foot)
        return self._between(first, last, step, foot, end)

    def _between(self, start: float, end: float, step: int, begin: float, finish: float) -> float:
        """The rate on the way from one to the other, which a phase of no length has behind it at once."""
        part = (step - begin) / (finish - begin) if finish > begin else 1.0
        if self.anneal_strategy == "linear":
            return start + (end - start) * part
        return end + (start - end) * (1.0 + math.cos(math.pi * part)) / 2.0


def _length(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if (total_steps is None) == (epochs is None or steps_per_epoch is None):
        raise MicrogradValueError(
            f"a cycle is as long as the training, by total_steps or by epochs and steps_per_epoch. Write {_EXAMPLE} "
            "or OneCycleLR(optimizer, max_lr=0.1, epochs=10, steps_per_epoch=len(batches))."
        )
    if total_steps is not None:
        return whole_number(total_steps, "total_steps", _EXAMPLE, least=2)
    steps = whole_number(epochs, "epochs", _EXAMPLE) * whole_number(steps_per_epoch, "steps_per_epoch", _EXAMPLE)
    return whole_number(steps, "epochs times steps_per_epoch", _EXAMPLE, least=2)


def _divisor(value: float, name: str) -> float:
    if nonnegative(value, name, _EXAMPLE) == 0.0:
        raise MicrogradValueError(f"{name} is 0, and is divided by. Write {_EXAMPLE}.")
    return float(value)
