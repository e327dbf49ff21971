"""What a contender file may define.

    LIBRARIES    the distributions whose versions go into the record
    DTYPE        "float32" if it can't compute in float64; its losses are then compared less strictly
    LIMIT        the most multiplications in one step that it can bear; above, it is left out
    LONGEST      the longest chain that is worth waiting for; no limit if not given
    seed         Seed: given the problem, returns a function that trains for so many steps
    rows         Rows: given the problem, returns a function that computes all scores so many times
    digits       Training: given the task, returns a function that trains for so many epochs
    convnet      Training: the same for another net
    chain        Chain: how to record a chain of operations, and how to run back through it

A file imports its library at the top: where that isn't installed, the contender is skipped by that name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar

from jobs.problem import Floats, Problem

T = TypeVar("T")

Train: TypeAlias = Callable[[int], float]
"""Trains for n steps, and returns the loss that the last of them saw, before its update."""

Seed: TypeAlias = Callable[[Problem], Train]
"""Of the job `seed`."""

Predict: TypeAlias = Callable[[int], Floats]
"""Computes the scores of all rows n times, and returns the last, (N,), as an array of NumPy."""

Rows: TypeAlias = Callable[[Problem], Predict]
"""Of the job `rows`."""

Tick: TypeAlias = Callable[[], None]
"""To be called before the first epoch, and after each."""

Trained: TypeAlias = tuple[float, float]
"""The loss of all training data before the first step, and the accuracy on the test data after the last one."""

TrainEpochs: TypeAlias = Callable[[int, Tick], Trained]
"""Trains from the initial weights for n epochs."""

Training: TypeAlias = Callable[[T], TrainEpochs]
"""Of the jobs `digits` and `convnet`, whose tasks are a `DigitsTask` and a `ConvnetTask`."""


class Chain(NamedTuple):
    """`forward(n)` multiplies a number n times by 1.000001 and returns the result; `backward` differentiates it."""

    forward: Callable[[int], Any]
    backward: Callable[[Any], None]


class Unavailable(Exception):
    """Raised by a contender that can't run here, with the reason."""
