"""Normalization of layers, batches, groups and by root mean square, called as in PyTorch but without running state."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.elementwise import sqrt
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_arrays, require_channels, require_divisible, require_floats
from micrograd.engine.ops.neural.standardization import Axes, count, mean_square_from, scale_and_shift, standardize


@by_any_name
def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """Each sample's features moved to mean 0 and variance 1 (Ba et al. 2016, arXiv:1607.06450).

    `(x - mean) / sqrt(variance + eps) * weight + bias`, with the mean and the variance over the last axes.

    Args:
        input: Shape (..., *normalized_shape).
        normalized_shape: The lengths of the axes to normalize over, or one integer for the last.
        weight: What to multiply the result by, of that shape.
        bias: What to add, of that shape.
        eps: What is added to the variance, so that equal numbers give 0.

    Raises:
        MicrogradTypeError: If the input isn't of real numbers.
        MicrogradValueError: If the shapes don't fit.

    Example:
        >>> layer_norm(np.array([[1.0, 3.0], [2.0, 6.0]]), 2).round(3)
        array([[-1.,  1.],
               [-1.,  1.]])
    """
    axes = _last_axes("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    return _affine(_normalized(input, axes, eps)[0], weight, bias)


@by_any_name
def rms_norm(input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    """Each sample's features divided by their root mean square (Zhang & Sennrich 2019, arXiv:1910.07467).

    `x / sqrt(mean(x**2) + eps) * weight`, with the mean over the last axes.

    Args:
        input: Shape (..., *normalized_shape).
        normalized_shape: The lengths of the axes to normalize over, or one integer for the last.
        weight: What to multiply the result by, of that shape.
        eps: What is added to the mean square; the spacing of the dtype's numbers at 1 if None.

    Raises:
        MicrogradTypeError: If the input isn't of real numbers.
        MicrogradValueError: If the shapes don't fit.

    Example:
        >>> rms_norm(np.array([[3.0, 4.0]]), 2).round(3)
        array([[0.849, 1.131]])
    """
    axes = _last_axes("rms_norm", input, normalized_shape, weight=weight)
    eps = float(np.finfo(input.dtype).eps) if eps is None else eps
    scale = 1.0 / sqrt(mean_square_from(input, 0.0, axes=axes) + eps)
    return _affine(standardize(input, 0.0, scale, axes=axes, is_centered=False), weight, None)


@by_any_name
def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """Groups of channels of each sample moved to mean 0 and variance 1 (Wu & He 2018, arXiv:1803.08494).

    Args:
        input: Shape (samples, channels, ...).
        num_groups: Into how many groups the channels are divided; with one for each channel this is instance
            normalization.
        weight: What to multiply each channel by, shape (channels,).
        bias: What to add to each channel, shape (channels,).
        eps: What is added to the variance.

    Raises:
        MicrogradTypeError: If the input isn't of real numbers.
        MicrogradValueError: If the channels aren't divisible by the groups, or the shapes don't fit.

    Example:
        >>> group_norm(np.array([[1.0, 3.0, 10.0, 30.0]]), num_groups=2).round(3)
        array([[-1.,  1., -1.,  1.]])
    """
    channels = _channels("group_norm", input, weight=weight, bias=bias)
    require_divisible("group_norm", channels, num_groups)
    shape = tuple(input.shape)
    grouped = reshape(input, shape=(shape[0], num_groups, math.prod(shape[1:]) // num_groups))
    out = reshape(_normalized(grouped, (2,), eps)[0], shape=shape)
    return _affine(out, *_per_channel(input, weight, bias))


@by_any_name
def batch_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    eps: float = 1e-5,
) -> Any:
    """Each channel moved to mean 0 and variance 1 (Ioffe & Szegedy 2015, arXiv:1502.03167).

    In training by the mean and variance of this batch, otherwise by running ones. Nothing is written: what the running
    ones become is a result of `batch_norm_training`.

    Args:
        input: Shape (samples, channels, ...).
        running_mean: Shape (channels,); needed unless in training.
        running_var: Shape (channels,); needed unless in training.
        weight: What to multiply each channel by, shape (channels,).
        bias: What to add to each channel, shape (channels,).
        training: Whether the batch's own mean and variance count.
        eps: What is added to the variance.

    Raises:
        MicrogradTypeError: If the input isn't of real numbers.
        MicrogradValueError: If the shapes don't fit, a running statistic is missing, or there is but one number for
            each channel to take a variance of.

    Example:
        >>> batch_norm(np.array([[1.0], [3.0]]), training=True).round(3)
        array([[-1.],
               [ 1.]])
    """
    if training:
        return batch_norm_training(input, running_mean, running_var, weight, bias, eps=eps)[0]
    _channels("batch_norm", input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if running_mean is None or running_var is None:
        raise MicrogradValueError(
            "batch_norm() outside of training needs running_mean and running_var; in training write "
            "out, running_mean, running_var = batch_norm_training(x, running_mean, running_var)"
        )
    center, variance, weight, bias = _per_channel(input, running_mean, running_var, weight, bias)
    scale = 1.0 / sqrt(variance + eps)
    return _affine(input - center, scale if weight is None else scale * weight, bias)


@by_any_name
def batch_norm_training(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Any, Any, Any]:
    """`batch_norm` by the batch's own mean and variance, and what the running ones become.

    `running = (1 - momentum) * running + momentum * statistic`, where the variance has the divisor n - 1; no gradient
    passes through them. Those that start as None start from the batch's own.

    Returns:
        `(out, running_mean, running_var)`; the arguments are left as they are.

    Raises:
        MicrogradTypeError: If the input isn't of real numbers.
        MicrogradValueError: If the shapes don't fit, or there is but one number for each channel.

    Example:
        >>> out, mean, var = batch_norm_training(np.array([[1.0], [3.0]]), np.zeros(1), np.ones(1))
        >>> mean, var
        (array([0.2]), array([1.1]))
    """
    channels = _channels(
        "batch_norm", input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    axes = (0, *range(2, input.ndim))
    per_channel = count(input.shape, axes)
    if per_channel < 2:
        raise MicrogradValueError(
            f"batch_norm() in training of an input of shape {tuple(input.shape)}: a variance takes more than one "
            "number for each channel; give more samples, or training=False"
        )
    out, center, variance = _normalized(input, axes, eps)
    statistics = stop_gradient(center), stop_gradient(variance) * (per_channel / (per_channel - 1))
    updated = [
        reshape(new, shape=(channels,))
        if old is None
        else old * (1.0 - momentum) + momentum * reshape(new, (channels,))
        for old, new in zip((running_mean, running_var), statistics, strict=True)
    ]
    return _affine(out, *_per_channel(input, weight, bias)), updated[0], updated[1]


def _normalized(x: Any, axes: Axes, eps: float) -> tuple[Any, Any, Any]:
    """x with mean 0 and variance 1 along the axes, and the mean and variance that it had."""
    center = mean(x, axis=axes, keepdims=True)
    variance = mean_square_from(x, center, axes=axes)
    return standardize(x, center, 1.0 / sqrt(variance + eps), axes=axes), center, variance


def _affine(x: Any, weight: Any, bias: Any) -> Any:
    if weight is not None and bias is not None:
        return scale_and_shift(x, weight, bias)
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def _last_axes(name: str, x: Any, normalized_shape: Any, **vectors: Any) -> Axes:
    """The axes to normalize over, once the shapes are checked."""
    require_floats(name, input=x)
    shape = tuple(normalized_shape) if isinstance(normalized_shape, (tuple, list)) else (normalized_shape,)
    if not shape or tuple(x.shape[-len(shape) :]) != shape:
        raise MicrogradValueError(
            f"{name}() of an input of shape {tuple(x.shape)}: it doesn't end in normalized_shape={normalized_shape}"
        )
    given = {argument: vector for argument, vector in vectors.items() if vector is not None}
    require_arrays(name, **given)
    for argument, vector in given.items():
        if tuple(vector.shape) != shape:
            raise MicrogradValueError(
                f"{name}(): {argument} has shape {tuple(vector.shape)}; it takes that of the features, {shape}"
            )
    return tuple(range(x.ndim - len(shape), x.ndim))


def _channels(name: str, x: Any, **vectors: Any) -> int:
    """The number of channels, once the shapes are checked."""
    require_floats(name, input=x)
    if x.ndim < 2:
        raise MicrogradValueError(f"{name}() of an input of shape {tuple(x.shape)}: it takes (samples, channels, ...)")
    require_channels(name, x.shape[1], **vectors)
    return int(x.shape[1])


def _per_channel(x: Any, *vectors: Any) -> tuple[Any, ...]:
    """Vectors shaped to meet the channels of x; None stays."""
    shape = (x.shape[1], *(1,) * (x.ndim - 2))
    return tuple(None if vector is None else reshape(vector, shape=shape) for vector in vectors)
