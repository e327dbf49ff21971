"""The error function, its complement, and the bell curve that is their slope; exact far into the tails.

Python's `math` has erf and erfc, but NumPy has neither. And where erfc(x) falls like e**(-x*x), an error in x grows
2*x*x times, to a thousand times itself, which is what the rounding of x / sqrt(2) does to gelu. So here

    erfc(x) = erfcx(x) * e**(-x*x)

with a factor `erfcx` that hardly depends on x, and another one whose exponent is computed exactly. The formulas work
on floats and on arrays; `evaluate` picks the one for each region of x.

References:
    The rational approximations to erf and to log(x * erfcx(x)) are those of fdlibm, s_erf.c (Sun Microsystems, 1993),
    accurate to 2**-57 and better. W. J. Cody, "Rational Chebyshev approximations for the error function",
    Mathematics of Computation 23 (1969), has the scaled function and the exact exponent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from micrograd.engine.ops.choices import abs, minimum
from micrograd.engine.ops.elementwise import elementwise, exp

Pieces = Sequence[tuple[float, Callable[[Any], Any]]]
"""Formulas, each with the bound below which it holds; in rising order, the last for everything else and nan."""

_TWO_OVER_SQRT_PI = 2.0 / math.sqrt(math.pi)


def evaluate(pieces: Pieces, x: Any) -> Any:
    """The formula for x at x; on an array, each element by its own."""
    if hasattr(x, "dtype"):
        from micrograd.engine.ops.kernels import piecewise

        return piecewise(pieces, x)
    for below, formula in pieces:
        if x < below:
            return formula(x)
    return pieces[-1][1](x)


def _ratio(x: Any, numerator: Sequence[float], denominator: Sequence[float]) -> Any:
    """One polynomial by another."""
    return polynomial(x, numerator) / polynomial(x, denominator)


def polynomial(x: Any, coefficients: Sequence[float]) -> Any:
    """The polynomial with these coefficients, from the constant term upwards, by Horner's rule."""
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * x + coefficient
    return total


# ---- the two factors of erfc -----------------------------------------------------------------------------------------


def decay(x: Any, rate: float = 1.0, *, offset: float = 0.0, correction: Any = 0.0) -> Any:
    """e**(-rate * x*x + offset + correction) to the last digit, for a rate that is a power of 2.

    The first 24 bits of x have an exact square, also with the rate and an offset of a few bits. What they leave of x*x
    is small, as the correction is, and may be rounded.
    """
    x = minimum(abs(x), 64.0)  # beyond, it is 0 for every rate that we use
    scaled = 536870913.0 * x  # 2**29 + 1: subtracting takes off the last 29 of 53 bits (Veltkamp 1968)
    head = scaled - (scaled - x)
    return exp(offset - rate * head * head) * exp(rate * (head - x) * (head + x) + correction)


def _in_inverse_square(numerator: Sequence[float], denominator: Sequence[float]) -> Callable[[Any], Any]:
    def formula(x: Any) -> Any:
        inverse = 1.0 / x
        return _ratio(inverse * inverse, numerator, denominator)

    return formula


LOG_OFFSET = -0.5625
LOG_ERFCX: Pieces = [  # log(x * erfcx(x)) - LOG_OFFSET, less than 0.1, from 1.25 on
    (
        1 / 0.35,
        _in_inverse_square(
            (
                -9.86494403484714822705e-03,
                -6.93858572707181764372e-01,
                -1.05586262253232909814e01,
                -6.23753324503260060396e01,
                -1.62396669462573470355e02,
                -1.84605092906711035994e02,
                -8.12874355063065934246e01,
                -9.81432934416914548592e00,
            ),
            (
                1.0,
                1.96512716674392571292e01,
                1.37657754143519042600e02,
                4.34565877475229228821e02,
                6.45387271733267880336e02,
                4.29008140027567833386e02,
                1.08635005541779435134e02,
                6.57024977031928170135e00,
                -6.04244152148580987438e-02,
            ),
        ),
    ),
    (
        math.inf,
        _in_inverse_square(
            (
                -9.86494292470009928597e-03,
                -7.99283237680523006574e-01,
                -1.77579549177547519889e01,
                -1.60636384855821916062e02,
                -6.37566443368389627722e02,
                -1.02509513161107724954e03,
                -4.83519191608651397019e02,
            ),
            (
                1.0,
                3.03380607434824582924e01,
                3.25792512996573918826e02,
                1.53672958608443695994e03,
                3.19985821950859553908e03,
                2.55305040643316442583e03,
                4.74528541206955367215e02,
                -2.24409524465858183362e01,
            ),
        ),
    ),
]

# ---- near the middle -------------------------------------------------------------------------------------------------


def _excess(x: Any) -> Any:
    """erf(x) / x - 1, for |x| < 0.84375."""
    return _ratio(
        x * x,
        (
            1.28379167095512558561e-01,
            -3.25042107247001499370e-01,
            -2.84817495755985104766e-02,
            -5.77027029648944159157e-03,
            -2.37630166566501626084e-05,
        ),
        (
            1.0,
            3.97917223959155352819e-01,
            6.50222499887672944485e-02,
            5.08130628187576562776e-03,
            1.32494738004321644526e-04,
            -3.96022827877536812320e-06,
        ),
    )


def erfc_of_small(x: Any) -> Any:
    """erfc(x), for 0 <= x < 0.84375."""
    return 0.5 - ((x - 0.5) + x * _excess(x))


_ERF_ONE = 8.45062911510467529297e-01  # erf(1) to 24 bits


def _beyond_one(x: Any) -> Any:
    """erf(1 + x) - _ERF_ONE, for -0.15625 <= x < 0.25."""
    return _ratio(
        x,
        (
            -2.36211856075265944077e-03,
            4.14856118683748331666e-01,
            -3.72207876035701323847e-01,
            3.18346619901161753674e-01,
            -1.10894694282396677476e-01,
            3.54783043256182359371e-02,
            -2.16637559486879084300e-03,
        ),
        (
            1.0,
            1.06420880400844228286e-01,
            5.40397917702171048937e-01,
            7.18286544141962662868e-02,
            1.26171219808761642112e-01,
            1.36370839120290507362e-02,
            1.19844998467991074170e-02,
        ),
    )


def erfc_of_one_plus(x: Any) -> Any:
    """erfc(1 + x), for -0.15625 <= x < 0.25."""
    return (1.0 - _ERF_ONE) - _beyond_one(x)


def _erfc_of_large(x: Any) -> Any:
    return decay(x, offset=LOG_OFFSET, correction=evaluate(LOG_ERFCX, x)) / x


ERF: Pieces = [  # of |x|
    (0.84375, lambda x: x + x * _excess(x)),
    (1.25, lambda x: _ERF_ONE + _beyond_one(x - 1.0)),
    (math.inf, lambda x: 1.0 - _erfc_of_large(x)),
]
ERFC: Pieces = [  # of |x|
    (0.84375, erfc_of_small),
    (1.25, lambda x: erfc_of_one_plus(x - 1.0)),
    (math.inf, _erfc_of_large),
]

# ---- the primitives --------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * (-2.0 * x * out))
def gaussian(x):
    """e**(-x*x), the bell curve, with all its digits where x*x is large.

    Example:
        >>> gaussian(1.0)
        0.367879441171442...
    """
    return decay(x)


@elementwise(lambda g, out, x: g * (_TWO_OVER_SQRT_PI * gaussian(x)))
def erf(x):
    """Error function, 2/sqrt(pi) times the integral of e**-t**2 from 0 to x.

    Example:
        >>> erf(0.5)
        0.5204998778130465
    """
    return math.erf(x)


@elementwise(lambda g, out, x: g * (-_TWO_OVER_SQRT_PI * gaussian(x)))
def erfc(x):
    """1 - erf(x), exact in the upper tail where `1 - erf(x)` is 0.

    Example:
        >>> erfc(6.0)
        2.15197367124989...e-17
    """
    return math.erfc(x)
