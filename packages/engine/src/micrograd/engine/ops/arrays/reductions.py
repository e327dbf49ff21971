"""Primitives that reduce along axes: means, extrema, spread, logsumexp; and counts, which have no gradient.

All take `axis` (an integer, a tuple, or None for all axes) and `keepdims`, and but for logsumexp and counts `where`, a
mask of what counts: what that comes to stands below each. `sum` stands with its transpose in `shapes`, `prod` with the
running products in `scans`, `median` with `sort`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops import choices
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.casting import astype, real_dtype
from micrograd.engine.ops.arrays.masking import chosen
from micrograd.engine.ops.arrays.shapes import broadcast_to, restored, sum, to_summands
from micrograd.engine.ops.choices import maximum, minimum
from micrograd.engine.ops.elementwise import exp, sqrt
from micrograd.engine.ops.op import Op, primitive


def counted(x: Any, axis: Any) -> int:
    """How many elements of x go into each element of a reduction."""
    if axis is None or not x.shape:
        return math.prod(x.shape)
    return math.prod(x.shape[a] for a in (axis if isinstance(axis, tuple) else (axis,)))


# ---- mean and spread ---------------------------------------------------------------------------------------


@primitive(lambda g, out, x, axis, keepdims, dtype: to_summands(g / counted(x, axis), out, x, axis, keepdims))
def mean(x, axis=None, keepdims=False, dtype=None):
    """The arithmetic mean; nan over nothing. With `where`, a mask of what counts, as in NumPy.

    Example:
        >>> mean(np.array([[1.0, 3.0], [5.0, 7.0]]), axis=0)
        array([3., 5.])
    """
    x, dtype = np.asarray(x), None if dtype is None else real_dtype(dtype)
    if x.dtype.kind != "f" or x.dtype.itemsize < 4:
        return _mean_of_coarse(x, axis, keepdims, dtype)
    # np.mean does the same, but slower, and warns of an empty slice.
    return np.add.reduce(x, axis=axis, dtype=dtype, keepdims=keepdims) / counted(x, axis)


def _mean_of_coarse(x, axis, keepdims, dtype):
    """The mean of integers, booleans and float16, in a wider type, as NumPy has it."""
    wide = dtype or (np.float32 if x.dtype.kind == "f" else np.float64)
    out = np.add.reduce(x, axis=axis, dtype=wide, keepdims=keepdims) / counted(x, axis)
    return out.astype(x.dtype) if dtype is None and x.dtype.kind == "f" else out


@mean.extended
def _mean_of_some(x, axis=None, dtype=None, out=None, keepdims=False, where=True):
    some, coarse = chosen("mean", x, where, 0), x.dtype.kind != "f" or x.dtype.itemsize < 4
    total = sum(some, axis=axis, dtype=dtype or (np.float64 if coarse else None), keepdims=keepdims)
    out = total / _counts(where, some, axis, keepdims, total.dtype)
    return astype(out, dtype=x.dtype) if coarse and dtype is None and x.dtype.kind == "f" else out


def _counts(mask: Any, x: Any, axis: Any, keepdims: bool, dtype: Any) -> Any:
    """How many elements of x the mask leaves for each element of a reduction."""
    left = broadcast_to(as_operand("where", mask), shape=tuple(x.shape))
    return sum(left, axis=axis, dtype=dtype, keepdims=keepdims)


def _deviations(x: np.ndarray, axis: Any) -> np.ndarray:
    return x - np.add.reduce(x, axis=axis, keepdims=True) / counted(x, axis)


def _freedom(x: Any, axis: Any, ddof: float, correction: float | None) -> float:
    """By what the squared deviations are divided."""
    return float(np.maximum(counted(x, axis) - _fewer(ddof, correction), 0))


def _fewer(ddof: float, correction: float | None) -> float:
    """By how much that is less than the number of elements; `correction` is the array API's name for `ddof`."""
    if correction is not None and ddof:
        raise MicrogradValueError(f"var, std: ddof={ddof} and correction={correction} are the same; give one of them")
    return ddof if correction is None else correction


def _or_one(x: Any) -> Any:
    """x, and 1 in place of 0, which can't be divided by."""
    return choices.where(x == 0, 1.0, x)


def _to_deviations(scale: Any, x: Any, axis: Any) -> Any:
    return scale * (x - mean(x, axis=axis, keepdims=True))


@primitive(
    lambda g, out, x, axis, keepdims, ddof, correction: _to_deviations(
        restored(g, x, axis, keepdims) * 2.0 / _freedom(x, axis, ddof, correction), x, axis
    )
)
def var(x, axis=None, keepdims=False, ddof=0, correction=None):
    """The variance, sum((x - mean)**2) / (n - ddof); nan where n is 0 or ddof.

    With `where`, a mask of what counts, `mean`, if that is known already, and `dtype`, to compute in, as in NumPy.

    Example:
        >>> float(var(np.array([1.0, 2.0, 3.0])))
        0.6666666666666666
        >>> float(var(np.array([1.0, 2.0, 3.0]), ddof=1))
        1.0
    """
    x = np.asarray(x)
    deviations = _deviations(x if x.dtype.kind == "f" else x.astype(np.float64), axis)
    return np.add.reduce(deviations * deviations, axis=axis, keepdims=keepdims) / _freedom(x, axis, ddof, correction)


@var.extended
def _var_of_some(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    x = as_operand("var", x)
    x = x if dtype is None else astype(x, dtype=dtype)
    center = _mean_of_some(x, axis=axis, keepdims=True, where=where) if mean is None else mean
    deviations = chosen("var", x - center, where, 0)
    total = sum(deviations * deviations, axis=axis, keepdims=keepdims)
    return total / maximum(_counts(where, x, axis, keepdims, total.dtype) - _fewer(ddof, correction), 0)


@primitive(
    # Where the deviation is 0, all that it multiplies is, too; 1 stands in for it, so that 0 arrives and not 0/0.
    lambda g, out, x, axis, keepdims, ddof, correction: _to_deviations(
        restored(g / choices.where(out == 0, 1.0, out), x, axis, keepdims) / _freedom(x, axis, ddof, correction),
        x,
        axis,
    )
)
def std(x, axis=None, keepdims=False, ddof=0, correction=None):
    """The standard deviation, sqrt(var); where it is 0, its gradient is 0 (a subgradient), as in PyTorch.

    With `where`, `mean` and `dtype`, as `var`.

    Example:
        >>> float(std(np.array([1.0, 2.0, 3.0]), ddof=1))
        1.0
    """
    return np.sqrt(var.forward(x, axis, keepdims, ddof, correction))


@std.extended
def _std_of_some(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    square = _var_of_some(x, axis, dtype, None, ddof, keepdims, where, mean, correction)
    return choices.where(square == 0, square, sqrt(_or_one(square)))  # where it is 0, so is its gradient


# ---- extrema -----------------------------------------------------------------------------------------------


def _to_extrema(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of an extremum: in equal parts to the elements that equal it, or to those that are nan."""
    chosen = (x == restored(out, x, axis, keepdims)) | (x != x)
    shares = sum(chosen, axis=axis, keepdims=True, dtype=g.dtype)
    return choices.where(chosen, restored(g, x, axis, keepdims) / shares, 0.0)


@primitive(_to_extrema)
def max(x, axis=None, keepdims=False):
    """The largest element; ties share the gradient evenly, and nan is kept.

    With `initial`, a number that takes part, and `where`, a mask of what does, as in NumPy.

    Raises:
        MicrogradValueError: Over nothing, without `initial`.

    Example:
        >>> max(np.array([[1.0, 3.0], [5.0, 2.0]]), axis=1)
        array([3., 5.])
    """
    return np.maximum.reduce(x, axis=axis, keepdims=keepdims)


@primitive(_to_extrema)
def min(x, axis=None, keepdims=False):
    """The smallest element; ties share the gradient evenly, and nan is kept.

    With `initial`, a number that takes part, and `where`, a mask of what does, as in NumPy.

    Raises:
        MicrogradValueError: Over nothing, without `initial`.

    Example:
        >>> min(np.array([[1.0, 3.0], [5.0, 2.0]]), axis=1)
        array([1., 2.])
    """
    return np.minimum.reduce(x, axis=axis, keepdims=keepdims)


@max.extended
def _max_of_some(x, axis=None, out=None, keepdims=False, initial=None, where=True):
    return _extremum(max, maximum, x, axis, keepdims, initial, where)


@min.extended
def _min_of_some(x, axis=None, out=None, keepdims=False, initial=None, where=True):
    return _extremum(min, minimum, x, axis, keepdims, initial, where)


def _extremum(of_all: Op, of_two: Op, x: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    """The extremum of what the mask leaves, and of `initial`, which is what it is of nothing."""
    some = chosen(of_all.name, x, where, _last(of_all, as_operand(of_all.name, x).dtype))
    if initial is None:
        if where is not True:
            raise MicrogradValueError(
                f"{of_all.name}(where=...) has no value where the mask leaves nothing: say what it is then, initial=..."
            )
        return of_all(some, axis=axis, keepdims=keepdims)
    if 0 in some.shape:
        return sum(some, axis=axis, keepdims=keepdims, dtype=some.dtype) + initial
    return of_two(of_all(some, axis=axis, keepdims=keepdims), initial)


def _last(of_all: Op, dtype: Any) -> Any:
    """What any number of this dtype precedes: the least for a maximum, the largest for a minimum."""
    if dtype.kind == "b":
        return of_all is min
    if dtype.kind == "f":
        return -math.inf if of_all is max else math.inf
    limits = np.iinfo(dtype)
    return dtype.type(limits.min if of_all is max else limits.max)


def _to_exponents(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The softmax of the elements; 0 where all of them are -inf."""
    total = restored(out, x, axis, keepdims)
    return restored(g, x, axis, keepdims) * exp(x - choices.where(total == -math.inf, 0.0, total))


@primitive(_to_exponents)
def logsumexp(x, axis=None, keepdims=False):
    """log(sum(exp(x))), without overflow; -inf over nothing.

    Where all elements are -inf so is the result, and the gradient is 0.

    Example:
        >>> float(logsumexp(np.array([1000.0, 1000.0])))
        1000.6931471805599
    """
    x = np.asarray(x)
    x = x if x.dtype.kind == "f" else x.astype(float)
    top = np.max(x, axis=axis, keepdims=True, initial=-math.inf)
    shift = np.where(np.isfinite(top), top, 0)
    out = np.log(np.add.reduce(np.exp(x - shift), axis=axis, keepdims=True)) + shift
    return out if keepdims else out.reshape(np.add.reduce(x, axis=axis).shape)


# ---- without gradient --------------------------------------------------------------------------------------


@primitive()
def all(x, axis=None, keepdims=False):
    """Whether all elements are true, that is not 0, or all where a mask `where` holds; nothing is.

    Example:
        >>> all(np.array([[True, False], [True, True]]), axis=1)
        array([False,  True])
    """
    return np.all(x, axis=axis, keepdims=keepdims)


@all.extended
def _all_of_some(x, axis=None, out=None, keepdims=False, where=True):
    return all(chosen("all", x, where, 1), axis=axis, keepdims=keepdims)


@primitive()
def any(x, axis=None, keepdims=False):
    """Whether any element is true, that is not 0, or any where a mask `where` holds.

    Example:
        >>> any(np.array([[False, False], [False, True]]), axis=1)
        array([False,  True])
    """
    return np.any(x, axis=axis, keepdims=keepdims)


@any.extended
def _any_of_some(x, axis=None, out=None, keepdims=False, where=True):
    return any(chosen("any", x, where, 0), axis=axis, keepdims=keepdims)


amax, amin = max, min


@primitive()
def count_nonzero(x, axis=None, keepdims=False):
    """How many elements aren't 0.

    Example:
        >>> int(count_nonzero(np.array([0.0, 2.0, 3.0])))
        2
    """
    return np.count_nonzero(x, axis=axis, keepdims=keepdims)
