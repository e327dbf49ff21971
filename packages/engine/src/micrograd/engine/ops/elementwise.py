"""The elementwise primitives: each one's forward function, and how a gradient passes back through it.

Read an entry from the bottom: `def` is what the primitive computes, and each lambda above it is the chain
rule for one operand: `g` is the gradient that arrives at the output, `out` the output, and the rest are the
operands. `mul` says that `x` receives `g * y` and that `y` receives `g * x`. This table is all the calculus
that the engine knows: `Value`, `Tensor`, forward mode, higher orders, the jit and the debugger read it and
nothing else.

Two habits keep the rules right everywhere. A derivative is written so that it doesn't cancel (`sigmoid(x) *
sigmoid(-x)` rather than `s * (1 - s)`, which is 0 from x = 37 on). A condition is a `where`, since an operand
may be an array.
"""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.ops import ieee
from micrograd.engine.ops.op import primitive

# ---- arithmetic --------------------------------------------------------------------------------------------


@primitive(lambda g, out, x, y: g, lambda g, out, x, y: g, symbol="+")
def add(x, y):
    """x + y.

    Example:
        >>> add(1.0, 2.0)
        3.0
    """
    return x + y


@primitive(lambda g, out, x, y: g, lambda g, out, x, y: -g, symbol="-")
def sub(x, y):
    """x - y.

    Example:
        >>> sub(1.0, 2.0)
        -1.0
    """
    return x - y


@primitive(lambda g, out, x, y: g * y, lambda g, out, x, y: g * x, symbol="*")
def mul(x, y):
    """x * y.

    Example:
        >>> mul(3.0, 2.0)
        6.0
    """
    return x * y


@primitive(lambda g, out, x, y: g / y, lambda g, out, x, y: -g * out / y, symbol="/")
def div(x, y):
    """x / y; x/0 is ±inf and 0/0 nan, as in IEEE 754.

    Example:
        >>> div(1.0, 0.0)
        inf
    """
    return ieee.divide(x, y)


@primitive(lambda g, out, x: -g, symbol="neg")
def neg(x):
    """-x.

    Example:
        >>> neg(2.0)
        -2.0
    """
    return -x


def _nonzero(x: Any) -> Any:
    """Whether x differs from 0, by comparisons alone: `==` on Values asks for identity."""
    return (x > 0.0) | (x < 0.0)


@primitive(
    # At y = 0 the output is 1 whatever x is, so x receives 0, not the 0 * inf that the power rule gives at x
    # = 0.
    lambda g, out, x, y: where(_nonzero(y), g * y * pow(x, y - 1.0), g * y),
    # At x = 0 with y >= 0 the output doesn't move with y; log(1) stands in for log(0) so that the product is
    # 0.
    lambda g, out, x, y: g * out * log(where(_nonzero(x) | (y < 0.0), x, 1.0)),
    symbol="**",
)
def pow(x, y):
    """x to the power y, as IEEE 754's pow: 0**0 = 1, 10**400 = inf, (-8)**(1/3) = nan.

    Example:
        >>> pow(2.0, 3.0), pow(10.0, 400.0), pow(-8.0, 1 / 3)
        (8.0, inf, nan)
    """
    return ieee.power(x, y)


@primitive(lambda g, out, x: g * sign(x))
def abs(x):
    """|x|, with gradient 0 at 0.

    Example:
        >>> abs(-2.0)
        2.0
    """
    return math.fabs(x)


@primitive()
def sign(x):
    """-1, 0 or 1 (nan for nan); piecewise constant, so that no gradient passes.

    Example:
        >>> sign(-2.0)
        -1.0
    """
    return x if x != x else float((x > 0.0) - (x < 0.0))


# ---- exponentials and logarithms ---------------------------------------------------------------------------


@primitive(lambda g, out, x: g * out)
def exp(x):
    """e to the power x.

    Example:
        >>> exp(1.0)
        2.718281828459045
    """
    return ieee.exp(x)


@primitive(lambda g, out, x: g * exp(x))
def expm1(x):
    """e**x - 1, exact for small x where `exp(x) - 1` loses all digits.

    Example:
        >>> expm1(1e-20)
        1e-20
    """
    return ieee.expm1(x)


@primitive(lambda g, out, x: g / x)
def log(x):
    """Natural logarithm; log(0) is -inf, and nan below 0.

    Example:
        >>> log(1.0), log(0.0)
        (0.0, -inf)
    """
    return ieee.log(x)


@primitive(lambda g, out, x: g / (1.0 + x))
def log1p(x):
    """log(1 + x), exact for small x where `log(1 + x)` loses all digits.

    Example:
        >>> log1p(1e-20)
        1e-20
    """
    return ieee.log1p(x)


@primitive(lambda g, out, x: g / (2.0 * out))
def sqrt(x):
    """Square root, nan below 0; its slope at 0 is inf.

    Example:
        >>> sqrt(9.0)
        3.0
    """
    return ieee.sqrt(x)


# ---- trigonometry ------------------------------------------------------------------------------------------


@primitive(lambda g, out, x: g * cos(x))
def sin(x):
    """Sine of x radians.

    Example:
        >>> sin(0.0)
        0.0
    """
    return ieee.sin(x)


@primitive(lambda g, out, x: -g * sin(x))
def cos(x):
    """Cosine of x radians.

    Example:
        >>> cos(0.0)
        1.0
    """
    return ieee.cos(x)


@primitive(lambda g, out, x: g * (1.0 + out * out))
def tan(x):
    """Tangent of x radians.

    Example:
        >>> tan(0.0)
        0.0
    """
    return ieee.tan(x)


@primitive(lambda g, out, x: g / sqrt((1.0 - x) * (1.0 + x)))
def arcsin(x):
    """Inverse sine in radians, nan outside [-1, 1].

    Example:
        >>> arcsin(1.0)
        1.5707963267948966
    """
    return ieee.arcsin(x)


@primitive(lambda g, out, x: -g / sqrt((1.0 - x) * (1.0 + x)))
def arccos(x):
    """Inverse cosine in radians, nan outside [-1, 1].

    Example:
        >>> arccos(1.0)
        0.0
    """
    return ieee.arccos(x)


@primitive(lambda g, out, x: g / (1.0 + x * x))
def arctan(x):
    """Inverse tangent in radians.

    Example:
        >>> arctan(1.0)
        0.7853981633974483
    """
    return math.atan(x)


@primitive(lambda g, out, x: g * cosh(x))
def sinh(x):
    """Hyperbolic sine.

    Example:
        >>> sinh(0.0)
        0.0
    """
    return ieee.sinh(x)


@primitive(lambda g, out, x: g * sinh(x))
def cosh(x):
    """Hyperbolic cosine.

    Example:
        >>> cosh(0.0)
        1.0
    """
    return ieee.cosh(x)


@primitive(lambda g, out, x: g / cosh(x) / cosh(x))
def tanh(x):
    """Hyperbolic tangent. Its slope is 1 / cosh(x)**2, which keeps all digits where `1 - tanh(x)**2` is 0.

    Example:
        >>> tanh(0.5)
        0.46211715726000973
    """
    return math.tanh(x)


# ---- error function ----------------------------------------------------------------------------------------

_TWO_OVER_SQRT_PI = 2.0 / math.sqrt(math.pi)
_SQRT_HALF = math.sqrt(0.5)
_INV_SQRT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)


@primitive(lambda g, out, x: g * (_TWO_OVER_SQRT_PI * exp(-x * x)))
def erf(x):
    """Error function, 2/sqrt(pi) times the integral of e**-t**2 from 0 to x.

    Example:
        >>> erf(0.5)
        0.5204998778130465
    """
    return math.erf(x)


@primitive(lambda g, out, x: g * (-_TWO_OVER_SQRT_PI * exp(-x * x)))
def erfc(x):
    """1 - erf(x), exact in the upper tail where `1 - erf(x)` is 0.

    Example:
        >>> erfc(6.0)
        2.1519736712498913e-17
    """
    return math.erfc(x)


# ---- choices -----------------------------------------------------------------------------------------------


@primitive(None, lambda g, out, c, x, y: where(c, g, 0.0), lambda g, out, c, x, y: where(c, 0.0, g))
def where(condition, x, y):
    """x where the condition holds, else y; the gradient goes to the one that was chosen.

    Example:
        >>> where(2.0 > 1.0, 10.0, 20.0)
        10.0
    """
    return x if condition else y


@primitive(
    lambda g, out, x, y: where(x > y, g, where(x < y, 0.0, 0.5 * g)),
    lambda g, out, x, y: where(y > x, g, where(y < x, 0.0, 0.5 * g)),
)
def maximum(x, y):
    """The larger of two, nan if either is nan; at a tie each receives half of the gradient.

    Example:
        >>> maximum(1.0, 2.0)
        2.0
    """
    return ieee.maximum(x, y)


@primitive(
    lambda g, out, x, y: where(x < y, g, where(x > y, 0.0, 0.5 * g)),
    lambda g, out, x, y: where(y < x, g, where(y > x, 0.0, 0.5 * g)),
)
def minimum(x, y):
    """The smaller of two, nan if either is nan; at a tie each receives half of the gradient.

    Example:
        >>> minimum(1.0, 2.0)
        1.0
    """
    return ieee.minimum(x, y)


# ---- activations -------------------------------------------------------------------------------------------


@primitive(lambda g, out, x: where(x > 0.0, g, 0.0), symbol="ReLU")
def relu(x):
    """Rectified linear unit max(x, 0), with gradient 0 at 0; nan stays nan.

    Example:
        >>> relu(-3.0), relu(3.0)
        (0.0, 3.0)
    """
    return ieee.maximum(x, 0.0)


@primitive(lambda g, out, x, negative_slope: where(x > 0.0, g, negative_slope * g))
def leaky_relu(x, negative_slope=0.01):
    """x above 0, negative_slope * x below (Maas et al. 2013).

    Example:
        >>> leaky_relu(-3.0, negative_slope=0.1)
        -0.30000000000000004
    """
    return where(x > 0.0, x, negative_slope * x)


@primitive(lambda g, out, x, alpha: where(x > 0.0, g, g * alpha * exp(minimum(x, 0.0))))
def elu(x, alpha=1.0):
    """Exponential linear unit: x above 0, alpha * (e**x - 1) below (Clevert et al. 2016, arXiv:1511.07289).

    Example:
        >>> elu(-1.0)
        -0.6321205588285577
    """
    return where(x > 0.0, x, alpha * expm1(minimum(x, 0.0)))


@primitive(lambda g, out, x: g * sigmoid(x) * sigmoid(-x))
def sigmoid(x):
    """1 / (1 + e**-x).

    Example:
        >>> sigmoid(0.0)
        0.5
    """
    return ieee.sigmoid(x)


@primitive(lambda g, out, x: g * sigmoid(x))
def softplus(x):
    """log(1 + e**x), a smooth relu, computed as max(x, 0) + log1p(e**-|x|) so that neither tail is lost.

    Example:
        >>> softplus(0.0)
        0.6931471805599453
    """
    return maximum(x, 0.0) + log1p(exp(-abs(x)))


@primitive(lambda g, out, x: g * sigmoid(x) * (1.0 + x * sigmoid(-x)))
def silu(x):
    """x * sigmoid(x), also called swish (Elfwing et al. 2018, arXiv:1702.03118).

    Example:
        >>> silu(1.0)
        0.7310585786300049
    """
    return x * sigmoid(x)


@primitive(lambda g, out, x: g * (0.5 * erfc(-x * _SQRT_HALF) + x * (_INV_SQRT_TWO_PI * exp(-0.5 * x * x))))
def gelu(x):
    """x times the normal distribution function of x, exact, not the tanh approximation (arXiv:1606.08415).

    Example:
        >>> gelu(1.0)
        0.8413447460685429
    """
    return x * (0.5 * erfc(-x * _SQRT_HALF))
