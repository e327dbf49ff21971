"""The data of a training as samples that batches are drawn from: rows for scalar nets; `array_samples.py` has arrays.

What it leaves out: data that doesn't fit into memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arguments.numeric import as_float
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value

Batch = tuple[Any, Any]


class Samples(Protocol):
    """What the training loop asks of its data."""

    def __len__(self) -> int:
        """How many there are."""

    def take(self, rows: Sequence[int]) -> Batch:
        """The inputs and targets of these rows."""

    def count(self, X: Any) -> int:
        """How many samples a batch has."""

    def predict(self, model: Any, X: Any) -> Any:
        """What the model gives for the inputs of a batch."""

    def for_program(self, X: Any, y: Any) -> Batch:
        """The batch in the form in which a compiled step takes it."""

    def numbers(self, scores: Any) -> Any:
        """The scores as a metric takes them."""

    def as_scores(self, numbers: Any) -> Any:
        """Such scores as a loss takes them."""

    def join(self, parts: Sequence[Any]) -> Any:
        """The scores, or targets, of several parts as those of one batch."""

    def have_labels(self) -> bool:
        """Whether the targets are labels of classes, of which there is an accuracy."""


class ScalarSamples:
    """Rows of numbers for a model that takes one row, as Values.

    Args:
        X: n rows of d numbers.
        y: n targets.

    Raises:
        MicrogradTypeError: If the rows aren't sequences.
        MicrogradValueError: If there are none, or X and y differ in length.

    Example:
        >>> samples = ScalarSamples([[0.0, 1.0], [2.0, 3.0]], [1, -1])
        >>> samples.take([1])
        ([[2.0, 3.0]], [-1])
    """

    def __init__(self, X: Any, y: Any) -> None:
        self.X, self.y = _listed(X, "X"), _listed(y, "y")
        require_samples(len(self.X), len(self.y))
        if not hasattr(self.X[0], "__len__"):
            raise MicrogradTypeError(
                f"each row of X holds the features of one sample, but the first is {self.X[0]!r:.60}. "
                "For a single feature write X = [[x] for x in X]."
            )

    def __len__(self) -> int:
        return len(self.X)

    def take(self, rows: Sequence[int]) -> Batch:
        """The inputs and targets of these rows."""
        return [self.X[i] for i in rows], [self.y[i] for i in rows]

    def count(self, X: Any) -> int:
        """How many samples a batch has."""
        return len(X)

    def predict(self, model: Any, X: Any) -> Any:
        """A list of scores, one a row."""
        # Each sample's numbers become Values once, rather than once in every neuron that reads them.
        return [model([Value(number) for number in row]) for row in X]

    def for_program(self, X: Any, y: Any) -> Batch:
        """Rows and targets as arrays.

        Raises:
            MicrogradTypeError: If one of them is no number.
            MicrogradValueError: If the rows differ in length.
        """
        import numpy as np

        try:
            rows = np.array(X)
        except ValueError:  # of rows of different lengths
            rows = np.array(None)
        if rows.ndim != 2 or rows.dtype.kind not in "iuf":
            rows = np.array(_numbers_in(X))
        return rows.astype(float, copy=False), np.array(y, dtype=float)

    def numbers(self, scores: Any) -> Any:
        """The scores as they are: the metrics take Values."""
        return scores

    def as_scores(self, numbers: Any) -> Any:
        """The scores as they are."""
        return numbers

    def join(self, parts: Sequence[Any]) -> Any:
        """One list."""
        return [item for part in parts for item in part]

    def have_labels(self) -> bool:
        """Whether the targets are -1 and +1, or 0 and 1."""
        kinds = set(self.y) if not any(isinstance(target, (list, tuple)) for target in self.y) else {None}
        return kinds <= {-1, 1} or kinds <= {0, 1}


def _numbers_in(X: Any) -> list[list[float]]:
    """Rows of numbers, as floats, or what is wrong with them."""
    lengths = set(map(len, X))
    if len(lengths) > 1:
        raise MicrogradValueError(
            f"the rows of X hold {min(lengths)} to {max(lengths)} features; each sample has as many as the others. "
            "[len(row) for row in X] shows which differ."
        )
    return [[as_float(number) for number in row] for row in X]


def _listed(part: Any, name: str) -> list[Any]:
    listed = part.tolist() if hasattr(part, "tolist") else part
    if not hasattr(listed, "__iter__") or isinstance(listed, (str, bytes, dict)):
        raise MicrogradTypeError(
            f"{name} is a sequence with one entry a sample, but was given the {type(part).__name__} {part!r:.60}. "
            "Write fit(model, (X, y), ...) with X = [[0.0, 1.0], ...] and y = [-1, ...]."
        )
    return list(listed)


def as_samples(data: Any, are_arrays: bool, dtype: Any = None) -> Samples:
    """The samples of a pair or a data set.

    Args:
        data: A pair (X, y), or what unpacks into one.
        are_arrays: Whether the model takes batches of arrays, rather than rows.
        dtype: What arrays of real numbers are converted to; None to leave them.

    Raises:
        MicrogradTypeError: If it is no pair.
        MicrogradValueError: If there are no samples, or X and y differ in length.
    """
    try:
        if isinstance(data, (dict, set, frozenset, str, bytes)) or _are_two_batches(data):
            raise TypeError
        X, y = data
    except (TypeError, ValueError):
        raise MicrogradTypeError(
            f"data is a data set or a pair (X, y), but was given {kind_of(data)}{_of_what(data)}. Write "
            "fit(model, (X, y), ...); of pairs of an input and a target, X, y = zip(*pairs), as lists; of pairs of "
            "batches, join all X and all y by np.concatenate, and give batch_size."
        ) from None
    if not are_arrays:
        return ScalarSamples(X, y)
    from micrograd.nn.training.array_samples import ArraySamples

    return ArraySamples(X, y, dtype)


def _are_pairs(data: Any) -> bool:
    return isinstance(data, list) and bool(data) and all(isinstance(part, tuple) and len(part) == 2 for part in data)


def _are_two_batches(data: Any) -> bool:
    """Whether this is a list of two pairs of an input and a target, rather than a pair of many inputs and targets."""
    return _are_pairs(data) and len(data) == 2 and hasattr(data[1][0], "__len__")


def _of_what(data: Any) -> str:
    return " of pairs" if _are_pairs(data) else ""


def require_samples(rows: int, targets: int) -> None:
    """Refuse data without samples, or with more rows than targets.

    Raises:
        MicrogradValueError: Then.
    """
    if not rows:
        raise MicrogradValueError(
            "there are no samples to learn from: X is empty. Give at least one row and its target."
        )
    if rows != targets:
        raise MicrogradValueError(
            f"X has {rows} samples but y has {targets} targets; there must be one each. "
            "Write fit(model, (X[:n], y[:n]), ...) if one of them was cut short."
        )
