"""Softmax and its logarithm, shifted by the largest element so that nothing overflows."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.elementwise import exp
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_floats
from micrograd.engine.ops.op import primitive


def softmax_rule(g: Any, out: Any, x: Any, axis: int) -> Any:
    """What reaches x when g arrives at the probabilities `out`."""
    return out * (g - sum(g * out, axis=axis, keepdims=True))


@primitive(softmax_rule)
def softmax(x, axis=-1):
    """e**x divided by its sum along an axis: positive numbers that add up to 1; with `dtype`, of x in that one.

    Example:
        >>> softmax(np.array([0.0, np.log(3.0)]))
        array([0.25, 0.75])
    """
    require_floats("softmax", input=x)
    grown = np.asarray(x - np.max(x, axis=operator.index(axis), keepdims=True, initial=-np.inf))
    np.exp(grown, out=grown)
    grown /= grown.sum(axis=axis, keepdims=True)
    return grown


@softmax.extended
def _softmax_in(x, axis=-1, dtype=None):
    return softmax(x if dtype is None else astype(x, dtype=dtype), axis=axis)


@by_any_name
def softmin(x: Any, axis: int = -1, dtype: Any = None) -> Any:
    """softmax(-x): the smallest element has the largest share; with `dtype`, of x in that one.

    Example:
        >>> softmin(np.array([0.0, np.log(3.0)]))
        array([0.75, 0.25])
    """
    return softmax(-(x if dtype is None else astype(x, dtype=dtype)), axis=axis)


@primitive(softmax_rule)
def masked_softmax(x, axis=-1):
    """Softmax where -inf means "not there", so that it is 0 (not nan) where nothing is there.

    Example:
        >>> masked_softmax(np.array([[0.0, -np.inf], [-np.inf, -np.inf]]))
        array([[1., 0.],
               [0., 0.]])
    """
    largest = np.max(x, axis=operator.index(axis), keepdims=True, initial=-np.inf)
    largest[largest == -np.inf] = 0
    grown = x - largest
    np.exp(grown, out=grown)
    total = grown.sum(axis=axis, keepdims=True)
    total[total == 0] = 1
    grown /= total
    return grown


@primitive(lambda g, out, x, axis: g - exp(out) * sum(g, axis=axis, keepdims=True))
def log_softmax(x, axis=-1):
    """log(softmax(x)), which neither overflows nor loses digits: not even of a probability close to 1.

    With `dtype`, of x in that one.

    Example:
        >>> log_softmax(np.array([0.0, 50.0]))
        array([-5.00000000e+01, -1.92874985e-22])
    """
    require_floats("log_softmax", input=x)
    axis = normalize_axis_index(operator.index(axis), max(x.ndim, 1))
    if x.ndim == 0:
        return x - x
    if x.size == 0:
        return x + 0.0
    largest = places(np.argmax(x, axis=axis), axis, x.shape[axis])
    shifted = x - np.expand_dims(x.take(largest), axis)
    grown = np.exp(shifted)
    grown.put(largest, 0)  # e**0 = 1 of the largest itself, which log1p adds: a tiny sum of the others isn't lost
    shifted -= np.log1p(grown.sum(axis=axis, keepdims=True))
    return shifted


@log_softmax.extended
def _log_softmax_in(x, axis=-1, dtype=None):
    return log_softmax(x if dtype is None else astype(x, dtype=dtype), axis=axis)


def places(labels: Any, axis: int, classes: int) -> Any:
    """Where an array of so many `classes` along `axis`, read row by row, has the one of each label.

    `take` and `put` with these take half as long as an index for each axis.

    Example:
        >>> np.array([[1.0, 2.0], [3.0, 4.0]]).take(places(np.array([1, 0]), axis=1, classes=2))
        array([2., 3.])
    """
    if labels.dtype != np.intp:
        labels = labels.astype(np.intp)
    if labels.ndim == axis == 1:  # the common case, spelled out
        return _starts(len(labels), classes) + labels
    outer, inner = math.prod(labels.shape[:axis]), math.prod(labels.shape[axis:])
    starts = np.add.outer(np.arange(outer) * (inner * classes), np.arange(inner))
    return starts.reshape(labels.shape) + labels * inner


@functools.lru_cache(maxsize=8)
def _starts(rows: int, classes: int) -> np.ndarray:
    """Where each row of a matrix begins."""
    return np.arange(0, rows * classes, classes)
