"""Where the windows of a convolution or a pooling lie, and the two array kernels on them: gather and add back.

Everything here is NumPy on plain arrays, for the forward functions in `convolution`, `pooling` and `folding`;
the primitives, and what a gradient does, are there. An array has its spatial axes last.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError

Lengths = tuple[int, ...]


@dataclass(frozen=True)
class Windows:
    """The windows that a kernel visits, along each spatial axis.

    Attributes:
        kernel: How many elements a window takes.
        stride: The step from one window to the next.
        padding: How many elements are added before and after the input.
        dilation: The step from one element of a window to the next.

    Example:
        >>> windows = Windows(kernel=(3,), stride=(2,), padding=((1, 1),), dilation=(1,))
        >>> windows.counts((6,)), windows.padded(np.arange(1, 7)[None])
        ((3,), array([[0, 1, 2, 3, 4, 5, 6, 0]]))
    """

    kernel: Lengths
    stride: Lengths
    padding: tuple[tuple[int, int], ...]
    dilation: Lengths

    @property
    def ndim(self) -> int:
        """The number of spatial axes."""
        return len(self.kernel)

    @property
    def spans(self) -> Lengths:
        """How far a window reaches, gaps included."""
        return tuple(d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True))

    @property
    def are_disjoint(self) -> bool:
        """Whether no element lies in two windows."""
        return all(stride >= span for stride, span in zip(self.stride, self.spans, strict=True))

    def padded_size(self, size: Lengths) -> Lengths:
        """The lengths of the spatial axes after padding."""
        return tuple(low + n + high for n, (low, high) in zip(size, self.padding, strict=True))

    def counts(self, size: Lengths) -> Lengths:
        """How many windows fit along each axis of an input of this size."""
        lengths = zip(self.padded_size(size), self.spans, self.stride, strict=True)
        return tuple((n - span) // stride + 1 for n, span, stride in lengths)

    def interior(self, size: Lengths) -> tuple[Any, ...]:
        """The index of the input in the padded input."""
        spatial = (slice(low, low + n) for n, (low, _) in zip(size, self.padding, strict=True))
        return (..., *spatial)

    def padded(self, x: np.ndarray, fill: Any = 0) -> np.ndarray:
        """The input with `fill` around it; the input itself where there is nothing to add."""
        if not any(map(any, self.padding)):
            return x
        size = x.shape[-self.ndim :]
        out = np.full((*x.shape[: -self.ndim], *self.padded_size(size)), fill, dtype=x.dtype)
        out[self.interior(size)] = x
        return out

    def parts(self, counts: Lengths) -> tuple[tuple[Lengths, tuple[Any, ...]], ...]:
        """For each position in the kernel, the index of what all windows hold there, in the padded input."""
        return _parts(self, counts)

    def view(self, padded: np.ndarray, counts: Lengths) -> np.ndarray:
        """All windows without a copy: axes of the kernel, then axes of the windows' places, at the end."""
        lead, steps = padded.shape[: -self.ndim], padded.strides[-self.ndim :]
        within = (step * d for step, d in zip(steps, self.dilation, strict=True))
        between = (step * s for step, s in zip(steps, self.stride, strict=True))
        strides = (*padded.strides[: -self.ndim], *within, *between)
        return as_strided(padded, (*lead, *self.kernel, *counts), strides, writeable=False)

    def add_back(self, padded: np.ndarray, columns: np.ndarray) -> None:
        """The transpose of `view`: each window's elements, added to where they came from."""
        counts = columns.shape[-self.ndim :]
        lead = (slice(None),) * (padded.ndim - self.ndim)
        for position, part in self.parts(counts):
            index: Any = (*lead, *position)
            target = padded[part]
            target += columns[index]


@functools.lru_cache(maxsize=256)
def _parts(windows: Windows, counts: Lengths) -> tuple[tuple[Lengths, tuple[Any, ...]], ...]:
    along_axes = [
        [(i, slice(i * d, i * d + (count - 1) * stride + 1, stride)) for i in range(k)]
        for k, d, stride, count in zip(windows.kernel, windows.dilation, windows.stride, counts, strict=True)
    ]
    return tuple(
        (tuple(i for i, _ in position), (..., *(spatial for _, spatial in position)))
        for position in itertools.product(*along_axes)
    )


def windows_of(name: str, size: Lengths, kernel: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Windows:
    """The windows of a call, its arguments checked and given for every axis.

    Args:
        name: Who asks, for the messages.
        size: The lengths of the input's spatial axes.
        kernel: How many elements a window takes: an integer for all axes, or one for each; so the next two.
        stride: The step from one window to the next.
        dilation: The step from one element of a window to the next.
        padding: The same, or one pair (before, after) for each, or "valid" (none), or "same" (as many windows
            as the input has elements; one more zero after than before where the number is odd).

    Raises:
        MicrogradValueError: If a setting is out of range, or the kernel is larger than the padded input.

    Example:
        >>> windows_of("conv2d", (5, 5), (3, 2), padding="same").padding
        ((1, 1), (0, 1))
    """
    settings = tuple(tuple(s) if isinstance(s, list) else s for s in (kernel, stride, padding, dilation))
    try:
        return _windows_of(name, size, *settings)
    except TypeError:  # a setting that can't be a key of the cache, such as a list of pairs or an array
        return _windows_of.__wrapped__(name, size, *settings)


@functools.lru_cache(maxsize=256, typed=True)
def _windows_of(name: str, size: Lengths, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Windows:
    windows = geometry(name, len(size), kernel, stride, padding, dilation)
    padded = windows.padded_size(size)
    if any(span > n for span, n in zip(windows.spans, padded, strict=True)):
        raise MicrogradValueError(
            f"{name}(): the kernel {windows.kernel} with dilation {windows.dilation} spans {windows.spans}, more than "
            f"the padded input {padded} (input {size}). Give a larger input, a smaller kernel or more padding."
        )
    return windows


def geometry(name: str, ndim: int, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Windows:
    """`windows_of` for an input whose size isn't known yet.

    Raises:
        MicrogradValueError: If a setting is out of range.
    """
    kernel = per_axis(name, "kernel_size", kernel, ndim, least=1)
    stride = per_axis(name, "stride", stride, ndim, least=1)
    dilation = per_axis(name, "dilation", dilation, ndim, least=1)
    bare = Windows(kernel, stride, ((0, 0),) * ndim, dilation)
    return Windows(kernel, stride, _padding(name, padding, bare), dilation)


def per_axis(name: str, setting: str, value: Any, ndim: int, least: int) -> Lengths:
    """One integer for each spatial axis, from an integer for all or a sequence.

    Example:
        >>> per_axis("conv2d", "stride", 2, ndim=2, least=1)
        (2, 2)
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(values) == 1:
        values *= ndim
    if not all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in values):
        raise MicrogradTypeError(f"{name}({setting}=...) takes integers, but was given {value!r}")
    if len(values) != ndim or min(values) < least:
        raise MicrogradValueError(f"{name}({setting}={value!r}): give one integer, or {ndim}, of at least {least}")
    return tuple(map(int, values))


def _padding(name: str, padding: Any, windows: Windows) -> tuple[tuple[int, int], ...]:
    if padding == "valid":
        return windows.padding
    if padding == "same":
        if max(windows.stride) > 1:
            raise MicrogradValueError(
                f'{name}(padding="same") needs stride 1, but the stride is {windows.stride}: give the padding in '
                "numbers"
            )
        return tuple(((span - 1) // 2, span // 2) for span in windows.spans)
    if isinstance(padding, str):
        raise MicrogradValueError(f'{name}(padding={padding!r}): give integers, "same" or "valid"')
    if isinstance(padding, (tuple, list)) and all(isinstance(pair, (tuple, list)) for pair in padding):
        pairs = [per_axis(name, "padding", pair, 2, least=0) for pair in padding]
        return tuple((low, high) for low, high in pairs)
    return tuple((n, n) for n in per_axis(name, "padding", padding, windows.ndim, least=0))


def batched(name: str, x: Any, spatial: int) -> tuple[Any, bool]:
    """x as (samples, channels, *spatial), and whether the axis of samples was added here.

    Raises:
        MicrogradValueError: If x has neither this many axes nor one less.
    """
    if x.ndim == spatial + 2:
        return x, False
    if x.ndim == spatial + 1:
        return x[None], True
    axes = ", ".join(("length",) if spatial == 1 else ("height", "width"))
    raise MicrogradValueError(
        f"{name}() of an input of shape {x.shape}: it takes (samples, channels, {axes}) or (channels, {axes}). "
        "Add an axis with x[None], or reshape."
    )
