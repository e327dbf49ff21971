"""Convolutions: three bilinear maps that are each other's derivatives.

`conv` takes an input and a kernel to an output. Given any two of the three, the remaining two primitives give the
third: `conv_transposed` maps outputs back to inputs, `conv_weights` pairs inputs with outputs into a kernel. So
all six vjp rules are calls of these three, and gradients of every order are as fast as the convolution itself.

Each is one matrix product on gathered windows, done for a few samples at a time, so that the gathered windows, which
hold every element of the input once per element of the kernel, stay in the processor's cache. As everywhere in deep
learning the kernel isn't flipped: mathematicians call this a cross-correlation.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from micrograd.engine.ops.neural.gathering import Gathering, slices
from micrograd.engine.ops.neural.windows import Windows
from micrograd.engine.ops.op import primitive


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
    kernels = w.reshape(groups, len(w) // groups, math.prod(w.shape[1:]))
    gathering = Gathering(windows, x.shape[2:], end_to_end=_is_mostly_gathering(kernels))
    dtype = np.result_type(x, w)
    out = np.empty((len(x), len(w), *gathering.counts), dtype)
    for samples, columns in gathering.columns(x, groups, dtype):
        block = out[samples]
        product = (kernels @ columns).reshape(len(w), len(block), *gathering.grid)
        block[...] = gathering.asked_for(product).swapaxes(0, 1)
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
    for samples in slices(len(y), per_sample=channels * math.prod((*windows.kernel, *counts)), dtype=dtype):
        block = y[samples]
        columns = (spreading @ _by_group(block.swapaxes(0, 1), groups)).reshape(
            channels, *windows.kernel, len(block), *counts
        )
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
    # What isn't asked for counts 0 times, which makes nan of what isn't finite.
    end_to_end = _is_mostly_gathering(out) and bool(np.isfinite(x).all())
    gathering = Gathering(windows, x.shape[2:], end_to_end)
    for samples, columns in gathering.columns(x, groups, dtype):
        out += _by_group(gathering.on_grid(y[samples]), groups) @ columns.swapaxes(1, 2)
    return out.reshape(outputs, per_group, *windows.kernel)


def _is_mostly_gathering(kernels: Any) -> bool:
    """Whether more is gathered than comes out, for kernels of shape (groups, O/groups, C/groups * kernel)."""
    return bool(kernels.shape[2] >= kernels.shape[1])


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


def _by_group(y: Any, groups: int) -> Any:
    """(O, samples, *grid) as (groups, O/groups, samples * grid)."""
    return y.reshape(groups, len(y) // groups, math.prod(y.shape[1:]))
