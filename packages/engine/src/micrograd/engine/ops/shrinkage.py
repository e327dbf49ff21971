"""Elementwise functions that take small numbers for noise, and two maps between a probability and a score.

Formulas, settings and their defaults are PyTorch's. Only `tanhshrink` needs a rule of its own; the others are composed.
"""

from __future__ import annotations

from typing import Any

from micrograd.engine.ops.choices import abs, clip, where
from micrograd.engine.ops.elementwise import elementwise, log, log1p
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.trigonometry import tanh


@by_any_name
def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """x, and 0 where |x| <= lambd; nan stays nan.

    Example:
        >>> hardshrink(0.25), hardshrink(-2.0)
        (0.0, -2.0)

    Reference:
        D. L. Donoho & I. M. Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81 (1994).
    """
    return where(abs(x) <= lambd, 0.0, x)


@by_any_name
def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """x moved towards 0 by lambd, and 0 where |x| <= lambd: what minimises (y - x)**2 / 2 + lambd |y|.

    Example:
        >>> softshrink(0.25), softshrink(-2.0)
        (0.0, -1.5)

    Reference:
        D. L. Donoho, De-noising by soft-thresholding, IEEE Transactions on Information Theory 41 (1995).
    """
    return x - clip(x, -lambd, lambd)


def _lambert(x: Any) -> Any:
    """x - tanh(x) for |x| < 1, by J. H. Lambert's continued fraction tanh(x) = x / (1 + x²/(3 + x²/(5 + ...))) of 1761.

    Not the difference of two nearly equal numbers, but x u / (1 + u), where u is all that follows the 1.
    """
    square = x * x
    rest = 21.0
    for odd in range(19, 1, -2):
        rest = odd + square / rest
    return x * square / (rest + square)


@elementwise(lambda g, out, x: g * tanh(x) * tanh(x))
def tanhshrink(x):
    """x - tanh(x).

    Example:
        >>> tanhshrink(1e-5), tanhshrink(20.0)
        (3.33333333320000...e-16, 19.0)
    """
    near = abs(x) < 1.0
    return where(near, _lambert(where(near, x, 0.0)), x - tanh(x))


@by_any_name
def threshold(x: Any, threshold: float, value: float) -> Any:
    """x above the threshold, else the value; nan stays nan.

    Example:
        >>> threshold(3.0, 1.0, -7.0), threshold(1.0, 1.0, -7.0)
        (3.0, -7.0)
    """
    return where(x <= threshold, value, x)


@by_any_name
def logit(x: Any, eps: float | None = None) -> Any:
    """log(x / (1 - x)), the inverse of `sigmoid`; ±inf at 0 and 1, nan beyond.

    Args:
        x: A probability: a number, Value, array or Tensor.
        eps: If given, x is first kept within [eps, 1 - eps].

    Example:
        >>> logit(0.5), round(logit(0.0, eps=0.01), 4)
        (0.0, -4.5951)
    """
    x = x if eps is None else clip(x, eps, 1.0 - eps)
    return log(x) - log1p(-x)


@by_any_name
def lerp(start: Any, end: Any, weight: Any) -> Any:
    """start + weight * (end - start), linear interpolation; exactly `end` for a weight of 1.

    Example:
        >>> lerp(10.0, 20.0, 0.25)
        12.5
    """
    way = end - start
    return where(abs(weight) < 0.5, start + weight * way, end - (1.0 - weight) * way)
