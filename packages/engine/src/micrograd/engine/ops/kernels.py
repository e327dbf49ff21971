"""What `ieee` is on floats, on arrays: the forward of each primitive whose own works on floats alone.

NumPy's functions follow IEEE 754 by themselves; where NumPy has none, or a slow one, it is here.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.ops import error_function


def where(condition: Any, x: Any, y: Any) -> Any:
    """np.where, several times as fast on large arrays where one of the two is 0.0, as it is in most vjp rules."""
    if condition.__class__ is _ndarray and condition.size > _SMALL and condition.dtype is _BOOL:
        if y.__class__ is float and x.__class__ is _ndarray and x.dtype in _BITS and _is_zero(y):
            return _masked(np.negative(condition.view(np.int8)), x)
        if x.__class__ is float and y.__class__ is _ndarray and y.dtype in _BITS and _is_zero(x):
            return _masked(condition.view(np.int8) - 1, y)
    return np.where(condition, x, y)


_ndarray = np.ndarray
_BOOL = np.dtype(bool)
_BITS: dict[Any, Any] = {np.dtype(np.float32): np.dtype(np.int32), np.dtype(np.float64): np.dtype(np.int64)}
# Up to so many elements np.where is the faster one.
_SMALL = 2048


def _is_zero(x: float) -> bool:
    return x == 0.0 and math.copysign(1.0, x) > 0.0


def _masked(mask: Any, x: np.ndarray) -> Any:
    """x where the mask is -1, 0.0 where it is 0: the bits of x and those of the mask; right for inf and nan, too."""
    bits = mask.astype(_BITS[x.dtype])
    return np.bitwise_and(bits, x.view(bits.dtype), out=bits if bits.shape == x.shape else None).view(x.dtype)


def relu(x: Any) -> Any:
    """max(x, 0); nan stays nan."""
    if x.__class__ is np.ndarray and x.size <= _MOST_ZEROS and x.dtype.kind == "f":
        return np.maximum(x, _zeros(x.shape, x.dtype))
    return np.maximum(x, 0)


_MOST_ZEROS = 2**14


@functools.lru_cache(maxsize=8)
def _zeros(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """Kept, for with them np.maximum takes a third of the time that it takes with a single 0."""
    return np.zeros(shape, dtype)


def rsqrt(x: Any) -> Any:
    """1 / sqrt(x)."""
    return 1 / np.sqrt(x)


def sigmoid(x: Any) -> Any:
    """1 / (1 + e**-x); e**-|x| never overflows, and both tails keep their digits."""
    decayed = np.exp(-np.abs(x))
    return np.maximum(decayed, x >= 0) / (1 + decayed)  # the numerator is 1 where x >= 0, for it is never above


def xlogy(x: Any, y: Any) -> Any:
    """x * log(y), and 0 where x is 0 and y a number."""
    y = np.asarray(y, dtype=np.result_type(x, y))  # as an array, a Python number would count as float64 in np.where
    return x * np.log(np.where((x == 0) & (y == y), 1, y))


def piecewise(pieces: error_function.Pieces, x: Any) -> Any:
    """Each element of x by the formula of its region, in double precision; the result in the precision of x."""
    wide = np.asarray(x, dtype=np.float64)
    out = np.empty_like(wide)
    rest = np.ones(wide.shape, dtype=bool)
    for below, formula in pieces:
        here = rest if below == math.inf else rest & (wide < below)
        if here.any():
            out[here] = formula(wide[here])
        rest = rest & ~here
    return out.astype(x.dtype if x.dtype.kind == "f" else np.float64, copy=False)[()]


def gaussian(x: Any) -> Any:
    """e**(-x*x)."""
    return piecewise([(math.inf, error_function.decay)], x)


def erf(x: Any) -> Any:
    """The error function."""
    return np.copysign(piecewise(error_function.ERF, np.abs(x)), x)


def erfc(x: Any) -> Any:
    """The complementary error function: 2 - erfc(-x) below 0."""
    side = np.copysign(1, x)
    return (1 - side) + side * piecewise(error_function.ERFC, np.abs(x))


KERNELS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "arccos": np.arccos,
    "arccosh": np.arccosh,
    "arcsin": np.arcsin,
    "arcsinh": np.arcsinh,
    "arctan": np.arctan,
    "arctan2": np.arctan2,
    "arctanh": np.arctanh,
    "cbrt": np.cbrt,
    "ceil": np.ceil,
    "clamp_max": np.minimum,
    "clamp_min": np.maximum,
    "copysign": np.copysign,
    "cos": np.cos,
    "cosh": np.cosh,
    "div": np.divide,
    "erf": erf,
    "erfc": erfc,
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "floor": np.floor,
    "fmod": np.fmod,
    "gaussian": gaussian,
    "hypot": np.hypot,
    "log": np.log,
    "log10": np.log10,
    "log1p": np.log1p,
    "log2": np.log2,
    "logaddexp": np.logaddexp,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "floor_divide": np.floor_divide,
    "mod": np.remainder,
    "pow": operator.pow,  # quicker than np.power where the exponent is a plain 2, 1, 0.5 or -1
    "reciprocal": np.reciprocal,
    "relu": relu,
    "round": np.round,
    "rsqrt": rsqrt,
    "sigmoid": sigmoid,
    "sign": np.sign,
    "sin": np.sin,
    "sinc": np.sinc,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "square": np.square,
    "tan": np.tan,
    "tanh": np.tanh,
    "trunc": np.trunc,
    "where": where,
    "xlogy": xlogy,
}
