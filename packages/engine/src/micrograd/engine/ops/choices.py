"""Elementwise primitives that choose, cut off or round: on each side of a border the slope is a constant.

Where a gradient could go either way, at a tie, a kink or a step, each entry says what it does there. Conditions are
written with `<` and `>` alone, since `==` on Values asks for identity.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.ops import ieee
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

elementwise = partial(primitive, elementwise=True)

# ---- one of two ------------------------------------------------------------------------------------------------------


@elementwise(None, lambda g, out, c, x, y: where(c, g, 0.0), lambda g, out, c, x, y: where(c, 0.0, g))
def where(condition, x, y):
    """x where the condition holds, else y; the gradient goes to the one that was chosen.

    Example:
        >>> where(2.0 > 1.0, 10.0, 20.0)
        10.0
    """
    return x if condition else y


@elementwise(
    lambda g, out, x, y: where(x < y, 0.0, where(x <= y, 0.5 * g, g)),
    lambda g, out, x, y: where(y < x, 0.0, where(y <= x, 0.5 * g, g)),
)
def maximum(x, y):
    """The larger of two, nan if either is nan; at a tie each receives half of the gradient.

    Example:
        >>> maximum(1.0, 2.0)
        2.0
    """
    return ieee.maximum(x, y)


@elementwise(
    lambda g, out, x, y: where(x > y, 0.0, where(x >= y, 0.5 * g, g)),
    lambda g, out, x, y: where(y > x, 0.0, where(y >= x, 0.5 * g, g)),
)
def minimum(x, y):
    """The smaller of two, nan if either is nan; at a tie each receives half of the gradient.

    Example:
        >>> minimum(1.0, 2.0)
        1.0
    """
    return ieee.minimum(x, y)


# ---- cutting off -----------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x, min: where(x < min, 0.0, g), lambda g, out, x, min: where(x < min, g, 0.0))
def clamp_min(x, min):
    """x, but no less than min; unlike in `maximum`, at a tie the whole gradient goes to x.

    Example:
        >>> clamp_min(-3.0, 0.0)
        0.0
    """
    return ieee.maximum(x, min)


@elementwise(lambda g, out, x, max: where(x > max, 0.0, g), lambda g, out, x, max: where(x > max, g, 0.0))
def clamp_max(x, max):
    """x, but no more than max; unlike in `minimum`, at a tie the whole gradient goes to x.

    Example:
        >>> clamp_max(7.0, 6.0)
        6.0
    """
    return ieee.minimum(x, max)


@by_any_name
def fmax(x: Any, y: Any) -> Any:
    """The larger of two, and if one of them is nan, the other.

    Example:
        >>> fmax(1.0, float("nan"))
        1.0
    """
    return where(isnan(x), y, where(isnan(y), x, maximum(x, y)))


@by_any_name
def fmin(x: Any, y: Any) -> Any:
    """The smaller of two, and if one of them is nan, the other.

    Example:
        >>> fmin(1.0, float("nan"))
        1.0
    """
    return where(isnan(x), y, where(isnan(y), x, minimum(x, y)))


@by_any_name
def clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """x kept within [a_min, a_max]; a limit that is None isn't there. If a_min > a_max, the result is a_max.

    The limits are operands like x: they broadcast, and receive the gradient wherever they are what comes out. On a
    limit itself it goes to x.

    Args:
        x: A number, Value, array or Tensor.
        a_min: The lower limit.
        a_max: The upper limit.
        min: Another name for a_min, as in NumPy from 2.1 on and PyTorch's clamp.
        max: Another name for a_max.

    Raises:
        MicrogradTypeError: If a limit is given under both of its names.

    Example:
        >>> clip(7.0, 0.0, 6.0), clip(-3.0, a_min=0.0)
        (6.0, 0.0)
    """
    least, most = _range(x)
    lower, upper = _one_of("min", a_min, min), _one_of("max", a_max, max)
    lower = None if type(lower) is int and lower <= least else lower
    upper = None if type(upper) is int and upper >= most else upper
    x = x if lower is None else clamp_min(x, lower)
    return x if upper is None else clamp_max(x, upper)


def _range(x: Any) -> tuple[float, float]:
    """From where to where the numbers of x's dtype go, as far as that excludes Python integers."""
    dtype = getattr(x, "dtype", None)
    if dtype is None or dtype.kind not in "iu":
        return -math.inf, math.inf
    bits = 8 * dtype.itemsize
    return (0, 2**bits - 1) if dtype.kind == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _one_of(name: str, numpy_limit: Any, limit: Any) -> Any:
    if numpy_limit is not None and limit is not None:
        raise MicrogradTypeError(
            f"clip() was given both a_{name} and {name}, two names of one limit; write one of them"
        )
    return limit if numpy_limit is None else numpy_limit


clamp = clip

# ---- steps: piecewise constant, with a slope of 0 --------------------------------------------------------------------


def flat(g, out, *operands, **settings):
    """The rule of a step: zeros, also where g is inf or nan."""
    return where(False, g, 0.0)


@elementwise(flat)
def sign(x):
    """-1, 0 or 1 (nan for nan); piecewise constant: its gradient is 0.

    Example:
        >>> sign(-2.0)
        -1.0
    """
    return x if x != x else float((x > 0.0) - (x < 0.0))


@elementwise(flat)
def floor(x):
    """The largest integer that is no larger than x; piecewise constant: its gradient is 0.

    Example:
        >>> floor(-1.5)
        -2.0
    """
    return ieee.floor(x)


@elementwise(flat)
def ceil(x):
    """The smallest integer that is no smaller than x; piecewise constant: its gradient is 0.

    Example:
        >>> ceil(1.2)
        2.0
    """
    return ieee.ceil(x)


@elementwise(flat)
def trunc(x):
    """x without its digits after the point; piecewise constant: its gradient is 0.

    Example:
        >>> trunc(-1.7)
        -1.0
    """
    return ieee.trunc(x)


@elementwise(flat, flat, symbol="//")
def floor_divide(x, y):
    """x / y rounded down, ±inf for y = 0; piecewise constant: its gradient is 0.

    Example:
        >>> floor_divide(7.0, 2.0), floor_divide(-7.0, 2.0)
        (3.0, -4.0)
    """
    return ieee.floor_divide(x, y)


@elementwise(flat)
def round(x, decimals=0):
    """x to the given number of decimals, halves to the even neighbour; its gradient is 0.

    Example:
        >>> round(2.5), round(2.567, 2)
        (2.0, 2.57)
    """
    return ieee.around(x, decimals)


around = round


@elementwise(lambda g, out, x, y: g * sign(x) * copysign(1.0, y), flat)
def copysign(x, y):
    """|x| with the sign of y, also of a zero; gradient 0 for x = 0, and for y.

    Example:
        >>> copysign(3.0, -0.0)
        -3.0
    """
    return math.copysign(x, y)


@by_any_name
def heaviside(x: Any, y: Any) -> Any:
    """Heaviside's step: 0 below 0, 1 above, y at 0; the gradient goes to y alone, where x is 0.

    Example:
        >>> heaviside(-2.0, 0.5), heaviside(0.0, 0.5)
        (0.0, 0.5)
    """
    step = sign(x * 1.0 if getattr(getattr(x, "dtype", None), "kind", "") == "b" else x)
    return where(abs(step) < 0.5, y, 0.5 * step + 0.5)


# ---- questions -------------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * sign(x))
def abs(x):
    """|x|, with gradient 0 at 0.

    Example:
        >>> abs(-2.0)
        2.0
    """
    return math.fabs(x)


@by_any_name
def isnan(x: Any) -> Any:
    """Whether x isn't a number: a bool, or an array or Tensor of them.

    Example:
        >>> isnan(float("nan")), isnan(1.0)
        (True, False)
    """
    return (abs(x) < 0.0) == (abs(x) >= 0.0)  # nan alone is on neither side of 0, and the two answers agree


@by_any_name
def isinf(x: Any) -> Any:
    """Whether x is inf or -inf: a bool, or an array or Tensor of them.

    Example:
        >>> isinf(float("-inf")), isinf(1e308)
        (True, False)
    """
    return abs(x) >= math.inf


@by_any_name
def isfinite(x: Any) -> Any:
    """Whether x is neither infinite nor nan: a bool, or an array or Tensor of them.

    Example:
        >>> isfinite(1e308), isfinite(float("nan"))
        (True, False)
    """
    return abs(x) < math.inf
