"""Functions of Python floats as IEEE 754 has them: inf and nan where Python's operators and `math` raise.

`math.exp(1000.0)` raises OverflowError and `1.0 / 0.0` ZeroDivisionError; a network that is training wants
inf, and a comparison later. `(-8.0) ** (1 / 3)` turns complex in Python; here it is nan.
"""

from __future__ import annotations

import math

INF = math.inf
NAN = math.nan


def divide(x: float, y: float) -> float:
    """x / y, with x/0 = ±inf and 0/0 = nan."""
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0.0 or x != x:
            return NAN
        return math.copysign(INF, x) * math.copysign(1.0, y)


def power(x: float, y: float) -> float:
    """x ** y as C's pow: 0**-1 = inf, 10**400 = inf, (-8)**(1/3) = nan."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -INF if x < 0.0 and y % 2.0 == 1.0 else INF
    except ValueError:
        if x != 0.0:
            return NAN
        return math.copysign(INF, x) if y % 2.0 == 1.0 else INF


def exp(x: float) -> float:
    """e**x, inf on overflow."""
    try:
        return math.exp(x)
    except OverflowError:
        return INF


def expm1(x: float) -> float:
    """e**x - 1 without cancellation near 0, inf on overflow."""
    try:
        return math.expm1(x)
    except OverflowError:
        return INF


def log(x: float) -> float:
    """Natural logarithm, with log(0) = -inf and nan below 0."""
    if x > 0.0:
        return math.log(x)
    return -INF if x == 0.0 else NAN


def log1p(x: float) -> float:
    """log(1 + x) without cancellation near 0, with log1p(-1) = -inf and nan below -1."""
    if x > -1.0:
        return math.log1p(x)
    return -INF if x == -1.0 else NAN


def log2(x: float) -> float:
    """Logarithm to the base 2, with log2(0) = -inf and nan below 0."""
    if x > 0.0:
        return math.log2(x)
    return -INF if x == 0.0 else NAN


def log10(x: float) -> float:
    """Logarithm to the base 10, with log10(0) = -inf and nan below 0."""
    if x > 0.0:
        return math.log10(x)
    return -INF if x == 0.0 else NAN


def logaddexp(x: float, y: float) -> float:
    """log(e**x + e**y), with neither overflow nor inf - inf."""
    if x == y:
        return x + math.log(2.0)
    return maximum(x, y) + log1p(exp(-math.fabs(x - y)))


def sqrt(x: float) -> float:
    """Square root, nan below 0."""
    return math.sqrt(x) if x >= 0.0 else NAN


def cbrt(x: float) -> float:
    """Cube root, of negative numbers too."""
    if x == 0.0 or not math.isfinite(x):
        return x
    root = math.copysign(math.fabs(x) ** (1.0 / 3.0), x)  # math.cbrt is new in Python 3.11
    return root - (root - x / (root * root)) / 3.0  # Newton's step makes up for the rounding of 1/3


def sin(x: float) -> float:
    """Sine, nan at ±inf."""
    return math.sin(x) if math.isfinite(x) else NAN


def cos(x: float) -> float:
    """Cosine, nan at ±inf."""
    return math.cos(x) if math.isfinite(x) else NAN


def tan(x: float) -> float:
    """Tangent, nan at ±inf."""
    return math.tan(x) if math.isfinite(x) else NAN


def sinh(x: float) -> float:
    """Hyperbolic sine, ±inf on overflow."""
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(INF, x)


def cosh(x: float) -> float:
    """Hyperbolic cosine, inf on overflow."""
    try:
        return math.cosh(x)
    except OverflowError:
        return INF


def arcsin(x: float) -> float:
    """Inverse sine, nan outside [-1, 1]."""
    return math.asin(x) if -1.0 <= x <= 1.0 else NAN


def arccos(x: float) -> float:
    """Inverse cosine, nan outside [-1, 1]."""
    return math.acos(x) if -1.0 <= x <= 1.0 else NAN


def arccosh(x: float) -> float:
    """Inverse hyperbolic cosine, nan below 1."""
    return math.acosh(x) if x >= 1.0 else NAN


def arctanh(x: float) -> float:
    """Inverse hyperbolic tangent, ±inf at ±1, nan beyond."""
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(INF, x) if math.fabs(x) == 1.0 else NAN


def floor(x: float) -> float:
    """The integer at or below x."""
    return math.copysign(math.floor(x), x) if math.isfinite(x) else x


def ceil(x: float) -> float:
    """The integer at or above x; -0.0 for -0.5, as in C."""
    return math.copysign(math.ceil(x), x) if math.isfinite(x) else x


def trunc(x: float) -> float:
    """x without its digits after the point."""
    return math.copysign(math.trunc(x), x) if math.isfinite(x) else x


def around(x: float, decimals: int = 0) -> float:
    """x to a number of decimals, halves to the even neighbour, by the steps that NumPy takes."""
    if not math.isfinite(x):
        return x
    if decimals == 0:
        return math.copysign(round(x), x)
    scale = power(10.0, math.fabs(decimals))
    return divide(around(x * scale), scale) if decimals > 0 else around(divide(x, scale)) * scale


def remainder(x: float, y: float) -> float:
    """x - y * floor(x / y), of the sign of y; nan for y = 0."""
    return x % y if y != 0.0 else NAN


def truncated_remainder(x: float, y: float) -> float:
    """x - y * trunc(x / y), of the sign of x; nan for y = 0 and for an infinite x."""
    return math.fmod(x, y) if y != 0.0 and not math.isinf(x) else NAN


def floor_divide(x: float, y: float) -> float:
    """x / y rounded down, as NumPy has it: ±inf for y = 0, and nan for 0/0 and inf/y."""
    return x // y if y != 0.0 else divide(x, y)


def maximum(x: float, y: float) -> float:
    """The larger of two, nan if either is nan."""
    if x != x:
        return x
    return max(y, x)  # max keeps its first argument unless the second is larger: a nan in y stays


def minimum(x: float, y: float) -> float:
    """The smaller of two, nan if either is nan."""
    if x != x:
        return x
    return min(y, x)


def sigmoid(x: float) -> float:
    """1 / (1 + e**-x) with neither overflow nor a lost tail."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    decayed = math.exp(x)
    return decayed / (1.0 + decayed)


class Float(float):
    """A float whose division follows IEEE 754, and stays so through + - * /.

    The sweep evaluates a rule on plain floats; only if that divides by zero does it evaluate the rule again
    on these, so that a rule may say `g / x` and mean it.

    Example:
        >>> 1.0 / (Float(2.0) - 2.0)
        inf
    """

    __slots__ = ()

    def __neg__(self) -> Float:
        return Float(float.__neg__(self))

    def __add__(self, other: float) -> Float:
        return Float(float(self) + float(other))

    __radd__ = __add__

    def __sub__(self, other: float) -> Float:
        return Float(float(self) - float(other))

    def __rsub__(self, other: float) -> Float:
        return Float(float(other) - float(self))

    def __mul__(self, other: float) -> Float:
        return Float(float(self) * float(other))

    __rmul__ = __mul__

    def __truediv__(self, other: float) -> Float:
        return Float(divide(float(self), float(other)))

    def __rtruediv__(self, other: float) -> Float:
        return Float(divide(float(other), float(self)))
