"""The elementwise primitives of angles and hyperbolas, and their inverses.

They bear NumPy's names; `asin`, `atan2`, `acosh` and the like, which PyTorch and the array API standard write, are
second names of the same primitives. How to read an entry: `elementwise.py`.
"""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.ops import ieee
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.elementwise import elementwise, sqrt
from micrograd.engine.ops.naming import by_any_name

# ---- angles ----------------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * cos(x))
def sin(x):
    """Sine of x radians.

    Example:
        >>> sin(0.0)
        0.0
    """
    return ieee.sin(x)


@elementwise(lambda g, out, x: -g * sin(x))
def cos(x):
    """Cosine of x radians.

    Example:
        >>> cos(0.0)
        1.0
    """
    return ieee.cos(x)


@elementwise(lambda g, out, x: g * (1.0 + out * out))
def tan(x):
    """Tangent of x radians.

    Example:
        >>> tan(0.0)
        0.0
    """
    return ieee.tan(x)


@elementwise(lambda g, out, x: g / sqrt((1.0 - x) * (1.0 + x)))
def arcsin(x):
    """Inverse sine in radians, nan outside [-1, 1].

    Example:
        >>> arcsin(1.0)
        1.5707963267948966
    """
    return ieee.arcsin(x)


@elementwise(lambda g, out, x: -g / sqrt((1.0 - x) * (1.0 + x)))
def arccos(x):
    """Inverse cosine in radians, nan outside [-1, 1].

    Example:
        >>> arccos(1.0)
        0.0
    """
    return ieee.arccos(x)


@elementwise(lambda g, out, x: g / (1.0 + x * x))
def arctan(x):
    """Inverse tangent in radians.

    Example:
        >>> arctan(1.0)
        0.7853981633974483
    """
    return math.atan(x)


def _length(x, y):
    """The distance of (x, y) from the origin, to divide by; 1 at the origin, so that the gradient is 0 there."""
    r = hypot(x, y)
    return where(r <= 0.0, 1.0, r)


@elementwise(
    # Divided twice by the distance: its square may over- or underflow.
    lambda g, out, y, x: g * (x / _length(x, y)) / _length(x, y),
    lambda g, out, y, x: -g * (y / _length(x, y)) / _length(x, y),
)
def arctan2(y, x):
    """The angle of the point (x, y) in radians, from -pi to pi; its gradient at the origin is 0.

    Example:
        >>> arctan2(1.0, -1.0)
        2.356194490192345
    """
    return math.atan2(y, x)


@elementwise(
    lambda g, out, x, y: g * (x / _length(x, y)),
    lambda g, out, x, y: g * (y / _length(x, y)),
)
def hypot(x, y):
    """sqrt(x*x + y*y), without overflow on the way; its gradient at the origin is 0.

    Example:
        >>> hypot(3.0, 4.0)
        5.0
    """
    return math.hypot(x, y)


# ---- hyperbolas ------------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * cosh(x))
def sinh(x):
    """Hyperbolic sine.

    Example:
        >>> sinh(0.0)
        0.0
    """
    return ieee.sinh(x)


@elementwise(lambda g, out, x: g * sinh(x))
def cosh(x):
    """Hyperbolic cosine.

    Example:
        >>> cosh(0.0)
        1.0
    """
    return ieee.cosh(x)


def _over_cosh_squared(g, out, x):
    denominator = cosh(x)
    return g / denominator / denominator  # its square may overflow


@elementwise(_over_cosh_squared)
def tanh(x):
    """Hyperbolic tangent. Its slope is 1 / cosh(x)**2, which keeps all digits where `1 - tanh(x)**2` is 0.

    Example:
        >>> tanh(0.5)
        0.462117157260...
    """
    return math.tanh(x)


@elementwise(lambda g, out, x: g / hypot(1.0, x))
def arcsinh(x):
    """Inverse hyperbolic sine.

    Example:
        >>> arcsinh(0.0)
        0.0
    """
    return math.asinh(x)


@elementwise(lambda g, out, x: g / sqrt(x - 1.0) / sqrt(x + 1.0))
def arccosh(x):
    """Inverse hyperbolic cosine, nan below 1.

    Example:
        >>> arccosh(1.0)
        0.0
    """
    return ieee.arccosh(x)


@elementwise(lambda g, out, x: g / ((1.0 - x) * (1.0 + x)))
def arctanh(x):
    """Inverse hyperbolic tangent, ±inf at ±1 and nan beyond.

    Example:
        >>> arctanh(0.5), arctanh(1.0)
        (0.5493061443340548, inf)
    """
    return ieee.arctanh(x)


asin, acos, atan, atan2 = arcsin, arccos, arctan, arctan2
asinh, acosh, atanh = arcsinh, arccosh, arctanh

# ---- units -----------------------------------------------------------------------------------------------------------


@by_any_name
def degrees(x: Any) -> Any:
    """An angle in degrees, given in radians.

    Example:
        >>> degrees(3.141592653589793)
        180.0
    """
    return x * (180.0 / math.pi)


@by_any_name
def radians(x: Any) -> Any:
    """An angle in radians, given in degrees.

    Example:
        >>> radians(180.0)
        3.141592653589793
    """
    return x * (math.pi / 180.0)


rad2deg, deg2rad = degrees, radians
