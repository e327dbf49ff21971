"""What a model says of every point of the plane: of a model with two inputs, at each step that is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.jit.api import jit
from micrograd.engine.recording import no_grad

SIDE = 32
_CHUNK = 32  # points that a scalar model is compiled for at a time: the trace takes as long as one eager step

Extent = tuple[float, float, float, float]


class Plane:
    """The points of a grid around two-dimensional data, and the scores that a model gives them.

    Args:
        model: Takes a list of two numbers, or an array of shape (n, 2) if `takes_arrays`.
        points: The data, rows of two numbers.
        takes_arrays: Which of the two.

    Attributes:
        extent: The least and greatest first, then second coordinate.
        is_off: Whether the model has refused.
    """

    def __init__(self, model: Any, points: Sequence[Sequence[float]], takes_arrays: bool) -> None:
        self._model, self._takes_arrays = model, takes_arrays
        (left, right), (low, high) = (_range([row[axis] for row in points]) for axis in (0, 1))
        self.extent: Extent = (left, right, low, high)
        self._grid = [[a, b] for b in _ticks(low, high) for a in _ticks(left, right)]
        # Compiled to plain NumPy: Numba would compile for longer than all of these runs take.
        backend = "numpy" if find_spec("numpy") else "python"
        self._compiled = jit(lambda rows: [model(row) for row in rows], backend=backend)
        self._is_compiled = True
        self.is_off = False

    def scores(self) -> list[int] | None:
        """The score of each point, row by row from below, squashed into −127 … 127.

        Of a model with several scores, the number of the largest. None if the model can't be asked.
        """
        if self.is_off:
            return None
        try:
            with evaluating(self._model):
                return self._of_arrays() if self._takes_arrays else self._of_numbers()
        except Exception:  # the training goes on, whatever this model does with a grid
            self.is_off = True
            return None

    def _of_arrays(self) -> list[int]:
        import numpy as np

        from micrograd.engine.tensor import Tensor

        with no_grad():
            out = self._model(Tensor(np.array(self._grid)))._data
        if out.ndim == 2 and out.shape[1] > 1:
            return [int(place) for place in out.argmax(axis=1)]
        return [_squashed(score) for score in out.reshape(len(self._grid)).tolist()]

    def _of_numbers(self) -> list[int]:
        scores: list[int] = []
        for start in range(0, len(self._grid), _CHUNK):
            scores += map(_label, self._called(self._grid[start : start + _CHUNK]))
        return scores

    def _called(self, rows: list[list[float]]) -> list[Any]:
        if self._is_compiled:
            try:
                return list(self._compiled(rows))
            except Exception:  # what can't be compiled, such as a branch on a score, runs as it is
                self._is_compiled = False
        return [self._model(row) for row in rows]


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Switch a model's modules to evaluation, and back to what each of them was."""
    parts = list(model.modules()) if callable(getattr(model, "modules", None)) else []
    modes = [(part, part.training) for part in parts if hasattr(part, "training")]
    try:
        for part, _ in modes:
            part.training = False
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def _label(score: Any) -> int:
    if isinstance(score, (list, tuple)):
        numbers = list(map(_plain, score))
        return numbers.index(max(numbers))
    return _squashed(_plain(score))


def _plain(score: Any) -> float:
    return float(score._data if isinstance(score, Node) else score)


def _squashed(score: float) -> int:
    """A score in one byte; its sign is kept."""
    if score != score:
        return 0
    squashed = 127.0 * math.tanh(score)
    return math.ceil(squashed) if squashed > 0 else math.floor(squashed)


def _range(numbers: Sequence[float]) -> tuple[float, float]:
    low, high = min(numbers), max(numbers)
    margin = 0.15 * (high - low) or 1.0
    return low - margin, high + margin


def _ticks(low: float, high: float) -> list[float]:
    """The middles of so many cells."""
    return [low + (high - low) * (k + 0.5) / SIDE for k in range(SIDE)]
