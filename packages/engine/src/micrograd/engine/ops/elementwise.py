"""The elementwise primitives: each one's forward function, and how a gradient passes back through it.

Read an entry from the bottom: `def` is what the primitive computes, and each lambda above it is the chain
rule for one operand: `g` is the gradient that arrives at the output, `out` the output, and the rest are the
operands. `mul` says that `x` receives `g * y` and that `y` receives `g * x`. This table is all the calculus
that the engine knows: `Value`, `Tensor`, forward mode, higher orders, the jit and the debugger read it and
nothing else.

Two habits keep the rules right everywhere. A derivative is written so that it doesn't cancel (`sigmoid(x) *
sigmoid(-x)` rather than `s * (1 - s)`, which is 0 from x = 37 on). A condition is a `where`, since an operand
may be an array.

Here are arithmetic, powers, exponentials and logarithms. The table goes on in `choices.py`, `trigonometry.py`,
`error_function.py`, `activations.py` and `special.py`.
"""

from __future__ import annotations

import math
import numbers
from functools import partial

from micrograd.engine.ops import ieee
from micrograd.engine.ops.choices import abs, round, where
from micrograd.engine.ops.op import primitive

elementwise = partial(primitive, elementwise=True)

_LN_2, _LN_10 = math.log(2.0), math.log(10.0)

# ---- arithmetic ------------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x, y: g, lambda g, out, x, y: g, symbol="+")
def add(x, y):
    """x + y.

    Example:
        >>> add(1.0, 2.0)
        3.0
    """
    return x + y


@elementwise(lambda g, out, x, y: g, lambda g, out, x, y: -g, symbol="-")
def sub(x, y):
    """x - y.

    Example:
        >>> sub(1.0, 2.0)
        -1.0
    """
    return x - y


@elementwise(lambda g, out, x, y: g * y, lambda g, out, x, y: g * x, symbol="*")
def mul(x, y):
    """x * y.

    Example:
        >>> mul(3.0, 2.0)
        6.0
    """
    return x * y


@elementwise(lambda g, out, x, y: g / y, lambda g, out, x, y: -g * out / y, symbol="/")
def div(x, y):
    """x / y; x/0 is ±inf and 0/0 nan, as in IEEE 754.

    Example:
        >>> div(1.0, 0.0)
        inf
    """
    return ieee.divide(x, y)


@elementwise(
    lambda g, out, x, y: g,
    # -floor(x / y), got from the remainder: x / y may round up to the next integer.
    lambda g, out, x, y: g * round((out - x) / y),
    symbol="%",
)
def mod(x, y):
    """The remainder of x / y, with the sign of y, as Python's and NumPy's %; nan for y = 0.

    Example:
        >>> mod(-7.0, 3.0), mod(7.0, -3.0)
        (2.0, -2.0)
    """
    return ieee.remainder(x, y)


@elementwise(
    lambda g, out, x, y: g,
    lambda g, out, x, y: g * round((out - x) / y),  # -trunc(x / y), as in `mod`
)
def fmod(x, y):
    """The remainder of x / y, with the sign of x, as in C; nan for y = 0 and for an infinite x.

    Example:
        >>> fmod(-7.0, 3.0), fmod(7.0, -3.0)
        (-1.0, 1.0)
    """
    return ieee.truncated_remainder(x, y)


@elementwise(lambda g, out, x: -g, symbol="neg")
def neg(x):
    """-x.

    Example:
        >>> neg(2.0)
        -2.0
    """
    return -x


@elementwise(lambda g, out, x: -g * out * out)
def reciprocal(x):
    """1 / x.

    Example:
        >>> reciprocal(4.0)
        0.25
    """
    return ieee.divide(1.0, x)


# ---- powers and roots ------------------------------------------------------------------------------------------------


def _one_less(x, y):
    """y - 1; but 0 where y is 0 and x is, or nearly: there the output is 1 whatever x is, and x**-1 would be inf."""
    if isinstance(y, numbers.Real):
        return y - 1.0 if y else 0.0
    at_zero = where(y > 0.0, y - 1.0, where(y < 0.0, y - 1.0, 0.0))
    return where(x > 1e-308, y - 1.0, where(x < -1e-308, y - 1.0, at_zero))


@elementwise(
    lambda g, out, x, y: g * y * pow(x, _one_less(x, y)),
    # At x = 0 with y >= 0 the output doesn't move with y; log(1) stands in for log(0), and the product is 0.
    lambda g, out, x, y: g * out * log(where(x > 0.0, x, where(x < 0.0, x, where(y < 0.0, x, 1.0)))),
    symbol="**",
)
def pow(x, y):
    """x to the power y, as IEEE 754's pow: 0**0 = 1, 10**400 = inf, (-8)**(1/3) = nan.

    Example:
        >>> pow(2.0, 3.0), pow(10.0, 400.0), pow(-8.0, 1 / 3)
        (8.0, inf, nan)
    """
    return ieee.power(x, y)


@elementwise(lambda g, out, x: g * (2.0 * x))
def square(x):
    """x * x.

    Example:
        >>> square(-3.0)
        9.0
    """
    return x * x


@elementwise(lambda g, out, x: g / (2.0 * out))
def sqrt(x):
    """Square root, nan below 0; its slope at 0 is inf.

    Example:
        >>> sqrt(9.0)
        3.0
    """
    return ieee.sqrt(x)


@elementwise(lambda g, out, x: -0.5 * g * out / x)
def rsqrt(x):
    """1 / sqrt(x), nan below 0.

    Example:
        >>> rsqrt(4.0)
        0.5
    """
    return ieee.divide(1.0, ieee.sqrt(x))


@elementwise(lambda g, out, x: g / (3.0 * out * out))
def cbrt(x):
    """Cube root, of negative numbers too; its slope at 0 is inf.

    Example:
        >>> cbrt(-27.0)
        -3.0
    """
    return ieee.cbrt(x)


# ---- exponentials and logarithms -------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * out)
def exp(x):
    """e to the power x.

    Example:
        >>> exp(1.0)
        2.718281828459045
    """
    return ieee.exp(x)


@elementwise(lambda g, out, x: g * exp(x))
def expm1(x):
    """e**x - 1, exact for small x where `exp(x) - 1` loses all digits.

    Example:
        >>> expm1(1e-20)
        1e-20
    """
    return ieee.expm1(x)


@elementwise(lambda g, out, x: g * (_LN_2 * out))
def exp2(x):
    """2 to the power x.

    Example:
        >>> exp2(10.0)
        1024.0
    """
    return ieee.power(2.0, x)


@elementwise(lambda g, out, x: g / x)
def log(x):
    """Natural logarithm; log(0) is -inf, and nan below 0.

    Example:
        >>> log(1.0), log(0.0)
        (0.0, -inf)
    """
    return ieee.log(x)


@elementwise(lambda g, out, x: g / (1.0 + x))
def log1p(x):
    """log(1 + x), exact for small x where `log(1 + x)` loses all digits.

    Example:
        >>> log1p(1e-20)
        1e-20
    """
    return ieee.log1p(x)


@elementwise(lambda g, out, x: g / (_LN_2 * x))
def log2(x):
    """Logarithm to the base 2; log2(0) is -inf, and nan below 0.

    Example:
        >>> log2(8.0)
        3.0
    """
    return ieee.log2(x)


@elementwise(lambda g, out, x: g / (_LN_10 * x))
def log10(x):
    """Logarithm to the base 10; log10(0) is -inf, and nan below 0.

    Example:
        >>> log10(1000.0)
        3.0
    """
    return ieee.log10(x)


# ---- NumPy's long names ----------------------------------------------------------------------------------------------

subtract, multiply, divide, negative = sub, mul, div, neg
remainder, power, absolute = mod, pow, abs
