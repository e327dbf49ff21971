"""Schedules made of schedules: `ChainedScheduler`, all at a time, and `SequentialLR`, one after the other."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler
from micrograd.nn.validation import whole_numbers


def _listed(schedulers: Any, example: str) -> list[LRScheduler]:
    listed = list(schedulers) if isinstance(schedulers, (list, tuple)) else [schedulers]
    for scheduler in listed:
        if not isinstance(scheduler, LRScheduler):
            raise MicrogradTypeError(
                f"a list of schedules was expected, but there is {kind_of(scheduler)}. Write {example}."
            )
    return listed


def _optimizer_of(schedulers: Sequence[LRScheduler], *others: HasLearningRate) -> Any:
    """The optimiser that they all set the rate of."""
    optimizers = {id(scheduler.optimizer) for scheduler in schedulers} | set(map(id, others))
    if len(optimizers) != 1:
        raise MicrogradValueError(
            f"schedules are put together for one optimiser, but these {len(schedulers)} have {len(optimizers)}. Make "
            "each of them with the same one."
        )
    return schedulers[0].optimizer


class _Composed(LRScheduler):
    schedulers: list[LRScheduler]

    def _rate_of(self, scheduler: LRScheduler, step: int) -> float:
        scheduler.group, scheduler.base_lr = self.group, self.base_lr
        return scheduler.lr_at(step)

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on."""
        return {**super().state_dict(), "schedulers": [scheduler.state_dict() for scheduler in self.schedulers]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave.

        Raises:
            MicrogradValueError: If it belongs to other schedules; nothing is changed then.
        """
        if len(state["schedulers"]) != len(self.schedulers):
            raise MicrogradValueError(
                f"the state is of {len(state['schedulers'])} schedules, but here are {len(self.schedulers)}."
            )
        for scheduler, part in zip(self.schedulers, state["schedulers"], strict=True):
            scheduler.load_state_dict(part)
        super().load_state_dict(state)


class ChainedScheduler(_Composed):
    """Several schedules at a time: the rate times what each of them would multiply it by.

    One with an `eta_min` multiplies what of the rate lies above that, from step to step, as in PyTorch; the order of
    the schedules then counts, and where they would come below 0, the rate is 0. In PyTorch `LambdaLR` and
    `CosineAnnealingWarmRestarts` undo what the schedules before them did; here they multiply as the others do.

    Args:
        schedulers: Schedules of one optimiser.
        optimizer: That one, if it is to be said.

    Raises:
        MicrogradValueError: If they have different optimisers, or there are none.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD, ConstantLR, ExponentialLR
        >>> optimizer = SGD([Value(0.0)], lr=1.0)
        >>> schedule = ChainedScheduler([ConstantLR(optimizer, 0.1, total_iters=2), ExponentialLR(optimizer, 0.5)])
        >>> [round(schedule.lr_at(step), 4) for step in range(4)]
        [0.1, 0.05, 0.25, 0.125]
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: HasLearningRate | None = None) -> None:
        self.schedulers = _listed(schedulers, "ChainedScheduler([warm_up, down])")
        self._reached: dict[tuple[int, float], tuple[int, float]] = {}
        super().__init__(_optimizer_of(self.schedulers, *([] if optimizer is None else [optimizer])))

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        if any(scheduler.floor for scheduler in self.schedulers):
            return self._step_by_step(step)
        rate = self.base_lr
        for scheduler in self.schedulers:
            rate *= self._rate_of(scheduler, step) / self.base_lr if self.base_lr else 0.0
        return rate

    def _step_by_step(self, step: int) -> float:
        """Each rate from the one before it, on from where the last call came to."""
        key = (self.group, self.base_lr)
        reached, rate = self._reached.get(key, (-1, self.base_lr))
        if reached > step:
            reached, rate = -1, self.base_lr
        for number in range(reached + 1, step + 1):
            for scheduler in self.schedulers:
                rate = self._moved(rate, scheduler, number)
        self._reached[key] = step, rate
        return rate

    def _moved(self, rate: float, scheduler: LRScheduler, step: int) -> float:
        floor, now = scheduler.floor, self._rate_of(scheduler, step)
        before = self._rate_of(scheduler, step - 1) if step else self.base_lr
        if before == floor:  # nothing is left above it that could be multiplied: it goes up as by itself
            return rate + now - before
        return max(0.0, floor + (rate - floor) * ((now - floor) / (before - floor)))


class SequentialLR(_Composed):
    """One schedule after the other, each counting its steps from its own beginning.

    Args:
        optimizer: Whose rate is set.
        schedulers: Schedules of this optimiser.
        milestones: The steps at which the second, third ... begin.

    Raises:
        MicrogradValueError: If they have different optimisers, or the milestones don't fit.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD, CosineAnnealingLR, LinearLR
        >>> optimizer = SGD([Value(0.0)], lr=1.0)
        >>> warm_up, down = LinearLR(optimizer, 0.25, total_iters=3), CosineAnnealingLR(optimizer, T_max=4)
        >>> schedule = SequentialLR(optimizer, [warm_up, down], milestones=[3])
        >>> [round(schedule.lr_at(step), 3) for step in range(8)]
        [0.25, 0.5, 0.75, 1.0, 0.854, 0.5, 0.146, 0.0]
    """

    def __init__(
        self, optimizer: HasLearningRate, schedulers: Sequence[LRScheduler], milestones: Sequence[int]
    ) -> None:
        example = "SequentialLR(optimizer, [warm_up, down], milestones=[10])"
        self.schedulers = _listed(schedulers, example)
        self.milestones = whole_numbers(milestones, "milestones", example)
        if len(self.milestones) != len(self.schedulers) - 1 or self.milestones != sorted(set(self.milestones)):
            raise MicrogradValueError(
                f"{len(self.schedulers)} schedules take {len(self.schedulers) - 1} milestones in order, but were given "
                f"{list(milestones)}. Write {example}."
            )
        super().__init__(_optimizer_of(self.schedulers, optimizer))

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        number = bisect.bisect_right(self.milestones, step)
        scheduler = self.schedulers[number]
        if not number:
            return self._rate_of(scheduler, step)
        begun = self.milestones[number - 1]
        rate = self.lr_at(begun - 1)
        scheduler.group, scheduler.base_lr = self.group, self.base_lr
        return scheduler.lr_after(rate, step - begun)
