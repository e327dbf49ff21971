"""The windows of a convolution as the columns of a matrix ("im2col"), for a few samples at a time.

An element of the input is copied once for each element of the kernel. How long that takes depends on how many elements
follow each other in memory, in what is copied and in the copy. Where the windows lie side by side (a stride of 1), the
rows of an image, and one image after the other, are laid end to end with zeros between them, which serve the end of one
row and the beginning of the next. What all windows of a sample hold at one place of the kernel is then a single run of
memory. It also holds what windows across the end of a row would, which nobody asks for.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from micrograd.engine.ops.neural.windows import Lengths, Windows

_BLOCK_BYTES = 1 << 20  # of columns at a time: a megabyte, the size of a core's second-level cache
_MOST_UNASKED = 0.5  # windows across the end of a row for each that is asked for


class Gathering:
    """How the windows of an input of this size become columns.

    Args:
        windows: Which they are.
        size: The lengths of the input's spatial axes.
        end_to_end: Whether rows may be laid end to end.

    Attributes:
        counts: How many windows there are along each axis.
        grid: How many columns a sample has along each axis; those beyond the counts aren't asked for.

    Example:
        >>> windows = Windows(kernel=(3, 3), stride=(1, 1), padding=((1, 1), (1, 1)), dilation=(1, 1))
        >>> gathering = Gathering(windows, (8, 8))
        >>> gathering.counts, gathering.grid
        ((8, 8), (8, 9))
    """

    def __init__(self, windows: Windows, size: Lengths, end_to_end: bool = True) -> None:
        self._windows, self._size = windows, size
        self.counts = self.grid = windows.counts(size)
        # With the zeros that the end of one row and the beginning of the next have in common.
        axes = zip(size, windows.padding, self.counts, strict=True)
        self._lengths = tuple(max(n + max(zeros), count) for n, zeros, count in axes)
        grid = self.counts[:1] + self._lengths[1:]
        is_worth_it = math.prod(grid) <= (1.0 + _MOST_UNASKED) * math.prod(self.counts)
        self._is_end_to_end = end_to_end and max(windows.stride) == 1 and is_worth_it
        if self._is_end_to_end:
            self.grid = grid

    def columns(self, x: Any, groups: int, dtype: Any) -> Iterator[tuple[slice, Any]]:
        """Slices of the samples, and the columns of each: (groups, C / groups * kernel, samples * grid).

        The columns are good until the next ones are gathered, here or elsewhere in this thread.
        """
        ndim, channels = self._windows.ndim, x.shape[1]
        rows = channels * math.prod(self._windows.kernel)
        per_sample = rows * math.prod(self.grid)
        blocks = list(slices(len(x), per_sample, dtype))
        room = self._end_to_end if self._is_end_to_end else self._apart
        inside, windows = room(len(x[blocks[0]]) if blocks else 0, channels, dtype)
        buffer = _room(windows.size, dtype)
        for samples in blocks:
            block = x[samples]
            inside[: len(block)] = block
            shape = (channels, *self._windows.kernel, len(block), *windows.shape[ndim + 2 :])
            columns = buffer[: per_sample * len(block)].reshape(shape)
            np.copyto(columns, windows[(*(slice(None),) * (ndim + 1), slice(len(block)))])
            yield samples, columns.reshape(groups, rows // groups, len(block) * math.prod(self.grid))

    def asked_for(self, product: Any) -> Any:
        """Of (..., *grid), the part (..., *counts) that was asked for."""
        return product[(..., *map(slice, self.counts))]

    def on_grid(self, y: Any) -> Any:
        """(samples, O, *counts) as (O, samples, *grid), with zeros for what isn't asked for."""
        if self.grid == self.counts:
            return y.swapaxes(0, 1)
        out = np.zeros((y.shape[1], len(y), *self.grid), y.dtype)
        self.asked_for(out)[...] = y.swapaxes(0, 1)
        return out

    def _apart(self, samples: int, channels: int, dtype: Any) -> tuple[Any, Any]:
        """Room for samples with zeros around each: where to write them, and their windows."""
        ndim = self._windows.ndim
        padded = np.zeros((samples, channels, *self._windows.padded_size(self._size)), dtype)
        # From (samples, channels, *kernel, *counts) to (channels, *kernel, samples, *counts).
        order = (*range(1, ndim + 2), 0, *range(ndim + 2, 2 * ndim + 2))
        return padded[self._windows.interior(self._size)], self._windows.view(padded, self.counts).transpose(order)

    def _end_to_end(self, samples: int, channels: int, dtype: Any) -> tuple[Any, Any]:
        """Room for samples end to end, with the same results; the windows' places are one axis."""
        windows, per_sample = self._windows, math.prod(self._lengths)
        steps = tuple(itertools.accumulate(self._lengths[:0:-1], int.__mul__, initial=1))[::-1]
        before = sum(low * step for (low, _), step in zip(windows.padding, steps, strict=True))
        after = sum((span - 1) * step for span, step in zip(windows.spans, steps, strict=True))
        flat = np.zeros((channels, before + samples * per_sample + after), dtype)
        inside = flat[:, before : before + samples * per_sample].reshape(channels, samples, *self._lengths)
        within = (step * d for step, d in zip(steps, windows.dilation, strict=True))
        shape = (channels, *windows.kernel, samples, math.prod(self.grid))
        strides = (flat.shape[1], *within, per_sample, 1)
        view = as_strided(flat, shape, tuple(stride * flat.itemsize for stride in strides), writeable=False)
        interior: Any = (..., *map(slice, self._size))
        return inside[interior].swapaxes(0, 1), view


_kept = threading.local()


def _room(count: int, dtype: Any) -> Any:
    """Memory for so many numbers, the same at every call of a thread: to get some from the system takes longer."""
    size = count * np.dtype(dtype).itemsize
    if size > _BLOCK_BYTES:
        return np.empty(count, dtype)
    if not hasattr(_kept, "room"):
        _kept.room = np.empty(_BLOCK_BYTES, np.uint8)
    return _kept.room[:size].view(dtype)


def slices(samples: int, per_sample: int, dtype: Any) -> Iterator[slice]:
    """Consecutive slices of the samples, each of about a megabyte of columns."""
    step = max(1, _BLOCK_BYTES // max(1, per_sample * np.dtype(dtype).itemsize))
    return (slice(start, start + step) for start in range(0, samples, step))
