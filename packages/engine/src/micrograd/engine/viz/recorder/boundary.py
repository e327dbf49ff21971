"""What a model says of every point of the plane: of a model with two inputs, at each step that is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.jit.api import jit
from micrograd.engine.observing.recording import no_grad

SIDE = 32
_CHUNK = 32  # points that a scalar model is compiled for at a time, where there is no NumPy

Extent = tuple[float, float, float, float]


class Plane:
    """The points of a grid around two-dimensional data, and the scores that a model gives them.

    Args:
        model: Takes a list of two numbers, or an array of shape (n, 2) if `takes_arrays`.
        points: The data, rows of two numbers.
        takes_arrays: Which of the two.

    Attributes:
        extent: The least and greatest first, then second coordinate.
        ways: How the model may be asked, the fastest first; one that it refuses is tried no more.
    """

    def __init__(self, model: Any, points: Sequence[Sequence[float]], takes_arrays: bool) -> None:
        self._model = model
        (left, right), (low, high) = (_range([row[axis] for row in points]) for axis in (0, 1))
        self.extent: Extent = (left, right, low, high)
        self._grid = [[a, b] for b in _ticks(low, high) for a in _ticks(left, right)]
        self._compiled: Any = None
        self.ways = [self._of_arrays] if takes_arrays else [self._at_once, self._in_chunks, self._one_by_one]

    def scores(self) -> list[int] | None:
        """The score of each point, row by row from below, squashed into −127 … 127.

        Of a model with several scores, the number of the largest. None if the model can't be asked.
        """
        while self.ways:
            try:
                with evaluating(self._model):
                    return self.ways[0]()
            except Exception:  # the training goes on, whatever this model does with a grid
                del self.ways[0]
                self._compiled = None
        return None

    def _of_arrays(self) -> list[int]:
        """Ask a model of Tensors."""
        from micrograd.engine.tensor import Tensor

        with no_grad():
            out = self._model(Tensor(self._grid))._data
        if out.ndim == 2 and out.shape[1] > 1:
            return [int(place) for place in out.argmax(axis=1)]
        return list(map(_squashed, out.reshape(len(self._grid)).tolist()))

    def _at_once(self) -> list[int]:
        """Ask a scalar model by a program for all rows. NumPy runs it: to compile it would take longer than it runs."""
        from micrograd.engine.batching.api import vmap
        from micrograd.engine.tensor import Tensor

        if self._compiled is None:
            self._compiled = jit(vmap(lambda row: self._model([row[0], row[1]])), backend="numpy")
        out = self._compiled(Tensor(self._grid)._data)
        if isinstance(out, (list, tuple)):
            return [_label(list(scores)) for scores in zip(*(part._data.tolist() for part in out), strict=True)]
        return list(map(_squashed, out._data.tolist()))

    def _in_chunks(self) -> list[int]:
        """Ask it by a program of plain Python."""
        if self._compiled is None:
            self._compiled = jit(lambda rows: [self._model(row) for row in rows], backend="python")
        starts = range(0, len(self._grid), _CHUNK)
        return [_label(score) for start in starts for score in self._compiled(self._grid[start : start + _CHUNK])]

    def _one_by_one(self) -> list[int]:
        """Ask it as it is: one that branches on its scores can't be compiled."""
        return [_label(self._model(row)) for row in self._grid]


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
