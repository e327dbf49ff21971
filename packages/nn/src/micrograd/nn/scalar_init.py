"""How the weights of a scalar net begin: numbers drawn from a generator that the caller may hand in."""

from __future__ import annotations

import random
from typing import Protocol


class UniformSource(Protocol):
    """Anything that draws uniformly: a `random.Random`, the `random` module, a NumPy generator."""

    def uniform(self, low: float, high: float, /) -> float:
        """Draw one number between `low` and `high`."""


def uniform(count: int, rng: UniformSource = random) -> list[float]:
    """Draw `count` weights uniformly from [-1, 1], as micrograd does.

    Args:
        count: How many.
        rng: Where from. The `random` module unless given, so that `random.seed` decides, as in micrograd.

    Example:
        >>> import random
        >>> [round(weight, 3) for weight in uniform(2, random.Random(1337))]
        [0.236, 0.067]
    """
    return [rng.uniform(-1, 1) for _ in range(count)]
