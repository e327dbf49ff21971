"""How the weights of layers begin: arrays drawn from a generator that the caller hands in; there is no global state.

Shapes are PyTorch's: of a linear layer (fan_out, fan_in), of a convolution (channels out, channels in, *kernel).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError

Array = NDArray[Any]
Rng = np.random.Generator | int | None
"""A generator, the seed of one, or None for one that nobody can repeat."""

_GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3.0, "relu": math.sqrt(2.0), "selu": 0.75}


def generator(rng: Rng) -> np.random.Generator:
    """The generator itself, or a new one from a seed.

    Raises:
        MicrogradTypeError: If it is neither, nor None.

    Example:
        >>> generator(0).integers(10) == generator(np.random.default_rng(0)).integers(10)
        np.True_
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None or (type(rng) in (int, np.int64, np.int32) and rng >= 0):
        return np.random.default_rng(rng)
    raise MicrogradTypeError(
        f"rng is a NumPy generator or a seed, but was given the {type(rng).__name__} {rng!r:.60}. "
        "Write rng=np.random.default_rng(0), or rng=0."
    )


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many numbers each output reads, and in how many outputs each input is read: fan_in, fan_out.

    Raises:
        MicrogradTypeError: If it is an array rather than the shape of one.
        MicrogradValueError: If the shape has fewer than two axes.

    Example:
        >>> fans((16, 3, 5, 5))
        (75, 400)
    """
    if len(_lengths(shape)) < 2:
        raise MicrogradValueError(
            f"a weight of shape {tuple(shape)} has no fan_in and fan_out: it needs two axes or more, (fan_out, "
            "fan_in). For a bias write zeros(shape) or uniform(shape)."
        )
    receptive = math.prod(shape[2:])
    return shape[1] * receptive, shape[0] * receptive


def _lengths(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape, unless it is the weight itself, which PyTorch's functions take and fill."""
    if hasattr(shape, "shape"):
        raise MicrogradTypeError(
            f"initial numbers are drawn by a shape, and were asked for by {kind_of(shape)}. They come as an array: "
            "write layer.weight.data = xavier_uniform(layer.weight.shape)."
        )
    return shape


def gain(nonlinearity: str, slope: float = 0.01) -> float:
    """By how much to scale weights so that what an activation takes away is made up for, as PyTorch has it.

    Args:
        nonlinearity: "linear", "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
        slope: The negative slope of leaky_relu.

    Raises:
        MicrogradValueError: If there is none of that name.

    Example:
        >>> gain("tanh")
        1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1.0 + slope**2))
    if nonlinearity not in _GAINS:
        known = ", ".join([*_GAINS, "leaky_relu"])
        raise MicrogradValueError(f"gain({nonlinearity!r}): there are {known}. For any other write gain=1.0.")
    return _GAINS[nonlinearity]


def zeros(shape: tuple[int, ...]) -> Array:
    """All 0.

    Example:
        >>> zeros((2,))
        array([0., 0.])
    """
    return np.zeros(_lengths(shape))


def ones(shape: tuple[int, ...]) -> Array:
    """All 1.

    Example:
        >>> ones((2,))
        array([1., 1.])
    """
    return np.ones(_lengths(shape))


def constant(shape: tuple[int, ...], value: float) -> Array:
    """All `value`.

    Example:
        >>> constant((2,), 0.5)
        array([0.5, 0.5])
    """
    return np.full(_lengths(shape), float(value))


def uniform(shape: tuple[int, ...], low: float = 0.0, high: float = 1.0, rng: Rng = None) -> Array:
    """Uniform in [low, high).

    Example:
        >>> uniform((2,), -1.0, 1.0, rng=0).round(3)
        array([ 0.274, -0.46 ])
    """
    return generator(rng).uniform(low, high, _lengths(shape))


def normal(shape: tuple[int, ...], mean: float = 0.0, std: float = 1.0, rng: Rng = None) -> Array:
    """Normal, with this mean and standard deviation.

    Example:
        >>> normal((2,), rng=0).round(3)
        array([ 0.126, -0.132])
    """
    return generator(rng).normal(mean, std, _lengths(shape))


def xavier_uniform(shape: tuple[int, ...], gain: float = 1.0, rng: Rng = None) -> Array:
    """Uniform in ±gain * sqrt(6 / (fan_in + fan_out)): signals keep their variance forwards and backwards.

    Example:
        >>> bool((abs(xavier_uniform((30, 24), rng=0)) <= 1 / 3).all())
        True

    Reference: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS
        (2010).
    """
    bound = gain * math.sqrt(6.0 / sum(fans(shape)))
    return uniform(shape, -bound, bound, rng)


def xavier_normal(shape: tuple[int, ...], gain: float = 1.0, rng: Rng = None) -> Array:
    """Normal with the standard deviation gain * sqrt(2 / (fan_in + fan_out)).

    Example:
        >>> round(float(xavier_normal((100, 100), rng=0).std()), 2)
        0.1
    """
    return normal(shape, 0.0, gain * math.sqrt(2.0 / sum(fans(shape))), rng)


def kaiming_uniform(
    shape: tuple[int, ...], a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", rng: Rng = None
) -> Array:
    """Uniform in ±gain * sqrt(3 / fan): signals keep their variance through rectifiers.

    Args:
        shape: The weight's shape.
        a: The negative slope of the activation, 0 for relu.
        mode: "fan_in" to keep the variance forwards, "fan_out" backwards.
        nonlinearity: The activation, as in `gain`.
        rng: Where from.

    Example:
        >>> bool((abs(kaiming_uniform((2, 6), rng=0)) <= 1.0).all())
        True

    Reference: He et al., "Delving deep into rectifiers" (2015), arXiv:1502.01852.
    """
    bound = math.sqrt(3.0) * _kaiming_std(shape, a, mode, nonlinearity)
    return uniform(shape, -bound, bound, rng)


def kaiming_normal(
    shape: tuple[int, ...], a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", rng: Rng = None
) -> Array:
    """Normal with the standard deviation gain / sqrt(fan); the arguments are those of `kaiming_uniform`.

    Example:
        >>> round(float(kaiming_normal((100, 200), rng=0).std()), 2)
        0.1
    """
    return normal(shape, 0.0, _kaiming_std(shape, a, mode, nonlinearity), rng)


def _kaiming_std(shape: tuple[int, ...], a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise MicrogradValueError(f'mode={mode!r}: choose "fan_in" or "fan_out"')
    return gain(nonlinearity, a) / math.sqrt(fans(shape)[mode == "fan_out"])


def orthogonal(shape: tuple[int, ...], gain: float = 1.0, rng: Rng = None) -> Array:
    """Rows (or columns, if there are fewer) that are orthonormal, times the gain; drawn evenly among all such.

    Example:
        >>> Q = orthogonal((2, 3), rng=0)
        >>> abs(Q @ Q.T).round(12)
        array([[1., 0.],
               [0., 1.]])

    Reference: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
        (2013), arXiv:1312.6120.
    """
    fans(shape)
    rows, columns = shape[0], math.prod(shape[1:])
    drawn = normal((max(rows, columns), min(rows, columns)), rng=rng)
    q, r = np.linalg.qr(drawn)
    q *= np.sign(np.diagonal(r))
    return (gain * (q.T if rows < columns else q)).reshape(shape)
