"""Convolutions: three bilinear maps that are each other's derivatives.

`conv` takes an input and a kernel to an output. Given any two of the three, the remaining two primitives give the
third: `conv_transposed` maps outputs back to inputs, `conv_weights` pairs inputs with outputs into a kernel. So
all six vjp rules are calls of these three, and gradients of every order are as fast as the convolution itself.

Each is one matrix product on gathered windows ("im2col"), done for a few samples at a time, so that the
gathered windows, which hold every element of the input once per element of the kernel, stay in the processor's
cache. As everywhere in deep learning the kernel isn't flipped: mathematicians call this a cross-correlation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from micrograd.engine.ops.neural.windows import Windows
from micrograd.engine.ops.op import primitive

_BLOCK_BYTES = 1 << 19  # of gathered windows at a time: half a megabyte, the size of a core's second-level cache


@primitive(
    lambda g, out, x, w, windows, groups: conv_transposed(g, w, windows=windows, groups=groups, size=x.shape[2:]),
    lambda g, out, x, w, windows, groups: conv_weights(x, g, windows=windows, groups=groups),
)
def conv(x, w, windows=None, groups=1):
    """Every window of x times each kernel: x (N, C, *size), w (O, C/groups, *kernel) to (N, O, *counts).

    `conv1d` and `conv2d` are the ways to call it.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> conv(np.arange(4.0)[None, None], np.ones((1, 1, 2)), windows=windows_of("conv1d", (4,), 2))
        array([[[1., 3., 5.]]])
    """
    counts = windows.counts(x.shape[2:])
    dtype = np.result_type(x, w)
    kernels = w.reshape(groups, len(w) // groups, math.prod(w.shape[1:]))
    out = np.empty((len(x), len(w), *counts), dtype)
    for samples, columns in _blocks(x, windows, groups, dtype):
        block = out[samples]
        block[...] = (kernels @ columns).reshape(len(w), len(block), *counts).swapaxes(0, 1)
    return out


@primitive(
    lambda g, out, y, w, windows, groups, size: conv(g, w, windows=windows, groups=groups),
    lambda g, out, y, w, windows, groups, size: conv_weights(g, y, windows=windows, groups=groups),
)
def conv_transposed(y, w, windows=None, groups=1, size=()):
    """The transpose of `conv` in x: each element of y spreads w over its window: (N, O, *counts) to (N, C, *size).

    `conv_transpose1d` and `conv_transpose2d` are the ways to call it.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> windows = windows_of("conv_transpose1d", (4,), 2)
        >>> conv_transposed(np.ones((1, 1, 3)), np.ones((1, 1, 2)), windows=windows, size=(4,))
        array([[[1., 2., 2., 1.]]])
    """
    if _is_quick_to_gather(w, windows, groups):
        return conv(y, _turned(w, groups), windows=_turned_windows(windows), groups=groups)
    counts, outputs, channels, ndim = y.shape[2:], len(w), w.shape[1] * groups, windows.ndim
    dtype = np.result_type(y, w)
    spreading = w.reshape(groups, outputs // groups, math.prod(w.shape[1:])).swapaxes(1, 2)
    out = np.empty((len(y), channels, *size), dtype)
    for samples in _slices(len(y), per_sample=channels * math.prod((*windows.kernel, *counts)), dtype=dtype):
        block = y[samples]
        columns = (spreading @ _by_group(block, groups)).reshape(channels, *windows.kernel, len(block), *counts)
        padded = np.zeros((channels, len(block), *windows.padded_size(size)), dtype)
        windows.add_back(padded, columns.transpose(0, ndim + 1, *range(1, ndim + 1), *range(ndim + 2, 2 * ndim + 2)))
        out[samples] = padded[windows.interior(size)].swapaxes(0, 1)
    return out


@primitive(
    lambda g, out, x, y, windows, groups: conv_transposed(y, g, windows=windows, groups=groups, size=x.shape[2:]),
    lambda g, out, x, y, windows, groups: conv(x, g, windows=windows, groups=groups),
)
def conv_weights(x, y, windows=None, groups=1):
    """The transpose of `conv` in w: the windows of x weighed by y: (N, C, *size), (N, O, *counts) to w's shape.

    Example:
        >>> from micrograd.engine.ops.neural.windows import windows_of
        >>> windows = windows_of("conv1d", (4,), 2)
        >>> conv_weights(np.arange(4.0)[None, None], np.ones((1, 1, 3)), windows=windows)
        array([[[3., 6.]]])
    """
    outputs, per_group = y.shape[1], x.shape[1] // groups
    dtype = np.result_type(x, y)
    out = np.zeros((groups, outputs // groups, per_group * math.prod(windows.kernel)), dtype)
    for samples, columns in _blocks(x, windows, groups, dtype):
        out += _by_group(y[samples], groups) @ columns.swapaxes(1, 2)
    return out.reshape(outputs, per_group, *windows.kernel)


def _blocks(x: Any, windows: Windows, groups: int, dtype: Any) -> Iterator[tuple[slice, Any]]:
    """The gathered windows of a few samples at a time: (groups, C/groups * kernel, samples * counts)."""
    size, channels = x.shape[2:], x.shape[1]
    counts = windows.counts(size)
    rows = channels * math.prod(windows.kernel)
    per_sample = rows * math.prod(counts)
    # From (samples, channels, *kernel, *counts) to (channels, *kernel, samples, *counts).
    order = (*range(1, windows.ndim + 2), 0, *range(windows.ndim + 2, 2 * windows.ndim + 2))
    buffer = padded = None
    for samples in _slices(len(x), per_sample, dtype):
        block = x[samples]
        if buffer is None or padded is None:
            buffer = np.empty(len(block) * per_sample, dtype)
            padded = np.zeros((len(block), channels, *windows.padded_size(size)), dtype)
        padded[: len(block)][windows.interior(size)] = block
        columns = buffer[: len(block) * per_sample].reshape(channels, *windows.kernel, len(block), *counts)
        np.copyto(columns, windows.view(padded[: len(block)], counts).transpose(order))
        yield samples, columns.reshape(groups, rows // groups, len(block) * math.prod(counts))


def _is_quick_to_gather(w: Any, windows: Windows, groups: int) -> bool:
    """Whether a transposed convolution is better computed as the convolution that it is where the stride is 1.

    Adding windows back costs about twice as much as gathering them. And where y is padded, infinite weights would turn
    zeros into nan.
    """
    fits = all(low < span and high < span for span, (low, high) in zip(windows.spans, windows.padding, strict=True))
    few = len(w) // groups <= 2 * w.shape[1]
    return few and fits and max(windows.stride) == 1 and bool(np.isfinite(w).all())


def _turned(w: Any, groups: int) -> Any:
    """The kernels from outputs to inputs, read backwards: (O, C/groups, *kernel) to (C, O/groups, *kernel)."""
    outputs, per_group, *kernel = w.shape
    swapped = w.reshape(groups, outputs // groups, per_group, *kernel).swapaxes(1, 2)
    swapped = swapped.reshape(groups * per_group, outputs // groups, *kernel)
    return np.flip(swapped, axis=tuple(range(2, w.ndim)))


def _turned_windows(windows: Windows) -> Windows:
    """The windows of stride 1 onto the outputs in which an input takes part."""
    padding = zip(windows.spans, windows.padding, strict=True)
    return replace(windows, padding=tuple((span - 1 - low, span - 1 - high) for span, (low, high) in padding))


def _slices(samples: int, per_sample: int, dtype: Any) -> Iterator[slice]:
    """Consecutive slices of the samples, each of about `_BLOCK_BYTES` of gathered windows."""
    step = max(1, _BLOCK_BYTES // max(1, per_sample * np.dtype(dtype).itemsize))
    return (slice(start, start + step) for start in range(0, samples, step))


def _by_group(y: Any, groups: int) -> Any:
    """(samples, O, *counts) as (groups, O/groups, samples * counts)."""
    per_group = y.shape[1] // groups
    return y.swapaxes(0, 1).reshape(groups, per_group, len(y) * math.prod(y.shape[2:]))
