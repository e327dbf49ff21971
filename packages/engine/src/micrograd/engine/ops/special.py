"""Elementwise primitives for probabilities and signals that need care where a plain formula over- or underflows."""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.ops import ieee
from micrograd.engine.ops.activations import sigmoid
from micrograd.engine.ops.choices import abs, where
from micrograd.engine.ops.elementwise import div, elementwise, log
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.trigonometry import cos, sin


@elementwise(lambda g, out, x, y: g * sigmoid(x - y), lambda g, out, x, y: g * sigmoid(y - x))
def logaddexp(x, y):
    """log(e**x + e**y), without overflow on the way.

    Example:
        >>> logaddexp(1000.0, 1000.0)
        1000.6931471805599
    """
    return ieee.logaddexp(x, y)


@by_any_name
def logaddexp2(x: Any, y: Any) -> Any:
    """log2(2**x + 2**y), without overflow on the way.

    Example:
        >>> logaddexp2(3.0, 3.0)
        4.0
    """
    if getattr(x, "dtype", None) != getattr(y, "dtype", None):  # first of all, so that no digits are lost on the way
        x, y = where(True, x, y), where(False, x, y)
    return logaddexp(x * math.log(2.0), y * math.log(2.0)) / math.log(2.0)


def _off_zero(x, y):
    """y; but 1 where x is 0 and y isn't above it, so that 0 * log(y) and 0 / y are 0 there."""
    return where(x > 0.0, y, where(x < 0.0, y, where(y <= 0.0, 1.0, y)))


@elementwise(lambda g, out, x, y: g * log(_off_zero(x, y)), lambda g, out, x, y: g * x / _off_zero(x, y))
def xlogy(x, y):
    """x * log(y), and 0 where x is 0, even at y = 0: the term of an entropy. Its gradient at (0, 0) is 0.

    Example:
        >>> xlogy(2.0, 1.0), xlogy(0.0, 0.0)
        (0.0, 0.0)
    """
    return x * log(where(x == 0.0, where(y == y, 1.0, y), y))


# sinc'(x) = (cos(pi x) - sinc(x)) / x cancels near 0. There its Taylor series serves, of which 12 terms are exact to
# the last digit up to |x| = 1/2 in the first derivative, and to 1e-12 in the second and third.
_SINC_SLOPE = [(-1.0) ** k * math.pi ** (2 * k) * 2 * k / math.factorial(2 * k + 1) for k in range(1, 13)]


def _sinc_slope(x):
    near = abs(x) < 0.5
    u = where(near, x, 0.0)
    series = 0.0
    for coefficient in reversed(_SINC_SLOPE):
        series = series * (u * u) + coefficient
    away = where(near, 1.0, x)
    return where(near, u * series, (cos(math.pi * away) - sinc(away)) / away)


@elementwise(lambda g, out, x: g * _sinc_slope(x))
def sinc(x):
    """sin(pi x) / (pi x), and 1 at 0; the impulse response of the ideal low-pass filter.

    Example:
        >>> sinc(0.0), sinc(0.5)
        (1.0, 0.6366197723675814)
    """
    return where(x == 0.0, 1.0, div(sin(math.pi * x), where(x == 0.0, 1.0, math.pi * x)))
