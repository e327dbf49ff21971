"""Windows as columns of a matrix, and back: `unfold` (im2col) and its transpose `fold` (col2im)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_arrays
from micrograd.engine.ops.neural.windows import batched, per_axis, windows_of
from micrograd.engine.ops.op import primitive


@primitive(lambda g, out, x, windows: add_windows(g, windows=windows, size=x.shape[2:]))
def gather_windows(x, windows=None):
    """Every window of x as a column: (N, C, *size) to (N, C * kernel, number of windows).

    Example:
        >>> windows = windows_of("unfold", (4,), 2)
        >>> gather_windows(np.arange(4.0)[None, None], windows=windows)
        array([[[0., 1., 2.],
                [1., 2., 3.]]])
    """
    counts = windows.counts(x.shape[2:])
    rows = x.shape[1] * math.prod(windows.kernel)
    columns = np.ascontiguousarray(windows.view(windows.padded(x), counts))  # the view's windows overlap
    return columns.reshape(len(x), rows, math.prod(counts))


@primitive(lambda g, out, x, windows, size: gather_windows(g, windows=windows))
def add_windows(x, windows=None, size=()):
    """The transpose of `gather_windows`: columns added up where they came from, (N, C * kernel, L) to (N, C, *size).

    Example:
        >>> windows = windows_of("fold", (4,), 2)
        >>> add_windows(np.ones((1, 2, 3)), windows=windows, size=(4,))
        array([[[1., 2., 2., 1.]]])
    """
    channels = x.shape[1] // math.prod(windows.kernel)
    padded = np.zeros((len(x), channels, *windows.padded_size(size)), x.dtype)
    windows.add_back(padded, x.reshape(len(x), channels, *windows.kernel, *windows.counts(size)))
    return padded[windows.interior(size)]


@by_any_name
def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Every window of an image as a column ("im2col"), which makes a convolution a matrix product.

    Args:
        input: Shape (samples, channels, height, width), or (channels, height, width).
        kernel_size: The size of a window: an integer or a pair, as are the others.
        dilation: The step from one element of a window to the next.
        padding: Zeros on either side.
        stride: The step from one window to the next.

    Returns:
        Shape (samples, channels * kernel height * kernel width, number of windows).

    Raises:
        MicrogradValueError: If the kernel is larger than the padded input.

    Example:
        >>> unfold(np.arange(6.0).reshape(1, 2, 3), kernel_size=2)
        array([[0., 1.],
               [1., 2.],
               [3., 4.],
               [4., 5.]])
    """
    require_arrays("unfold", input=input)
    x, was_single = batched("unfold", input, 2)
    windows = windows_of("unfold", tuple(x.shape[2:]), kernel_size, stride, padding, dilation)
    out = gather_windows(x, windows=windows)
    return out[0] if was_single else out


@by_any_name
def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """The transpose of `unfold`: columns put back as windows of an image, adding up where these overlap.

    Args:
        input: Shape (samples, channels * kernel height * kernel width, number of windows), or without samples.
        output_size: The height and width of the image.
        kernel_size: The size of a window, and the others as in `unfold`.
        dilation: The step from one element of a window to the next.
        padding: How much is cut off each side.
        stride: The step from one window to the next.

    Returns:
        Shape (samples, channels, height, width).

    Raises:
        MicrogradValueError: If the input hasn't the shape that `unfold` gives for an image of this size.

    Example:
        >>> fold(np.ones((4, 2)), output_size=(2, 3), kernel_size=2)
        array([[[1., 2., 1.],
                [1., 2., 1.]]])
    """
    require_arrays("fold", input=input)
    x, was_single = batched("fold", input, 1)
    size = per_axis("fold", "output_size", output_size, 2, least=1)
    windows = windows_of("fold", size, kernel_size, stride, padding, dilation)
    elements, places = math.prod(windows.kernel), math.prod(windows.counts(size))
    if x.shape[1] % elements or x.shape[2] != places:
        raise MicrogradValueError(
            f"fold() of shape {tuple(input.shape)}: an image of size {size} has {places} windows of {elements} "
            f"elements a channel, so the input must have shape (samples, channels * {elements}, {places})"
        )
    out = add_windows(x, windows=windows, size=size)
    return out[0] if was_single else out
