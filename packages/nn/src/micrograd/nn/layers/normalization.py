"""Layers that bring numbers to mean 0 and variance 1: over the batch, the features of a sample, or groups of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.arrays.functions import astype
from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.ops.neural import normalization
from micrograd.engine.tensor import Tensor
from micrograd.nn.layers.checks import as_input, require_axes
from micrograd.nn.module import Module
from micrograd.nn.validation import nonnegative, positive, share, whole_number


def _scale_and_shift(shape: tuple[int, ...], is_affine: bool, has_bias: bool, dtype: Any) -> tuple[Any, Any]:
    """A weight of ones and a bias of zeros, which training changes; None for either that isn't wanted."""
    weight = Tensor(np.ones(shape), requires_grad=True, dtype=dtype) if is_affine else None
    bias = Tensor(np.zeros(shape), requires_grad=True, dtype=dtype) if is_affine and has_bias else None
    return weight, bias


class _BatchNorm(Module):
    """What the batch norms share."""

    axes: tuple[str, ...] = ()
    ndims: tuple[int, ...] = ()
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        count = whole_number(num_features, "num_features", f"{type(self).__name__}(16)")
        self.num_features, self.eps = count, positive(eps, "eps", f"{type(self).__name__}(16, eps=1e-5)")
        self.momentum = momentum if momentum is None else share(momentum, "momentum", "BatchNorm1d(16, momentum=0.1)")
        self.weight, self.bias = _scale_and_shift((count,), affine, bias, dtype)
        self.affine, self.track_running_stats = affine, track_running_stats
        tracked = track_running_stats
        self.register_buffer("running_mean", np.zeros(count, dtype=dtype) if tracked else None)
        self.register_buffer("running_var", np.ones(count, dtype=dtype) if tracked else None)
        self.register_buffer("num_batches_tracked", np.array(0) if tracked else None)

    def forward(self, x: Any) -> Any:
        """Each channel by itself."""
        expected = f"(samples, {self.num_features}{''.join(f', {axis}' for axis in self.axes)})"
        x = self._checked(as_input(x, self), expected)
        if not self.training and self.running_mean is not None:
            statistics = self.running_mean, self.running_var
            return normalization.batch_norm(x, *statistics, self.weight, self.bias, eps=self.eps)
        out, mean, var = normalization.batch_norm_training(
            x, self.running_mean, self.running_var, self.weight, self.bias, momentum=self._share(), eps=self.eps
        )
        if self.training and self.track_running_stats and self.running_mean is not None:
            self.running_mean, self.running_var = _like(self.running_mean, mean), _like(self.running_var, var)
            self.num_batches_tracked = _like(self.num_batches_tracked, self.num_batches_tracked + 1)
        return out

    def _share(self) -> Any:
        """How much of this batch's statistics goes into the running ones; with the same share for all, 1 of n."""
        if self.momentum is not None or self.running_mean is None:
            return 1.0 if self.momentum is None else self.momentum
        return astype(1.0 / (self.num_batches_tracked + 1), self.running_mean.dtype)

    def _checked(self, x: Any, expected: str) -> Any:
        if len(x.shape) in self.ndims and x.shape[1] == self.num_features:
            return x
        fix = f" Write {type(self).__name__}({x.shape[1]})." if len(x.shape) in self.ndims else ""
        raise MicrogradValueError(f"{self.title()} expects shape {expected}, but was given {tuple(x.shape)}.{fix}")

    def settings(self) -> str:
        """The number of channels."""
        return str(self.num_features)


def _like(buffer: Any, new: Any) -> Any:
    """The numbers of what a buffer becomes; what stands for them, where the buffer itself is stood in for by `jit`."""
    if isinstance(new, Node):
        return new._data
    return np.asarray(new) if isinstance(buffer, np.ndarray) else new


class BatchNorm1d(_BatchNorm):
    """Each feature to mean 0 and variance 1 over the batch, then scaled and shifted by what is learned.

    In training by the batch's own mean and variance, which also move the running ones; else by the running ones.

    Args:
        num_features: The number of features, or channels.
        eps: What is added to the variance.
        momentum: How much of the batch's statistics goes into the running ones; None for their plain average.
        affine: Whether to scale and shift.
        track_running_stats: Whether to keep running statistics; without, every batch's own count.
        dtype: The dtype of the parameters.
        bias: Whether to shift.

    Raises:
        MicrogradValueError: If a call has another number of features, or a single sample in training.

    Example:
        >>> import numpy as np
        >>> layer = BatchNorm1d(1)
        >>> layer(np.array([[1.0], [3.0]])).data.round(3)
        array([[-1.],
               [ 1.]])
        >>> layer.running_mean, layer.running_var
        (array([0.2]), array([1.1]))

    Reference: Ioffe & Szegedy (2015), arXiv:1502.03167.
    """

    ndims = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Each channel of images to mean 0 and variance 1 over the batch; the arguments are those of `BatchNorm1d`.

    Example:
        >>> import numpy as np
        >>> BatchNorm2d(3)(np.zeros((2, 3, 4, 4))).shape
        (2, 3, 4, 4)
    """

    axes = ("height", "width")
    ndims = (4,)


class LayerNorm(Module):
    """The features of each sample to mean 0 and variance 1, then scaled and shifted.

    Args:
        normalized_shape: The last axes, over which to normalise: a number or a tuple.
        eps: What is added to the variance.
        elementwise_affine: Whether to scale and shift.
        bias: Whether to shift.
        dtype: The dtype of the parameters.

    Example:
        >>> import numpy as np
        >>> LayerNorm(2)(np.array([[1.0, 3.0]])).data.round(3)
        array([[-1.,  1.]])

    Reference: Ba et al. (2016), arXiv:1607.06450.
    """

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        self.normalized_shape = _lengths(normalized_shape, "LayerNorm(64)")
        self.eps, self.elementwise_affine = nonnegative(eps, "eps", "LayerNorm(64, eps=1e-5)"), elementwise_affine
        self.weight, self.bias = _scale_and_shift(self.normalized_shape, elementwise_affine, bias, dtype)

    def forward(self, x: Any) -> Any:
        """The same shape."""
        x = _require_last(as_input(x, self), self.normalized_shape, self)
        return normalization.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def settings(self) -> str:
        """The last axes."""
        return ", ".join(map(str, self.normalized_shape))


class RMSNorm(Module):
    """The features of each sample divided by the root of their mean square, then scaled.

    Args:
        normalized_shape: The last axes, over which to normalise: a number or a tuple.
        eps: What is added to the mean square; the dtype's epsilon unless given.
        elementwise_affine: Whether to scale.
        dtype: The dtype of the weight.

    Example:
        >>> import numpy as np
        >>> RMSNorm(2)(np.array([[3.0, 4.0]])).data.round(4)
        array([[0.8485, 1.1314]])

    Reference: Zhang & Sennrich (2019), arXiv:1910.07467.
    """

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float | None = None,
        elementwise_affine: bool = True,
        dtype: Any = None,
    ) -> None:
        self.normalized_shape = _lengths(normalized_shape, "RMSNorm(64)")
        self.eps = eps if eps is None else nonnegative(eps, "eps", "RMSNorm(64, eps=1e-5)")
        self.elementwise_affine = elementwise_affine
        self.weight, _ = _scale_and_shift(self.normalized_shape, elementwise_affine, False, dtype)

    def forward(self, x: Any) -> Any:
        """The same shape."""
        x = _require_last(as_input(x, self), self.normalized_shape, self)
        return normalization.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def settings(self) -> str:
        """The last axes."""
        return ", ".join(map(str, self.normalized_shape))


class GroupNorm(Module):
    """The channels of each sample, in groups, to mean 0 and variance 1, then scaled and shifted.

    Args:
        num_groups: How many groups.
        num_channels: How many channels; the groups must divide them.
        eps: What is added to the variance.
        affine: Whether to scale and shift.
        dtype: The dtype of the parameters.
        bias: Whether to shift.

    Raises:
        MicrogradValueError: If the groups don't divide the channels, or a call has another number of channels.

    Example:
        >>> import numpy as np
        >>> GroupNorm(2, 4)(np.zeros((3, 4, 5, 5))).shape
        (3, 4, 5, 5)

    Reference: Wu & He (2018), arXiv:1803.08494.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        self.num_groups = whole_number(num_groups, "num_groups", "GroupNorm(2, 4)")
        self.num_channels = whole_number(num_channels, "num_channels", "GroupNorm(2, 4)")
        if self.num_channels % self.num_groups:
            raise MicrogradValueError(f"num_groups={num_groups} doesn't divide num_channels={num_channels}.")
        self.eps, self.affine = nonnegative(eps, "eps", "GroupNorm(2, 4, eps=1e-5)"), affine
        self.weight, self.bias = _scale_and_shift((self.num_channels,), affine, bias, dtype)

    def forward(self, x: Any) -> Any:
        """Shape (samples, num_channels, ...)."""
        x = as_input(x, self)
        expected = f"(samples, {self.num_channels}, ...)"
        x = require_axes(x, expected, self.num_channels, self, (max(len(x.shape), 2),))
        return normalization.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def settings(self) -> str:
        """Groups and channels."""
        return f"{self.num_groups}, {self.num_channels}"


def _lengths(shape: Any, example: str) -> tuple[int, ...]:
    listed = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    return tuple(whole_number(length, "normalized_shape", example) for length in listed)


def _require_last(x: Any, lengths: tuple[int, ...], layer: Any) -> Any:
    if tuple(x.shape[-len(lengths) :]) != lengths:
        expected = ", ".join(map(str, ("...", *lengths)))
        raise MicrogradValueError(
            f"{layer.title()} expects shape ({expected}), but was given {tuple(x.shape)}. Write "
            f"{type(layer).__name__}({tuple(x.shape[-len(lengths) :])})."
        )
    return x
