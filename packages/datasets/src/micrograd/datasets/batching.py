"""Mini-batches of one data set: sized, repeatable, in a new order at every pass."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from micrograd.datasets.validation import FloatArray, seed_number, whole_number


@final
class Batches:
    """What `Dataset.batches` returns; see there. `len()` is the number of batches in one pass.

    Each `for` over the same object is one epoch and draws the next order from the seed; a new object starts
    again.

    Example:
        >>> from micrograd.datasets import moons
        >>> batches = moons(100, 0.1, seed=1).batches(32, seed=0)
        >>> [len(X) for X, y in batches]
        [32, 32, 32, 4]
    """

    def __init__(self, X: FloatArray, y: NDArray[Any], size: int, *, shuffle: bool = True, seed: int = 0) -> None:
        self.size = whole_number(size, "size", least=1)
        self.shuffle = bool(shuffle)
        self.seed = seed_number(seed)
        self._X, self._y = X, y
        # RandomState, because NumPy promises (NEP 19) that its stream never changes between versions.
        self._random = np.random.RandomState(self.seed)

    def __len__(self) -> int:
        return math.ceil(len(self._X) / self.size)

    def __iter__(self) -> Iterator[tuple[FloatArray, NDArray[Any]]]:
        order = self._next_order()
        chunks = (order[start : start + self.size] for start in range(0, len(order), self.size))
        return ((self._X[chunk], self._y[chunk]) for chunk in chunks)

    def __repr__(self) -> str:
        return f"Batches({len(self)} of size {self.size}, shuffle={self.shuffle}, seed={self.seed})"

    def _next_order(self) -> NDArray[np.intp]:
        order = np.arange(len(self._X))
        if self.shuffle:
            self._random.shuffle(order)
        return order
