"""Quantiles: the element at a given share of the way through the sorted ones, or between the two nearest.

A gradient goes to the one or two elements that were picked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.indexing import take, take_along_axis
from micrograd.engine.ops.arrays.reductions import any
from micrograd.engine.ops.arrays.scans import cumsum
from micrograd.engine.ops.arrays.shapes import broadcast_to, gathered, moveaxis, reshape, sum
from micrograd.engine.ops.arrays.sorting import argsort, sort
from micrograd.engine.ops.arrays.summaries import weights_along
from micrograd.engine.ops.choices import ceil, clip, floor, isnan, maximum, round, where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.shrinkage import lerp


def _between(a: float, b: float) -> Callable[[Any, Any], Any]:
    """Hyndman & Fan's family: the i-th of n elements, from 1 on, is the (i - a) / (n + 1 - a - b) quantile."""
    return lambda n, q: n * q + (a + q * (1.0 - a - b)) - 1.0


def _on_or_beyond(place: Any, on: Any) -> Any:
    """A place that is a whole number by `on`, and one that is none by the next that is."""
    return where(place == floor(place), on, floor(place) + 1.0)


_DISCRETE: dict[str, Callable[[Any, Any], Any]] = {
    "lower": lambda n, q: floor((n - 1) * q),
    "higher": lambda n, q: ceil((n - 1) * q),
    "nearest": lambda n, q: round((n - 1) * q),
    "inverted_cdf": lambda n, q: ceil(n * q - 1.0),
    "closest_observation": lambda n, q: _on_or_beyond(
        n * q - 1.5, floor(n * q - 1.5) + where(floor(n * q - 1.5) % 2.0 == 1.0, 0.0, 1.0)
    ),
}
_CONTINUOUS: dict[str, Callable[[Any, Any], Any]] = {
    "linear": lambda n, q: (n - 1) * q,
    "midpoint": lambda n, q: (floor((n - 1) * q) + ceil((n - 1) * q)) / 2.0,
    "averaged_inverted_cdf": lambda n, q: _on_or_beyond(n * q - 1.0, n * q - 0.5),
    "interpolated_inverted_cdf": _between(0.0, 1.0),
    "hazen": _between(0.5, 0.5),
    "weibull": _between(0.0, 0.0),
    "median_unbiased": _between(1.0 / 3.0, 1.0 / 3.0),
    "normal_unbiased": _between(3.0 / 8.0, 3.0 / 8.0),
}
_METHODS = {**_CONTINUOUS, **_DISCRETE}
"""Where among n sorted elements, from 0 on, the share q has been passed."""


@by_any_name
def quantile(
    x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False, weights: Any = None
) -> Any:
    """The quantiles of the elements: 0 is the smallest, 0.5 the median, 1 the largest; nan if any element is.

    Args:
        x: An array or Tensor.
        q: One share between 0 and 1, or an array of them, whose axes come first in the result; no gradient reaches it.
        axis: One axis, several (a tuple) or all (None).
        method: "linear" between two elements, their "midpoint", or one of them: "lower", "higher" or "nearest"; and
            the others of NumPy, by Hyndman & Fan: "inverted_cdf", "averaged_inverted_cdf", "closest_observation",
            "interpolated_inverted_cdf", "hazen", "weibull", "median_unbiased" and "normal_unbiased".
        keepdims: Whether the reduced axes stay, with length 1.
        weights: How much each element counts, of x's shape or one number for each place along `axis`, for the method
            "inverted_cdf". No gradient reaches them.

    Raises:
        MicrogradTypeError: If the shares ask for a gradient.
        MicrogradValueError: If a share lies outside of [0, 1], there is no such method, or the weights don't fit.

    Example:
        >>> quantile(np.array([1.0, 2.0, 4.0, 8.0]), [0.25, 0.5])
        array([1.75, 3.  ])

    Reference:
        R. J. Hyndman & Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996); "linear"
        is type 7.
    """
    x = as_operand("quantile", x)
    out = _quantile(x, q, axis, method, keepdims, weights, passes_over_nan=False)
    return where(any(isnan(x), axis=axis, keepdims=keepdims), float("nan"), out) if x.dtype.kind == "f" else out


@by_any_name
def percentile(
    x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False, weights: Any = None
) -> Any:
    """`quantile` by percents: 50 is the median.

    Example:
        >>> float(percentile(np.array([1.0, 2.0, 4.0, 8.0]), 50))
        3.0
    """
    return quantile(x, _numbers(q) / 100.0, axis, method=method, keepdims=keepdims, weights=weights)


@by_any_name
def nanpercentile(
    x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False, weights: Any = None
) -> Any:
    """`nanquantile` by percents.

    Example:
        >>> float(nanpercentile(np.array([1.0, np.nan, 3.0]), 50))
        2.0
    """
    return nanquantile(x, _numbers(q) / 100.0, axis, method=method, keepdims=keepdims, weights=weights)


@by_any_name
def nanmedian(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The median of all that is a number; nan where there is none.

    Example:
        >>> float(nanmedian(np.array([1.0, np.nan, 3.0])))
        2.0
    """
    lower, higher = (nanquantile(x, 0.5, axis, method=side, keepdims=keepdims) for side in ("lower", "higher"))
    return lower * 0.5 + higher * 0.5


@by_any_name
def nanquantile(
    x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False, weights: Any = None
) -> Any:
    """`quantile` of all that is a number; nan where there is none.

    Example:
        >>> float(nanquantile(np.array([1.0, np.nan, 3.0]), 0.5))
        2.0
    """
    return _quantile(as_operand("nanquantile", x), q, axis, method, keepdims, weights, passes_over_nan=True)


def _quantile(x: Any, q: Any, axis: Any, method: str, keepdims: bool, weights: Any, passes_over_nan: bool) -> Any:
    shares = _shares(q, method)
    axes = tuple(range(x.ndim)) if axis is None else as_axes("quantile", axis, x.ndim)
    in_order = sort(gathered(x, axes), axis=-1)  # nan comes last
    if not in_order.shape[-1]:
        in_order = sum(in_order, axis=-1, keepdims=True) + float("nan")
    n: Any = in_order.shape[-1]
    pick: Callable[..., Any] = take
    if passes_over_nan:
        n, pick = sum(~isnan(in_order), axis=-1, keepdims=True), take_along_axis
    if weights is None:
        places = clip(_METHODS[method](n, shares.reshape(-1)), 0, maximum(n - 1, 0))
    else:
        places, pick = _weighted_places(x, shares.reshape(-1), axis, axes, method, weights), take_along_axis
    out = _picked(in_order, places, pick, method, _dtype_beside(x, q))
    kept = tuple(1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes)
    return reshape(moveaxis(out, -1, 0), shape=(*shares.shape, *kept))


def _picked(in_order: Any, places: Any, pick: Callable[..., Any], method: str, dtype: np.dtype) -> Any:
    """The elements at the places, and between two of them in proportion."""
    left = pick(in_order, astype(floor(places), dtype=np.intp), axis=-1)
    if method in _DISCRETE:
        return left
    right = pick(in_order, astype(ceil(places), dtype=np.intp), axis=-1)
    return lerp(left, right, astype(places - floor(places), dtype=dtype))


def _dtype_beside(x: Any, q: Any) -> np.dtype:
    """The dtype of shares, which promotes x's as in NumPy: a Python number never changes a dtype of floats."""
    is_weak = x.dtype.kind == "f" and type(q) in (int, float)
    dtype = np.dtype(x.dtype if is_weak else getattr(q, "dtype", float))
    return dtype if dtype.kind == "f" else np.dtype(float)


def _weighted_places(x: Any, shares: np.ndarray, axis: Any, axes: tuple[int, ...], method: str, weights: Any) -> Any:
    """Of each share, the place of the first sorted element up to which as much of the weight has been passed."""
    if method != "inverted_cdf":
        raise MicrogradValueError(f"quantile(method={method!r}) takes no weights; only method='inverted_cdf' does")
    numbers = _numbers(weights)
    if not np.all(numbers >= 0.0):
        raise MicrogradValueError("quantile(weights=...): each element counts at least 0; one of the weights doesn't")
    every = broadcast_to(weights_along("quantile", x, axis, numbers), shape=tuple(x.shape))
    rows = gathered(x, axes)
    heavy = where(isnan(rows), 0.0, gathered(every, axes)) if x.dtype.kind == "f" else gathered(every, axes)
    passed = cumsum(take_along_axis(heavy, argsort(rows, axis=-1), axis=-1), axis=-1)
    shares_passed = where(passed == 0.0, -1.0, passed / passed[..., -1:])  # what counts for nothing is never picked
    before = sum(shares_passed[..., None, :] < shares[:, None], axis=-1)
    return clip(before, 0, rows.shape[-1] - 1)


def _numbers(given: Any) -> np.ndarray:
    """Shares or weights as plain numbers.

    Raises:
        MicrogradTypeError: If they ask for a gradient.
    """
    if getattr(given, "requires_grad", False):
        raise MicrogradTypeError(
            "quantile(): no gradient reaches q and the weights, but they were given as a Tensor that asks for one. "
            "Write q.detach()."
        )
    return np.asarray(given, dtype=float)


def _shares(q: Any, method: str) -> np.ndarray:
    shares = _numbers(q)
    if not np.all((shares >= 0.0) & (shares <= 1.0)):
        raise MicrogradValueError(f"quantile(q={q!r:.60}): a share lies between 0 and 1; percentile() takes percents")
    if method not in _METHODS:
        raise MicrogradValueError(f"quantile(method={method!r}): there are {', '.join(_METHODS)}")
    return shares
