"""Convolutions of sequences and images, and their transposes, called as in PyTorch; `convolving` has the primitives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.padding import pad
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_arrays, require_channels, require_divisible
from micrograd.engine.ops.neural.convolving import conv, conv_transposed
from micrograd.engine.ops.neural.windows import Lengths, Windows, batched, geometry, per_axis, windows_of


@by_any_name
def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """The convolution of sequences: `out[n, o, i] = bias[o] + sum over c, k of weight[o, c, k] x[n, c, i*stride + k]`.

    Args:
        input: Shape (samples, channels, length), or (channels, length).
        weight: The kernels, shape (outputs, channels / groups, kernel length).
        bias: Shape (outputs,), or None.
        stride: The step from one window to the next.
        padding: Zeros on either side: a number, "valid" (none) or "same" (as long an output as input).
        dilation: The step from one element of a window to the next.
        groups: Into how many parts the channels are divided, each seen by its own part of the outputs.

    Returns:
        Shape (samples, outputs, (length + 2 padding - dilation (kernel - 1) - 1) // stride + 1).

    Raises:
        MicrogradValueError: If the shapes don't fit, the kernel is larger than the padded input, or the channels
            aren't divisible by the groups.

    Example:
        >>> import numpy as np
        >>> conv1d(np.array([[1.0, 2.0, 4.0, 7.0]]), np.array([[[-1.0, 1.0]]]))
        array([[1., 2., 3.]])
    """
    return _convolution("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


@by_any_name
def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """The convolution of images: at each place, the window there times each kernel, summed, plus a bias.

    Args:
        input: Shape (samples, channels, height, width), or (channels, height, width).
        weight: The kernels, shape (outputs, channels / groups, kernel height, kernel width).
        bias: Shape (outputs,), or None.
        stride: The step from one window to the next; an integer or a pair, as are the next two.
        padding: Zeros around the image: numbers, "valid" (none) or "same" (as large an output as input).
        dilation: The step from one element of a window to the next.
        groups: Into how many parts the channels are divided, each seen by its own part of the outputs.

    Returns:
        Shape (samples, outputs, height', width'), each length as in `conv1d`.

    Raises:
        MicrogradValueError: If the shapes don't fit, the kernel is larger than the padded input, or the channels
            aren't divisible by the groups.

    Example:
        >>> import numpy as np
        >>> conv2d(np.ones((1, 3, 3)), np.ones((1, 1, 2, 2)))
        array([[[4., 4.],
                [4., 4.]]])
    """
    return _convolution("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


@by_any_name
def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """The transpose of `conv1d`, which maps outputs back to the size of inputs; see `conv_transpose2d`.

    Example:
        >>> import numpy as np
        >>> conv_transpose1d(np.array([[1.0, 2.0]]), np.array([[[1.0, 10.0]]]), stride=2)
        array([[ 1., 10.,  2., 20.]])
    """
    settings = (stride, padding, output_padding, groups, dilation)
    return _transposed_convolution("conv_transpose1d", 1, input, weight, bias, *settings)


@by_any_name
def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """The transpose of `conv2d` ("deconvolution"): every element spreads its kernel over a window, and they add up.

    Args:
        input: Shape (samples, channels, height, width), or (channels, height, width).
        weight: Shape (channels, outputs / groups, kernel height, kernel width): that of the `conv2d` which it
            transposes.
        bias: Shape (outputs,), or None.
        stride: The step from one window to the next in the output.
        padding: How much is cut off each side of the output.
        output_padding: How much longer the output is on one side: several input sizes of a strided `conv2d` have
            the same output size, and this says which one is meant.
        groups: Into how many parts the channels are divided.
        dilation: The step from one element of a window to the next.

    Returns:
        Shape (samples, outputs, height', width'), a length being
        (length - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1.

    Raises:
        MicrogradValueError: If the shapes don't fit, the output would be empty, or `output_padding` reaches the larger
            of stride and dilation.

    Example:
        >>> import numpy as np
        >>> conv_transpose2d(np.ones((1, 2, 2)), np.ones((1, 1, 2, 2)))
        array([[[1., 2., 1.],
                [2., 4., 2.],
                [1., 2., 1.]]])
    """
    settings = (stride, padding, output_padding, groups, dilation)
    return _transposed_convolution("conv_transpose2d", 2, input, weight, bias, *settings)


def _convolution(
    name: str,
    spatial: int,
    x: Any,
    w: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Any:
    x, was_single = _checked(name, spatial, x, w)
    require_divisible(name, x.shape[1], groups)
    require_divisible(name, w.shape[0], groups, "outputs")
    _require_kernel(name, w, x.shape[1], w.shape[1] * groups)
    windows = windows_of(name, tuple(x.shape[2:]), tuple(w.shape[2:]), stride, padding, dilation)
    return _finished(name, conv(x, w, windows=windows, groups=groups), bias, was_single)


def _transposed_convolution(
    name: str,
    spatial: int,
    y: Any,
    w: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Any:
    y, was_single = _checked(name, spatial, y, w)
    require_divisible(name, y.shape[1], groups)
    _require_kernel(name, w, y.shape[1], w.shape[0])
    pads = per_axis(name, "padding", padding, spatial, least=0)
    windows = geometry(name, spatial, tuple(w.shape[2:]), stride, pads, dilation)
    extra = per_axis(name, "output_padding", output_padding, spatial, least=0)
    _require_reach(name, windows, extra)
    # A longer output on one side is less cut off there, and zeros, which no window reaches, for what is left.
    uncut = tuple(min(e, high) for e, (_, high) in zip(extra, windows.padding, strict=True))
    windows = replace(
        windows, padding=tuple((low, high - e) for (low, high), e in zip(windows.padding, uncut, strict=True))
    )
    size = _transposed_size(name, tuple(y.shape[2:]), windows)
    out = conv_transposed(y, w, windows=windows, groups=groups, size=size)
    if extra != uncut:
        out = pad(out, ((0, 0), (0, 0), *((0, e - u) for e, u in zip(extra, uncut, strict=True))))
    return _finished(name, out, bias, was_single)


def _require_reach(name: str, windows: Windows, extra: Lengths) -> None:
    if any(e >= max(s, d) for e, s, d in zip(extra, windows.stride, windows.dilation, strict=True)):
        raise MicrogradValueError(
            f"{name}(output_padding={extra}) must be smaller than the stride {windows.stride} or the dilation "
            f"{windows.dilation}"
        )


def _transposed_size(name: str, counts: Lengths, windows: Windows) -> Lengths:
    """The size of the input into which these windows fit this many times, to the last element."""
    lengths = zip(counts, windows.spans, windows.stride, windows.padding, strict=True)
    size = tuple((n - 1) * stride + span - low - high for n, span, stride, (low, high) in lengths)
    if min(size) < 1:
        raise MicrogradValueError(
            f"{name}(): the output would have size {size}; give a larger input than {counts}, or less padding than "
            f"{windows.padding}"
        )
    return size


def _checked(name: str, spatial: int, x: Any, w: Any) -> tuple[Any, bool]:
    """The input with an axis of samples, and whether that was added here."""
    require_arrays(name, input=x, weight=w)
    if w.ndim != spatial + 2:
        raise MicrogradValueError(
            f"{name}() of a weight of shape {tuple(w.shape)}: it takes {spatial + 2} axes, two of channels and "
            f"{spatial} of the kernel"
        )
    return batched(name, x, spatial)


def _require_kernel(name: str, w: Any, channels: int, expected: int) -> None:
    if channels != expected:
        raise MicrogradValueError(
            f"{name}(): the input has {channels} channels, but the weight of shape {tuple(w.shape)} expects "
            f"{expected}. Channels come second in the input: (samples, channels, ...)."
        )


def _finished(name: str, out: Any, bias: Any, was_single: bool) -> Any:
    """The output with its bias added, and without the axis of samples if the input had none."""
    require_channels(name, out.shape[1], bias=bias)
    if bias is not None:
        out = out + reshape(bias, shape=(out.shape[1], *(1,) * (out.ndim - 2)))
    return out[0] if was_single else out
