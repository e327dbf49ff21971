"""Quantiles: the element at a given share of the way through the sorted ones, or between the two nearest.

A gradient goes to the one or two elements that were picked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.indexing import take, take_along_axis
from micrograd.engine.ops.arrays.reductions import any
from micrograd.engine.ops.arrays.shapes import gathered, moveaxis, reshape, sum
from micrograd.engine.ops.arrays.sorting import sort
from micrograd.engine.ops.choices import ceil, floor, isnan, maximum, round, where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.shrinkage import lerp

_PICKS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda place: place,
    "lower": floor,
    "higher": ceil,
    "nearest": round,
    "midpoint": lambda place: (floor(place) + ceil(place)) / 2.0,
}
"""Which place is meant by one that lies between two."""


@by_any_name
def quantile(x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """The quantiles of the elements: 0 is the smallest, 0.5 the median, 1 the largest; nan if any element is.

    Args:
        x: An array or Tensor.
        q: One share between 0 and 1, or an array of them, whose axes come first in the result.
        axis: One axis, several (a tuple) or all (None).
        method: "linear" between two elements, their "midpoint", or one of them: "lower", "higher" or "nearest".
        keepdims: Whether the reduced axes stay, with length 1.

    Raises:
        MicrogradValueError: If a share lies outside of [0, 1], or there is no such method.

    Example:
        >>> quantile(np.array([1.0, 2.0, 4.0, 8.0]), [0.25, 0.5])
        array([1.75, 3.  ])

    Reference:
        R. J. Hyndman & Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996), type 7.
    """
    x = as_operand("quantile", x)
    out = _quantile(x, q, axis, method, keepdims, passes_over_nan=False)
    return where(any(isnan(x), axis=axis, keepdims=keepdims), float("nan"), out) if x.dtype.kind == "f" else out


@by_any_name
def percentile(x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """`quantile` by percents: 50 is the median.

    Example:
        >>> float(percentile(np.array([1.0, 2.0, 4.0, 8.0]), 50))
        3.0
    """
    return quantile(x, np.true_divide(q, 100.0), axis, method=method, keepdims=keepdims)


@by_any_name
def nanpercentile(x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """`nanquantile` by percents.

    Example:
        >>> float(nanpercentile(np.array([1.0, np.nan, 3.0]), 50))
        2.0
    """
    return nanquantile(x, np.true_divide(q, 100.0), axis, method=method, keepdims=keepdims)


@by_any_name
def nanmedian(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The median of all that is a number; nan where there is none.

    Example:
        >>> float(nanmedian(np.array([1.0, np.nan, 3.0])))
        2.0
    """
    return nanquantile(x, 0.5, axis, keepdims=keepdims)


@by_any_name
def nanquantile(x: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """`quantile` of all that is a number; nan where there is none.

    Example:
        >>> float(nanquantile(np.array([1.0, np.nan, 3.0]), 0.5))
        2.0
    """
    return _quantile(as_operand("nanquantile", x), q, axis, method, keepdims, passes_over_nan=True)


def _quantile(x: Any, q: Any, axis: Any, method: str, keepdims: bool, passes_over_nan: bool) -> Any:
    shares = _shares(q, method)
    axes = tuple(range(x.ndim)) if axis is None else as_axes("quantile", axis, x.ndim)
    in_order = sort(gathered(x, axes), axis=-1)  # nan comes last
    if not in_order.shape[-1]:
        in_order = sum(in_order, axis=-1, keepdims=True) + float("nan")
    pick: Callable[..., Any]
    if passes_over_nan:
        counts, pick = sum(~isnan(in_order), axis=-1, keepdims=True), take_along_axis
        places = maximum(counts - 1, 0) * shares.reshape(-1)
    else:
        places, pick = (in_order.shape[-1] - 1) * shares.reshape(-1), take
    places = _PICKS[method](places)
    left, right = (pick(in_order, astype(place, dtype=np.intp), axis=-1) for place in (floor(places), ceil(places)))
    between = places - floor(places)
    if x.dtype.kind == "f" and isinstance(q, (int, float)):  # a Python number never changes a dtype
        between = astype(between, dtype=x.dtype)
    out = lerp(left, right, between)
    kept = tuple(1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes)
    return reshape(moveaxis(out, -1, 0), shape=(*shares.shape, *kept))


def _shares(q: Any, method: str) -> np.ndarray:
    shares = np.asarray(q, dtype=float)
    if not np.all((shares >= 0.0) & (shares <= 1.0)):
        raise MicrogradValueError(f"quantile(q={q!r:.60}): a share lies between 0 and 1; percentile() takes percents")
    if method not in _PICKS:
        raise MicrogradValueError(f"quantile(method={method!r}): there are {', '.join(_PICKS)}")
    return shares
