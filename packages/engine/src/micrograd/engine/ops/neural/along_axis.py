"""What softmax and its kin ask of an axis, each several times as fast along the last one as by NumPy's reductions."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from micrograd.engine.ops.arrays.shapes import ones

_MOST = 8192  # the length up to which a vector that helps is kept


def normal_axis(x: Any, axis: Any) -> int:
    """The axis, counted from the front; 0 for a number."""
    if axis.__class__ is int and 0 <= axis < x.ndim:
        return axis
    return normalize_axis_index(operator.index(axis), max(x.ndim, 1))


def with_axis(x: Any, axis: int) -> Any:
    """x with an axis of length 1 at this place."""
    return x[..., None] if axis == x.ndim else np.expand_dims(x, axis)


def largest(x: Any, axis: int) -> Any:
    """The largest element along an axis, which is kept; -inf of none.

    Example:
        >>> largest(np.array([[1.0, 2.0], [4.0, 3.0]]), axis=1)
        array([[2.],
               [4.]])
    """
    if axis == x.ndim - 1 and x.size:
        return x.take(places(x.argmax(axis=axis), axis, x.shape[axis]))[..., None]
    return np.max(x, axis=axis, keepdims=True, initial=-np.inf)


def below(x: Any, peak: Any) -> Any:
    """How far each element lies below the largest: in C's order, so that sums have the same bits however x lies."""
    return np.subtract(x, peak, order="C")


def total(x: Any, axis: int) -> Any:
    """The sum along an axis, which is kept.

    Example:
        >>> total(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
        array([[3.],
               [7.]])
    """
    if axis != x.ndim - 1 or not 0 < x.shape[axis] <= _MOST or x.dtype.char not in "fd":
        return np.add.reduce(x, axis=axis, keepdims=True)
    if axis == 1:
        return x.dot(ones(x.shape[1], x.dtype))[:, None]
    return x.reshape(-1, x.shape[axis]).dot(ones(x.shape[axis], x.dtype)).reshape(*x.shape[:-1], 1)


def places(labels: Any, axis: int, classes: int) -> Any:
    """Where an array of so many `classes` along `axis`, read row by row, has the one of each label.

    `take` and `put` with these take half as long as an index for each axis.

    Example:
        >>> np.array([[1.0, 2.0], [3.0, 4.0]]).take(places(np.array([1, 0]), axis=1, classes=2))
        array([2., 3.])
    """
    if labels.dtype != np.intp:
        labels = labels.astype(np.intp)
    if labels.ndim == axis == 1 and len(labels) <= _MOST:  # the common case, spelled out
        return labels + _starts(len(labels), classes)
    outer, inner = math.prod(labels.shape[:axis]), math.prod(labels.shape[axis:])
    starts = np.add.outer(np.arange(outer) * (inner * classes), np.arange(inner))
    return starts.reshape(labels.shape) + labels * inner


@functools.lru_cache(maxsize=8)
def _starts(rows: int, classes: int) -> np.ndarray:
    """Where each row begins; nobody may write to it."""
    return np.arange(0, rows * classes, classes)
