"""Pooling: the largest or the mean element of every window of a sequence or image, called as in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import reshape, sum
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_arrays
from micrograd.engine.ops.neural.window_reductions import window_max, window_sum
from micrograd.engine.ops.neural.windows import Lengths, Windows, per_axis, windows_of


@by_any_name
def max_pool1d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> Any:
    """The largest element of every window of a sequence; the arguments as in `max_pool2d`.

    Example:
        >>> max_pool1d(np.array([[1.0, 3.0, 2.0, 5.0]]), kernel_size=2)
        array([[3., 5.]])
    """
    x, windows = _pooled("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode)
    return window_max(x, windows=windows)


@by_any_name
def max_pool2d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> Any:
    """The largest element of every window of an image; of equals the first receives the gradient.

    Args:
        input: Shape (..., height, width).
        kernel_size: The size of a window: an integer or a pair, as are the next three.
        stride: The step from one window to the next; that of the window's size if None.
        padding: How far windows may reach beyond the image, at most half of their size.
        dilation: The step from one element of a window to the next.
        ceil_mode: Whether a last window that reaches beyond the end is kept.

    Returns:
        Shape (..., height', width').

    Raises:
        MicrogradValueError: If the window is larger than the padded input, or the padding than half of the window.

    Example:
        >>> max_pool2d(np.arange(16.0).reshape(1, 4, 4), kernel_size=2)
        array([[[ 5.,  7.],
                [13., 15.]]])
    """
    x, windows = _pooled("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)
    return window_max(x, windows=windows)


@by_any_name
def avg_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of every window of a sequence; the arguments as in `avg_pool2d`.

    Example:
        >>> avg_pool1d(np.array([[1.0, 3.0, 2.0, 6.0]]), kernel_size=2)
        array([[2., 4.]])
    """
    return _average("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


@by_any_name
def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of every window of an image.

    Args:
        input: Shape (..., height, width).
        kernel_size: The size of a window: an integer or a pair, as are the next two.
        stride: The step from one window to the next; that of the window's size if None.
        padding: Zeros on either side, at most half of the window's size.
        ceil_mode: Whether a last window that reaches beyond the end is kept.
        count_include_pad: Whether the padding counts as elements of the window.
        divisor_override: What to divide the sums by, instead of the number of elements.

    Returns:
        Shape (..., height', width').

    Raises:
        MicrogradValueError: If the window is larger than the padded input, or the padding than half of the window.

    Example:
        >>> avg_pool2d(np.arange(16.0).reshape(1, 4, 4), kernel_size=2)
        array([[[ 2.5,  4.5],
                [10.5, 12.5]]])
    """
    settings = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _average("avg_pool2d", 2, input, *settings)


def _average(
    name: str,
    spatial: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None = None,
) -> Any:
    x, windows = _pooled(name, spatial, input, kernel_size, stride, padding, 1, ceil_mode)
    if divisor == 0:
        raise MicrogradValueError(f"{name}(divisor_override=0) would divide by zero")
    size, sums = tuple(x.shape[-spatial:]), window_sum(x, windows=windows)
    if divisor is not None:
        return sums / divisor
    counted = per_axis(name, "padding", padding, spatial, 0) if count_include_pad else (0,) * spatial
    elements = _elements(windows, size, counted)
    if elements.min() == elements.max():
        return sums / int(elements.flat[0])
    return sums / elements.astype(x.dtype if x.dtype.kind == "f" else float)


def _elements(windows: Windows, size: Lengths, counted: Lengths) -> Any:
    """How many elements each window has within the input and this much padding around it."""
    out = np.ones((), int)
    for axis, n in enumerate(size):
        (low, _), extra = windows.padding[axis], counted[axis]
        starts = np.arange(windows.counts(size)[axis]) * windows.stride[axis] - low
        ends = np.minimum(starts + windows.kernel[axis], n + extra)
        out = out[..., None] * (ends - np.maximum(starts, -extra))
    return out


def _pooled(
    name: str,
    spatial: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> tuple[Any, Windows]:
    """The input and its windows, with the settings checked."""
    require_arrays(name, input=input)
    if input.ndim < spatial + 1:
        raise MicrogradValueError(
            f"{name}() of an input of shape {tuple(input.shape)}: it takes at least {spatial + 1} axes, "
            f"(channels, {'length' if spatial == 1 else 'height, width'})"
        )
    size = tuple(input.shape[-spatial:])
    pads = per_axis(name, "padding", padding, spatial, least=0)
    windows = windows_of(name, size, kernel_size, kernel_size if stride is None else stride, pads, dilation)
    if any(2 * pad > span for pad, span in zip(pads, windows.spans, strict=True)):
        raise MicrogradValueError(
            f"{name}(padding={pads}) is more than half of the window {windows.spans}: windows of padding alone have no "
            "element to choose"
        )
    return input, _with_last_windows(windows, size) if ceil_mode else windows


def _with_last_windows(windows: Windows, size: Lengths) -> Windows:
    """The windows and, along each axis, one more that begins inside the input but reaches beyond the end."""
    padding = []
    lengths = zip(size, windows.padding, windows.counts(size), windows.spans, windows.stride, strict=True)
    for n, (low, high), count, span, stride in lengths:
        start, left_over = count * stride, (low + n + high - span) % stride
        padding.append((low, start + span - low - n if left_over and start < low + n else high))
    return Windows(windows.kernel, windows.stride, tuple(padding), windows.dilation)


@by_any_name
def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """The means of `output_size` nearly equal parts of a sequence, as in `adaptive_avg_pool2d`.

    Example:
        >>> adaptive_avg_pool1d(np.arange(6.0)[None], 2)
        array([[1., 4.]])
    """
    return _adaptive("adaptive_avg_pool1d", 1, input, output_size)


@by_any_name
def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """The means of a grid of nearly equal parts of an image, so that its output has the size that is asked for.

    Part i of m along an axis of n elements is `floor(i n / m)` up to `ceil((i + 1) n / m)`; parts overlap where m
    doesn't divide n.

    Args:
        input: Shape (..., height, width).
        output_size: The height and width of the output, an integer for both; None keeps that of the input.

    Returns:
        Shape (..., *output_size).

    Raises:
        MicrogradValueError: If the input is empty or has too few axes.

    Example:
        >>> adaptive_avg_pool2d(np.arange(16.0).reshape(1, 4, 4), (1, 2))
        array([[[6.5, 8.5]]])
    """
    return _adaptive("adaptive_avg_pool2d", 2, input, output_size)


def _adaptive(name: str, spatial: int, x: Any, output_size: Any) -> Any:
    _pooled(name, spatial, x, 1, 1, 0, 1, False)
    sizes = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * spatial
    wanted = [x.shape[axis - spatial] if m is None else m for axis, m in enumerate(sizes[:spatial])]
    parts_of_axes = per_axis(name, "output_size", [*wanted, *sizes[spatial:]], spatial, least=1)
    for axis, parts in enumerate(parts_of_axes, start=-spatial):
        x = _means_of_parts(x, axis, parts)
    return x


def _means_of_parts(x: Any, axis: int, parts: int) -> Any:
    """The means of nearly equal parts along an axis that is counted from the end."""
    n, after = x.shape[axis], (1,) * (-1 - axis)
    if n % parts == 0:
        return mean(reshape(x, shape=(*x.shape[:axis], parts, n // parts, *x.shape[x.ndim + axis + 1 :])), axis=axis)
    order = np.arange(parts)
    starts, ends = order * n // parts, -(-(order + 1) * n // parts)
    counts = ends - starts
    places = starts[:, None] + np.arange(counts.max())
    inside = (places < ends[:, None]).reshape(*places.shape, *after)
    gathered = x[(..., np.minimum(places, n - 1), *map(slice, (None,) * len(after)))]
    divisor = counts.reshape(parts, *after).astype(x.dtype if x.dtype.kind == "f" else float)
    return sum(where(inside, gathered, 0.0), axis=axis) / divisor
