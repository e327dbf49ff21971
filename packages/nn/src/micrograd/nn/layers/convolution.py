"""Convolutions: the same small linear map at every place of a sequence or an image."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.padding import pad
from micrograd.engine.ops.neural import convolution
from micrograd.engine.ops.neural.windows import geometry, per_axis
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.layers.checks import require_axes
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_number

_BORDERS = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""The modes of padding, and what NumPy calls them."""


class _Convolution(Module):
    """What all convolutions share: the kernels, drawn as PyTorch does, and the settings."""

    spatial: tuple[str, ...] = ()
    of: Callable[..., Any]
    is_transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        name = type(self).__name__
        example = f"{name}(3, 16, 3)"
        self.in_channels = whole_number(in_channels, "in_channels", example)
        self.out_channels = whole_number(out_channels, "out_channels", example)
        self.groups = whole_number(groups, "groups", example)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise MicrogradValueError(
                f"groups={groups} must divide both in_channels={in_channels} and out_channels={out_channels}."
            )
        if padding_mode not in _BORDERS:
            raise MicrogradValueError(
                f"padding_mode={padding_mode!r:.40} is one of {', '.join(_BORDERS)}. Write "
                f'{name}(3, 16, 3, padding=1, padding_mode="reflect").'
            )
        windows = geometry(name, len(self.spatial), kernel_size, stride, padding, dilation)
        self.kernel_size, self.stride, self.dilation = windows.kernel, windows.stride, windows.dilation
        self.padding = padding if isinstance(padding, str) else _for_each_axis(padding, len(self.spatial))
        self.padding_mode = padding_mode
        outer, inner = self.out_channels, self.in_channels
        if self.is_transposed:
            outer, inner = inner, outer
        shape = (outer, inner // self.groups, *self.kernel_size)
        source = init.generator(rng)
        bound = 1.0 / math.sqrt(init.fans(shape)[0])
        self.weight = Tensor(init.uniform(shape, -bound, bound, source), requires_grad=True, dtype=dtype)
        drawn = init.uniform((self.out_channels,), -bound, bound, source)
        self.bias = Tensor(drawn, requires_grad=True, dtype=dtype) if bias else None

    def forward(self, x: Any) -> Any:
        """Shape (samples, in_channels, ...), or without the samples."""
        x, padding = self._checked(x), self.padding
        if self.padding_mode != "zeros":
            widths = (*((0, 0),) * (len(x.shape) - len(self.spatial)), *self._border())
            x, padding = pad(x, widths, mode=_BORDERS[self.padding_mode]), "valid"
        return self.of(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _checked(self, x: Any) -> Any:
        """The input, if its shape fits."""
        ndim = len(self.spatial)
        expected = f"(samples, {self.in_channels}, {', '.join(self.spatial)})"
        return require_axes(x, expected, self.in_channels, self, (ndim + 1, ndim + 2))

    def _border(self) -> tuple[tuple[int, int], ...]:
        """How much is added before and after, along each axis."""
        settings = (self.kernel_size, self.stride, self.padding, self.dilation)
        return geometry(type(self).__name__, len(self.spatial), *settings).padding

    def settings(self) -> str:
        """The channels, the kernel, and what isn't the usual."""
        usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "padding_mode": "zeros"}
        given = {name: _in_short(getattr(self, name)) for name in usual}
        others = [f", {name}={value}" for name, value in given.items() if value != usual[name]]
        bias = "" if self.bias is not None else ", bias=False"
        return f"{self.in_channels}, {self.out_channels}, {_in_short(self.kernel_size)}{''.join(others)}{bias}"


def _for_each_axis(setting: Any, ndim: int) -> tuple[Any, ...]:
    """A number for each axis, from one for all or one for each."""
    numbers = tuple(setting) if isinstance(setting, (tuple, list)) else (setting,)
    return numbers * ndim if len(numbers) == 1 else numbers


def _in_short(setting: Any) -> Any:
    """One number in place of several that are equal."""
    return setting[0] if isinstance(setting, tuple) and len(set(setting)) == 1 else setting


class Conv1d(_Convolution):
    """Kernels that slide along a sequence: (samples, in_channels, length) to (samples, out_channels, length').

    Args:
        in_channels: Channels of the input.
        out_channels: How many kernels there are.
        kernel_size: How long they are.
        stride: The step from one place to the next.
        padding: How much to add on either side, or "same" or "valid".
        dilation: The step from one element of a window to the next.
        groups: Into how many parts the channels fall that don't see each other.
        bias: Whether to add one.
        padding_mode: What is added: "zeros", or numbers of the input by "reflect", "replicate" or "circular".
        dtype: The dtype of the parameters.
        rng: Where they are drawn from: uniformly in ±1/sqrt(fan_in), as in PyTorch.

    Raises:
        MicrogradValueError: If a setting is out of range, or a call has another number of channels.

    Example:
        >>> import numpy as np
        >>> Conv1d(2, 4, 3, rng=0)(np.zeros((5, 2, 10))).shape
        (5, 4, 8)
    """

    spatial = ("length",)
    of = staticmethod(convolution.conv1d)


class Conv2d(_Convolution):
    """Kernels that slide over images; the arguments are those of `Conv1d`, or pairs.

    Example:
        >>> import numpy as np
        >>> Conv2d(1, 8, 3, padding=1, rng=0)(np.zeros((5, 1, 8, 8))).shape
        (5, 8, 8, 8)
    """

    spatial = ("height", "width")
    of = staticmethod(convolution.conv2d)


class _TransposedConvolution(_Convolution):
    """What the transposes share."""

    is_transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, dtype=dtype, rng=rng
        )
        self.output_padding = per_axis(
            type(self).__name__, "output_padding", output_padding, len(self.spatial), least=0
        )

    def forward(self, x: Any) -> Any:
        """Shape (samples, in_channels, ...), or without the samples."""
        settings = (self.stride, self.padding, self.output_padding, self.groups, self.dilation)
        return self.of(self._checked(x), self.weight, self.bias, *settings)


class ConvTranspose1d(_TransposedConvolution):
    """The transpose of `Conv1d`; the arguments are those of `ConvTranspose2d`.

    Example:
        >>> import numpy as np
        >>> ConvTranspose1d(8, 1, 2, stride=2, rng=0)(np.zeros((5, 8, 4))).shape
        (5, 1, 8)
    """

    spatial = ("length",)
    of = staticmethod(convolution.conv_transpose1d)


class ConvTranspose2d(_TransposedConvolution):
    """The transpose of `Conv2d`: each number spreads a kernel over its window, so that images grow.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the result.
        kernel_size: The size of a kernel; one number, or a pair, as below.
        stride: The step from one window to the next.
        padding: How much to take off on either side.
        output_padding: How much to add at one side, where several sizes are possible.
        groups: Into how many parts the channels fall.
        bias: Whether to add one.
        dilation: The step from one element of a window to the next.
        dtype: The dtype of the parameters.
        rng: Where they are drawn from.

    Raises:
        MicrogradValueError: If a setting is out of range, or a call has another number of channels.

    Example:
        >>> import numpy as np
        >>> ConvTranspose2d(8, 1, 2, stride=2, rng=0)(np.zeros((5, 8, 4, 4))).shape
        (5, 1, 8, 8)
    """

    spatial = ("height", "width")
    of = staticmethod(convolution.conv_transpose2d)
