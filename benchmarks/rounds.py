"""Timing in rounds: A B C, A B C, ..., so that a machine that speeds up or slows down does so for all alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")
R = TypeVar("R")
Ask = Callable[[int], float]
"""Runs so many steps and returns the seconds they took."""


def interleaved(runs: Mapping[K, Callable[[], R]], rounds: int) -> dict[K, list[R]]:
    """Call each in turn, for so many rounds; what each returned, round by round."""
    results: dict[K, list[R]] = {key: [] for key in runs}
    for _ in range(rounds):
        for key, run in runs.items():
            results[key].append(run())
    return results


def steps_lasting(seconds: float, ask: Ask) -> int:
    """How many steps take about so long."""
    steps = 1
    while (took := ask(steps)) < seconds / 10:
        steps *= 10
    return max(1, round(steps * seconds / took))


def ratio(times: Sequence[float], baseline: Sequence[float]) -> float:
    """How many times as long as the baseline: the median of the ratios within each round."""
    return statistics.median(a / b for a, b in zip(times, baseline, strict=True))
