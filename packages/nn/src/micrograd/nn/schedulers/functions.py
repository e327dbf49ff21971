"""Rates by a function of your own: `LambdaLR`, a factor of the first rate, `MultiplicativeLR`, one of the last rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler, groups_of
from micrograd.nn.validation import real_number

Factor = Callable[[int], float]


class LambdaLR(LRScheduler):
    """The rate times what a function says of the step.

    Args:
        optimizer: Whose rate is set.
        lr_lambda: From a step, counted from 0, to a factor; a list for one for each group of parameters.

    Raises:
        MicrogradTypeError: If it is no function, or what it returns is no number.
        MicrogradValueError: If there are as many functions as neither 1 nor groups.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = LambdaLR(SGD([Value(0.0)], lr=1.0), lambda step: 0.5**step)
        >>> [schedule.lr_at(step) for step in range(4)]
        [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, optimizer: HasLearningRate, lr_lambda: Factor | Sequence[Factor]) -> None:
        self._factors = _for_each_group(lr_lambda, len(groups_of(optimizer)), type(self).__name__)
        super().__init__(optimizer)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return self.base_lr * self._factor(step)

    def _factor(self, step: int) -> float:
        name = type(self).__name__
        return real_number(self._factors[self.group](step), f"what {name}'s function returns", _example(name))


class MultiplicativeLR(LambdaLR):
    """The rate times what a function says of each step up to this one.

    In a `SequentialLR` that is the rate at which the schedule before it ended, times what the function says from 0 on.

    Args:
        optimizer: Whose rate is set.
        lr_lambda: From a step, counted from 1, to a factor; a list for one for each group of parameters.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> schedule = MultiplicativeLR(SGD([Value(0.0)], lr=1.0), lambda step: 0.5 if step == 2 else 1.0)
        >>> [schedule.lr_at(step) for step in range(4)]
        [1.0, 1.0, 0.5, 0.5]
    """

    def __init__(self, optimizer: HasLearningRate, lr_lambda: Factor | Sequence[Factor]) -> None:
        self._products: list[list[float]] = [[1.0] for _ in groups_of(optimizer)]
        super().__init__(optimizer, lr_lambda)

    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`."""
        return self.base_lr * self._product(step)

    def lr_after(self, rate: float, step: int) -> float:
        """The learning rate of step `step` after another schedule, which ended at this rate."""
        return rate * self._factor(0) * self._product(step)

    def _product(self, step: int) -> float:
        products = self._products[self.group]
        while len(products) <= step:
            products.append(products[-1] * self._factor(len(products)))
        return products[step]


def _for_each_group(given: Any, count: int, name: str) -> list[Factor]:
    factors = list(given) if isinstance(given, (list, tuple)) else [given] * count
    if len(factors) != count:
        raise MicrogradValueError(f"{name} has {len(factors)} functions for {count} groups of parameters.")
    for factor in factors:
        if not callable(factor):
            raise MicrogradTypeError(
                f"{name} takes a function of the step, not the {type(factor).__name__} {factor!r:.40}. "
                f"Write {_example(name)}."
            )
    return factors


def _example(name: str) -> str:
    return f"{name}(optimizer, lambda step: {'0.95**step' if name == 'LambdaLR' else '0.95'})"
