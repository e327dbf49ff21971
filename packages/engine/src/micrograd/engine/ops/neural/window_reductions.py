"""Sums and maxima of windows: the primitives behind `pooling`.

Windows are never gathered: with k elements in a window, the output is the maximum or sum of k strided slices of the
input. The sum is linear, and `window_spread` is its transpose. The maximum is linear too once it is known which element
won, the first of equals as in PyTorch; `window_max_scatter` and `window_max_gather` are that map and its transpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from micrograd.engine.ops.neural.windows import Windows
from micrograd.engine.ops.op import primitive

# ---- sums --------------------------------------------------------------------------------------------------


@primitive(lambda g, out, x, windows: window_spread(g, windows=windows, size=x.shape[-windows.ndim :]))
def window_sum(x, windows=None):
    """The sum of every window, along the last axes: (..., *size) to (..., *counts).

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> window_sum(np.array([1.0, 2.0, 4.0]), windows=windows_of("avg_pool1d", (3,), 2))
        array([3., 6.])
    """
    padded, counts = windows.padded(x), windows.counts(x.shape[-windows.ndim :])
    (_, first), *others = windows.parts(counts)
    out = padded[first].copy()
    for _, part in others:
        out += padded[part]
    return out


@primitive(lambda g, out, x, windows, size: window_sum(g, windows=windows))
def window_spread(x, windows=None, size=()):
    """The transpose of `window_sum`: each number goes to all elements of its window.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> window_spread(np.array([1.0, 10.0]), windows=windows_of("avg_pool1d", (3,), 2), size=(3,))
        array([ 1., 11., 10.])
    """
    padded = np.zeros((*x.shape[: -windows.ndim], *windows.padded_size(size)), x.dtype)
    for _, part in windows.parts(x.shape[-windows.ndim :]):
        target = padded[part]
        target += x
    return padded[windows.interior(size)]


# ---- maxima ------------------------------------------------------------------------------------------------


@primitive(lambda g, out, x, windows: window_max_scatter(g, out, x, windows=windows))
def window_max(x, windows=None):
    """The largest element of every window, along the last axes; nan if there is one.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> window_max(np.array([1.0, 3.0, 2.0]), windows=windows_of("max_pool1d", (3,), 2))
        array([3., 3.])
    """
    padded, counts = windows.padded(x, _least(x.dtype)), windows.counts(x.shape[-windows.ndim :])
    (_, first), *others = windows.parts(counts)
    out = padded[first].copy()
    for _, part in others:
        np.maximum(out, padded[part], out=out)
    return out


@primitive(lambda h, scattered, g, out, x, windows: window_max_gather(h, out, x, windows=windows), None, None)
def window_max_scatter(g, out, x, windows=None):
    """g at the first element of each window of x that equals `out`, the window's maximum; zeros elsewhere.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> windows = windows_of("max_pool1d", (3,), 2)
        >>> x, out = np.array([1.0, 3.0, 2.0]), np.array([3.0, 3.0])
        >>> window_max_scatter(np.array([1.0, 10.0]), out, x, windows=windows)
        array([ 0., 11.,  0.])
    """
    size = x.shape[-windows.ndim :]
    padded = np.zeros((*x.shape[: -windows.ndim], *windows.padded_size(size)), g.dtype)
    is_finite = bool(np.isfinite(g).all())  # then g * won is g or 0, and several times faster than np.where
    for part, won in _winners(out, x, windows):
        target = padded[part]
        if is_finite and windows.are_disjoint:
            np.multiply(g, won, out=target)
        else:
            target += g * won if is_finite else np.where(won, g, 0)
    return padded[windows.interior(size)]


@primitive(
    lambda g, gathered, h, out, x, windows: window_max_scatter(g, out, x, windows=windows),
    None,
    None,
)
def window_max_gather(h, out, x, windows=None):
    """The transpose of `window_max_scatter`: what h holds at the element that won in each window of x.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> windows = windows_of("max_pool1d", (3,), 2)
        >>> x, out = np.array([1.0, 3.0, 2.0]), np.array([3.0, 3.0])
        >>> window_max_gather(np.array([5.0, 6.0, 7.0]), out, x, windows=windows)
        array([6., 6.])
    """
    padded, gathered = windows.padded(h), np.zeros(out.shape, h.dtype)
    for part, won in _winners(out, x, windows):
        np.copyto(gathered, padded[part], where=won)
    return gathered


def _winners(out: Any, x: Any, windows: Windows) -> Iterator[tuple[Any, Any]]:
    """For each position in the window, its slice of the padded x, and in which windows its element won."""
    padded, has_nan = windows.padded(x, _least(x.dtype)), bool(np.isnan(out).any())
    is_open = np.ones(out.shape, bool)
    for _, part in windows.parts(out.shape[-windows.ndim :]):
        won = padded[part] == out
        if has_nan:
            won |= np.isnan(padded[part])
        won &= is_open
        is_open ^= won
        yield part, won


def _least(dtype: Any) -> Any:
    """What loses against every number of a dtype."""
    return -np.inf if dtype.kind == "f" else False if dtype.kind == "b" else np.iinfo(dtype).min
