"""What a neuron does to its weighted sum: the elementwise primitives of neural nets.

Formulas, settings and their defaults are PyTorch's; `gelu` is in `gaussian_units.py`. How to read an entry:
`elementwise.py`.
"""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops import ieee
from micrograd.engine.ops.choices import abs, maximum, minimum, where
from micrograd.engine.ops.elementwise import div, elementwise, exp, expm1, log1p
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.trigonometry import cosh, tanh

# ---- hinges ----------------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: where(out <= 0.0, 0.0, g), symbol="ReLU")
def relu(x):
    """Rectified linear unit max(x, 0), with gradient 0 at 0; nan stays nan.

    Example:
        >>> relu(-3.0), relu(3.0)
        (0.0, 3.0)
    """
    return ieee.maximum(x, 0.0)


@elementwise(lambda g, out, x, negative_slope: where(x > 0.0, g, negative_slope * g))
def leaky_relu(x, negative_slope=0.01):
    """x above 0, negative_slope * x below (Maas et al. 2013).

    Example:
        >>> leaky_relu(-3.0, negative_slope=0.1)
        -0.30000000000000004
    """
    return where(x > 0.0, x, negative_slope * x)


@by_any_name
def prelu(x: Any, weight: Any) -> Any:
    """Leaky relu whose slope below 0 is learnt (He et al. 2015, arXiv:1502.01852).

    Args:
        x: A number, Value, array or Tensor; with several axes, channels are along axis 1.
        weight: A single slope, or an array or Tensor of shape (channels,).

    Raises:
        MicrogradValueError: If there are as many slopes as neither 1 nor channels.

    Example:
        >>> prelu(-4.0, 0.25)
        -1.0
    """
    shape: tuple[int, ...] = getattr(x, "shape", ())
    slopes = math.prod(getattr(weight, "shape", ()))
    if slopes != 1:
        channels = shape[1] if len(shape) > 1 else 1
        if slopes != channels:
            raise MicrogradValueError(
                f"prelu() was given {slopes} slopes for {channels} channels, x of shape {shape} (channels are axis 1)"
            )
        weight = weight.reshape((slopes, *(1 for _ in shape[2:])))
    elif not shape and hasattr(weight, "reshape"):
        weight = weight.reshape(())
    return where(x > 0.0, x, weight * x)


def _between(low: float, x: Any, high: float, inside: Any, above: Any = 0.0) -> Any:
    """0 up to low, `inside` between, `above` from high on; nan counts as inside."""
    return where(x <= low, 0.0, where(x >= high, above, inside))


@elementwise(lambda g, out, x: _between(0.0, x, 6.0, g), symbol="ReLU6")
def relu6(x):
    """min(max(x, 0), 6), with gradient 0 at 0 and 6 (Krizhevsky 2010).

    Example:
        >>> relu6(7.0)
        6.0
    """
    return minimum(maximum(x, 0.0), 6.0)


@elementwise(lambda g, out, x, min_val, max_val: _between(min_val, x, max_val, g))
def hardtanh(x, min_val=-1.0, max_val=1.0):
    """x kept within [min_val, max_val], with gradient 0 at the two; see `clip` for 1 there.

    Example:
        >>> hardtanh(-3.0)
        -1.0
    """
    return minimum(maximum(x, min_val), max_val)


@elementwise(lambda g, out, x: _between(-3.0, x, 3.0, g / 6.0))
def hardsigmoid(x):
    """relu6(x + 3) / 6, a sigmoid of three straight lines.

    Example:
        >>> hardsigmoid(0.0)
        0.5
    """
    return minimum(maximum(x + 3.0, 0.0), 6.0) / 6.0


@elementwise(lambda g, out, x: _between(-3.0, x, 3.0, g * (x / 3.0 + 0.5), above=g))
def hardswish(x):
    """x * hardsigmoid(x) (Howard et al. 2019, arXiv:1905.02244).

    Example:
        >>> hardswish(1.0)
        0.6666666666666666
    """
    return x * hardsigmoid(x)


# ---- exponential units -----------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x, alpha: where(x > 0.0, g, g * alpha * exp(minimum(x, 0.0))))
def elu(x, alpha=1.0):
    """Exponential linear unit: x above 0, alpha * (e**x - 1) below (Clevert et al. 2016, arXiv:1511.07289).

    Example:
        >>> elu(-1.0)
        -0.6321205588285577
    """
    return where(x > 0.0, x, alpha * expm1(minimum(x, 0.0)))


@elementwise(lambda g, out, x, alpha: where(x > 0.0, g, g * exp(div(minimum(x, 0.0), alpha))))
def celu(x, alpha=1.0):
    """x above 0, alpha * (e**(x / alpha) - 1) below: an elu without a kink for any alpha (arXiv:1704.07483).

    Example:
        >>> celu(-2.0, alpha=2.0)
        -1.2642411176571153
    """
    return where(x > 0.0, x, alpha * expm1(div(minimum(x, 0.0), alpha)))


# The fixed point at which activations keep mean 0 and variance 1 (the paper's equation 14).
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772848, 1.0507009873554804934


@elementwise(lambda g, out, x: g * where(x > 0.0, _SELU_SCALE, _SELU_SCALE * _SELU_ALPHA * exp(minimum(x, 0.0))))
def selu(x):
    """1.0507 * elu(x, alpha=1.6733), which keeps mean and variance (Klambauer et al. 2017, arXiv:1706.02515).

    Example:
        >>> selu(1.0)
        1.0507009873554805
    """
    return _SELU_SCALE * elu(x, _SELU_ALPHA)


# ---- sigmoids --------------------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x: g * out * sigmoid(-x))
def sigmoid(x):
    """1 / (1 + e**-x).

    Example:
        >>> sigmoid(0.0)
        0.5
    """
    return ieee.sigmoid(x)


@elementwise(lambda g, out, x: g * sigmoid(-x))
def logsigmoid(x):
    """log(sigmoid(x)), exact in both tails.

    Example:
        >>> logsigmoid(-1000.0)
        -1000.0
    """
    return minimum(x, 0.0) - log1p(exp(-abs(x)))


def _softplus_slope(x: Any, beta: float, threshold: float) -> Any:
    slope = sigmoid(beta * x)
    return slope if threshold == math.inf else where(beta * x > threshold, 1.0, slope)


@elementwise(lambda g, out, x, beta, threshold: g * _softplus_slope(x, beta, threshold))
def softplus(x, beta=1.0, threshold=math.inf):
    """log(1 + e**(beta x)) / beta, a smooth relu, exact in both tails.

    Where beta * x > threshold the result is x itself. PyTorch does so from 20 on, and is off by 2e-9 there; here
    nothing needs it.

    Example:
        >>> softplus(0.0), softplus(25.0, threshold=20.0)
        (0.6931471805599453, 25.0)
    """
    z = beta * x
    smooth = div(maximum(z, 0.0) + log1p(exp(-abs(z))), beta)
    return smooth if threshold == math.inf else where(z > threshold, x, smooth)


# silu'(x) = s(x) s(-x) (1 + x + e**x) with s = sigmoid. At the root r, the sum of these two, e**r = -(1 + r), so that
# the last factor is (x - r) + e**r (e**(x - r) - 1): no cancellation below 0. Above, silu'(x) = 1 - silu'(-x).
_SILU_ROOT, _SILU_ROOT_REST = -1.2784645427610737, -1.0946994183093437e-16
_EXP_OF_SILU_ROOT = 0.2784645427610738


def _silu_slope(x: Any) -> Any:
    distance = (where(x < 0.0, x, -x) - _SILU_ROOT) - _SILU_ROOT_REST
    below_zero = sigmoid(x) * sigmoid(-x) * (distance + _EXP_OF_SILU_ROOT * expm1(distance))
    return where(x < 0.0, below_zero, 1.0 - below_zero)


@elementwise(lambda g, out, x: g * _silu_slope(x))
def silu(x):
    """x * sigmoid(x), also called swish (Elfwing et al. 2018, arXiv:1702.03118).

    Example:
        >>> silu(1.0)
        0.7310585786300049
    """
    return x * sigmoid(x)


def _to_mish(g: Any, out: Any, x: Any) -> Any:
    y = softplus(x)
    denominator = cosh(y)
    return g * tanh(y) + g * (x * sigmoid(x)) / denominator / denominator


@elementwise(_to_mish)
def mish(x):
    """x * tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).

    Example:
        >>> mish(1.0)
        0.8650983882673103
    """
    return x * tanh(softplus(x))


def _to_softsign(g: Any, out: Any, x: Any) -> Any:
    denominator = 1.0 + abs(x)
    return g / denominator / denominator  # its square may overflow


@elementwise(_to_softsign)
def softsign(x):
    """x / (1 + |x|).

    Example:
        >>> softsign(-1.0)
        -0.5
    """
    return x / (1.0 + abs(x))


# ---- gates -----------------------------------------------------------------------------------------------------------


@by_any_name
def glu(x: Any, axis: int = -1) -> Any:
    """Gated linear unit: the first half along an axis times the sigmoid of the second (arXiv:1612.08083).

    Args:
        x: An array or Tensor of an even length along the axis.
        axis: The axis.

    Raises:
        MicrogradValueError: If the length is odd, or there is no such axis.

    Example:
        >>> import numpy as np
        >>> glu(np.array([1.0, 2.0, 0.0, 0.0]))
        array([0.5, 1. ])
    """
    shape: tuple[int, ...] = getattr(x, "shape", ())
    if not -len(shape) <= axis < len(shape) or shape[axis] % 2:
        raise MicrogradValueError(
            f"glu() of shape {shape} along axis {axis}: it takes an axis of even length, of which one half gates the "
            "other"
        )
    before = (slice(None),) * (axis % len(shape))
    half = shape[axis] // 2
    return x[(*before, slice(half))] * sigmoid(x[(*before, slice(half, None))])
