"""The data of a training as arrays, of which a batch is a Tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arrays.data import as_array
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.tensor import Tensor, adopted
from micrograd.nn.training.samples import Batch, require_samples


class ArraySamples:
    """Arrays for a model that takes batches: a Tensor of inputs, the samples along the first axis.

    Args:
        X: The inputs, shape (n, ...); a tuple of such arrays for a model that takes a tuple.
        y: The targets, shape (n, ...), or a tuple likewise, such as targets and sample weights.
        dtype: What real numbers are converted to, so that a model in single precision computes in it; None to leave
            them. Integers stay.

    Raises:
        MicrogradTypeError: If they aren't arrays of numbers.
        MicrogradValueError: If there are none, or X and y differ in length.

    Example:
        >>> samples = ArraySamples([[0.0, 1.0], [2.0, 3.0]], [1, 0])
        >>> samples.take([1])
        (array([[2., 3.]]), array([0]))
    """

    def __init__(self, X: Any, y: Any, dtype: Any = None) -> None:
        self.X, self.y = _mapped(partial(_plain, dtype=dtype), X), _mapped(partial(_plain, dtype=dtype), y)
        self._count = len(_first(self.X))
        for part in (*_listed(self.X), *_listed(self.y)):
            require_samples(self._count, len(part))

    def __len__(self) -> int:
        return self._count

    def take(self, rows: Sequence[int]) -> Batch:
        """The inputs and targets of these rows."""

        def taken(part: Any) -> Any:
            return part.take(rows, axis=0)

        return _mapped(taken, self.X), _mapped(taken, self.y)

    def count(self, X: Any) -> int:
        """How many samples a batch has."""
        return len(_first(X))

    def predict(self, model: Any, X: Any) -> Any:
        """What the model gives for a Tensor of inputs that `take` gave; inside a compiled step, for their stand-in."""
        return model(_mapped(_adopted, X))

    def for_program(self, X: Any, y: Any) -> Batch:
        """The batch as it is."""
        return X, y

    def numbers(self, scores: Any) -> Any:
        """The scores as arrays."""
        return _mapped(_as_array, scores)

    def as_scores(self, numbers: Any) -> Any:
        """The scores as Tensors."""
        return _mapped(_as_tensor, numbers)

    def join(self, parts: Sequence[Any]) -> Any:
        """One array, or a tuple of them."""
        if isinstance(parts[0], tuple):
            return tuple(map(self.join, zip(*parts, strict=True)))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def have_labels(self) -> bool:
        """Whether the targets are integers, one a sample."""
        return isinstance(self.y, np.ndarray) and self.y.ndim == 1 and self.y.dtype.kind in "iu"


def _mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    return tuple(_mapped(function, part) for part in tree) if isinstance(tree, tuple) else function(tree)


def _listed(tree: Any) -> list[Any]:
    return [leaf for part in tree for leaf in _listed(part)] if isinstance(tree, tuple) else [tree]


def _first(tree: Any) -> Any:
    return _listed(tree)[0]


def _plain(part: Any, dtype: Any) -> Any:
    is_as_it_should_be = isinstance(part, Node) or (type(part) is np.ndarray and part.dtype.kind in "biuf")
    if not is_as_it_should_be:
        _require_numbers(part)
    array = part._data if isinstance(part, Node) else part if is_as_it_should_be else as_array(part, None)
    if dtype is not None and array.dtype.kind == "f":
        array = array.astype(dtype, copy=False)
    # A single number has no axis to draw samples from, and counts as an empty array.
    return array if array.ndim else array[None][:0]


def _require_numbers(part: Any) -> None:
    """Refuse, with what to write instead, what most often stands where an array is meant."""
    if hasattr(part, "toarray"):
        raise MicrogradTypeError(
            f"fit() takes dense arrays, not a sparse {type(part).__name__}: write X.toarray(). The estimators, "
            "MLPClassifier and MLPRegressor, take sparse matrices as they are."
        )
    if isinstance(part, Iterator):
        raise MicrogradTypeError(
            f"fit() goes through the data again and again, which {kind_of(part)} can't: write X = list(X)."
        )
    rows = part.to_numpy() if hasattr(part, "to_numpy") else part  # a table of pandas iterates over its columns' names
    first = next(iter(rows), None) if isinstance(rows, Iterable) and not isinstance(rows, dict) else rows
    if isinstance(first, (str, bytes)):
        raise MicrogradTypeError(
            f"the data hold texts, such as {str(first)!r:.40}, and a model computes with numbers. Write "
            "names, y = np.unique(y, return_inverse=True) of labels; of a table, micrograd.datasets.read_csv(path)."
        )


def _adopted(part: Any) -> Any:
    if not isinstance(part, np.ndarray):
        return part
    part.flags.writeable = False  # a callback has it, too, and the model may keep the Tensor
    return adopted(part)


def _as_tensor(part: Any) -> Any:
    return Tensor(part) if isinstance(part, np.ndarray) else part


def _as_array(part: Any) -> Any:
    return part._data if isinstance(part, Node) else part
