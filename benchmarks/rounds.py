"""Timing in rounds: A B C, A B C, ..., so that a machine that speeds up or slows down does so for all alike."""

from __future__ import annotations

import math
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


def interval(found: Sequence[float]) -> tuple[float, float]:
    """Between what the median lies, at 95% or more; of five values or fewer, the least and the largest.

    Whatever the distribution: how many of them lie below the true median is binomial.

    Example:
        >>> interval([float(number) for number in range(20)])
        (5.0, 14.0)
    """
    ordered, count = sorted(found), len(found)
    cut, beyond = 0, 0.0  # how many to leave out at either end, and how probable it is that the median lies beyond
    while (beyond := beyond + 2 * math.comb(count, cut) / 2**count) <= 0.05:
        cut += 1
    first = max(cut - 1, 0)
    return ordered[first], ordered[-1 - first]
