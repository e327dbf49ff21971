"""The Gaussian error linear unit, x times the normal distribution function of x, and its slope.

Both keep their digits where the usual formulas lose them: in the lower tail, where x / sqrt(2) is rounded before its
square goes into an exponent, and about the root of the slope, where two terms of 0.23 cancel.

Reference:
    D. Hendrycks, K. Gimpel, "Gaussian error linear units" (2016), arXiv:1606.08415.
"""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.activations import sigmoid
from micrograd.engine.ops.choices import abs, maximum, minimum, where
from micrograd.engine.ops.elementwise import elementwise, exp
from micrograd.engine.ops.error_function import (
    LOG_ERFCX,
    LOG_OFFSET,
    Pieces,
    decay,
    erfc_of_one_plus,
    erfc_of_small,
    evaluate,
    gaussian,
    polynomial,
)

_SQRT_HALF = math.sqrt(0.5)
_SQRT_TWO_OVER_PI = math.sqrt(2.0 / math.pi)
_INV_SQRT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)

# ---- the distribution function below 0 -------------------------------------------------------------------------------

_TAIL, _MIDDLE = -1.25 * math.sqrt(2.0), -0.84375 * math.sqrt(2.0)  # the borders between three formulas for it
_SQRT_TWO, _SQRT_TWO_REST = math.sqrt(2.0), -9.667293313452913e-17


def _log_ratio(x: Any) -> Any:
    """The part of log(cdf) that hardly depends on x, in the tail: rounding x / sqrt(2) doesn't hurt it."""
    return evaluate(LOG_ERFCX, -x * _SQRT_HALF)


def _cdf_in_middle(x: Any) -> Any:
    return 0.5 * erfc_of_one_plus(((-x - _SQRT_TWO) - _SQRT_TWO_REST) * _SQRT_HALF)


def _cdf_near_zero(x: Any) -> Any:
    return 0.5 * erfc_of_small(-x * _SQRT_HALF)


_GELU_BELOW_ZERO: Pieces = [
    (_TAIL, lambda x: -_SQRT_HALF * decay(x, 0.5, offset=LOG_OFFSET, correction=_log_ratio(x))),
    (_MIDDLE, lambda x: x * _cdf_in_middle(x)),
    (math.inf, lambda x: x * _cdf_near_zero(x)),
]

# ---- the slope below 0: cdf(x) + x * pdf(x) --------------------------------------------------------------------------


def _weighted_pdf(x: Any) -> Any:
    return x * (_INV_SQRT_TWO_PI * exp(-0.5 * x * x))


def _slope_in_tail(x: Any) -> Any:
    root = decay(x, 0.25)  # of the density's exponential, which x would multiply where few of its bits are left
    return (x * _INV_SQRT_TWO_PI - _SQRT_HALF * exp(_log_ratio(x) + LOG_OFFSET) / x) * root * root


# It vanishes at the sum of the first two numbers, where pdf is the third. Its derivative is pdf - pdf'', and those of
# pdf are Hermite polynomials times it, which gives the Taylor series about the root.
_ROOT, _ROOT_REST, _PDF_AT_ROOT = -0.7517915246935645, 1.4956759177009883e-17, 0.3007325998969753


def _taylor_about_root(terms: int) -> list[float]:
    """The coefficients of the slope in powers of x - root, from the constant term 0 upwards."""
    hermite = [1.0, _ROOT]
    for n in range(1, terms + 1):
        hermite.append(_ROOT * hermite[n] - n * hermite[n - 1])
    derivatives = ((-1.0) ** n * _PDF_AT_ROOT * (hermite[n] - hermite[n + 2]) for n in range(terms))
    return [0.0, *(derivative / math.factorial(n + 1) for n, derivative in enumerate(derivatives))]


_TAYLOR = _taylor_about_root(16)

_SLOPE_BELOW_ZERO: Pieces = [
    (_TAIL, _slope_in_tail),
    (_MIDDLE, lambda x: _cdf_in_middle(x) + _weighted_pdf(x)),
    (-1.0, lambda x: _cdf_near_zero(x) + _weighted_pdf(x)),
    (-0.5, lambda x: polynomial((x - _ROOT) - _ROOT_REST, _TAYLOR)),
    (math.inf, lambda x: _cdf_near_zero(x) + _weighted_pdf(x)),
]

# ---- the primitives --------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * (2.0 - x * x) * (_INV_SQRT_TWO_PI * gaussian(x * _SQRT_HALF)))
def gelu_slope(x):
    """The derivative of gelu, a primitive of its own because no formula of others keeps its digits.

    Example:
        >>> gelu_slope(0.0), gelu_slope(-0.7517915246935645)
        (0.5, -6.453...e-18)
    """
    below_zero = evaluate(_SLOPE_BELOW_ZERO, -minimum(abs(x), 64.0))  # from 40 on it is 0
    return where(x < 0.0, below_zero, 1.0 - below_zero)


def _within_reach(x: Any) -> Any:
    """x, but no further from 0 than where the tanh is 1 to the last digit; a larger cube could overflow."""
    return minimum(maximum(x, -40.0), 40.0)


def _approximate_argument(x: Any) -> Any:
    return (2.0 * _SQRT_TWO_OVER_PI) * (x + 0.044715 * x * x * x)


def _approximate_slope(x: Any) -> Any:
    x = _within_reach(x)
    u = _approximate_argument(x)
    steepness = (2.0 * _SQRT_TWO_OVER_PI) * (1.0 + 3.0 * 0.044715 * x * x)
    return sigmoid(u) * (1.0 + x * sigmoid(-u) * steepness)


@elementwise(lambda g, out, x, approximate: g * (_approximate_slope(x) if approximate == "tanh" else gelu_slope(x)))
def gelu(x, approximate="none"):
    """x times the normal distribution function of x (arXiv:1606.08415), with approximate="tanh" its approximation.

    The approximation is 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x**3))), as in PyTorch and GPT-2.

    Raises:
        MicrogradValueError: If `approximate` is something else.

    Example:
        >>> gelu(1.0), gelu(1.0, approximate="tanh")
        (0.84134474606854..., 0.84119199060827...)
    """
    if approximate == "none":
        return maximum(x, 0.0) + evaluate(_GELU_BELOW_ZERO, -abs(x))  # gelu(x) = x + gelu(-x)
    if approximate == "tanh":
        # (1 + tanh(u)) / 2 = sigmoid(2u), which doesn't cancel.
        return x * sigmoid(_approximate_argument(_within_reach(x)))
    raise MicrogradValueError(f'gelu(): approximate is "none" or "tanh", but was given {approximate!r:.60}')
