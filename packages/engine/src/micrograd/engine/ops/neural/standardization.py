"""Numbers moved to mean 0 and variance 1 over some axes: the primitives behind `normalization`.

`standardize` is fused: its rule is the derivative of the whole, with the mean and the deviation as functions of x,
since `g - mean(g) - out * mean(g * out)` needs fewer passes over the numbers than to differentiate step by step. The
mean and the deviation come in as operands, without rules of their own, so that the backward pass doesn't compute them
again.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.op import primitive

Axes = tuple[int, ...]


@primitive(
    # The center is the mean or 0: either way what moves it doesn't move the result to first order.
    lambda g, out, x, center, axes: (2.0 / count(x.shape, axes)) * g * (x - center),
    None,
)
def mean_square_from(x, center, axes=()):
    """The mean square of x from its mean, or from 0, along axes that are kept.

    Example:
        >>> mean_square_from(np.array([1.0, 3.0]), np.array([2.0]), axes=(0,))
        array([1.])
    """
    away = x - center
    away *= away
    return away.mean(axis=axes, keepdims=True)


@primitive(
    lambda g, out, x, center, scale, axes, is_centered: standardize_slope(
        g, out, scale, axes=axes, is_centered=is_centered
    ),
    None,
    None,
)
def standardize(x, center, scale, axes=(), is_centered=True):
    """(x - center) * scale, where these are the mean and the inverse deviation of x itself along the axes.

    Without `is_centered` the center isn't taken off, and the scale is the inverse root of the mean square.

    Example:
        >>> standardize(np.array([1.0, 3.0]), np.array([2.0]), np.array([1.0]), axes=(0,))
        array([-1.,  1.])
    """
    if not is_centered:
        return x * scale
    out = x - center
    out *= scale
    return out


@primitive(
    lambda h, slope, g, out, scale, axes, is_centered: standardize_slope(
        h, out, scale, axes=axes, is_centered=is_centered
    ),
    lambda h, slope, g, out, scale, axes, is_centered: -scale * (h * _mean(g * out, axes) + g * _mean(h * out, axes)),
    lambda h, slope, g, out, scale, axes, is_centered: sum(
        h * standardize_slope(g, out, 1.0, axes=axes, is_centered=is_centered), axis=axes, keepdims=True
    ),
    symbol="∂standardize",
)
def standardize_slope(g, out, scale, axes=(), is_centered=True):
    """g times the derivative of `standardize` by x: scale * (g - mean(g) - out * mean(g * out)).

    Example:
        >>> standardize_slope(np.array([1.0, 2.0, 4.0]), np.array([-1.0, 0.0, 1.0]), 1.0, axes=(0,)).round(6)
        array([-0.333333, -0.333333,  0.666667])
    """
    slope = g * out
    np.multiply(out, slope.mean(axis=axes, keepdims=True), out=slope)
    np.subtract(g, slope, out=slope)
    if is_centered:
        slope -= g.mean(axis=axes, keepdims=True)
    slope *= scale
    return slope


@primitive(lambda g, out, x, w, b: g * w, lambda g, out, x, w, b: g * x, lambda g, out, x, w, b: g, elementwise=True)
def scale_and_shift(x, w, b):
    """x * w + b in one array.

    Example:
        >>> scale_and_shift(np.array([1.0, 2.0]), 10.0, 1.0)
        array([11., 21.])
    """
    out = np.multiply(x, w, dtype=np.result_type(x, w, b))
    out += b
    return out


def count(shape: Any, axes: Axes) -> int:
    """How many elements lie along these axes."""
    return math.prod(shape[axis] for axis in axes)


def _mean(x: Any, axes: Axes) -> Any:
    return mean(x, axis=axes, keepdims=True)
