"""Elements turned round, shifted and repeated."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand, by_numpy
from micrograd.engine.ops.arrays.indexing import getitem, take
from micrograd.engine.ops.arrays.shapes import broadcast_to, ravel, reshape
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


@primitive(lambda g, out, x, axis: flip(g, axis=axis))
def flip(x, axis=None):
    """The elements in reverse order along one axis, several (a tuple) or all (None).

    Example:
        >>> flip(np.array([1.0, 2.0, 3.0]))
        array([3., 2., 1.])
    """
    return np.flip(x, axis)


@by_any_name
def flipud(x: Any) -> Any:
    """The rows in reverse order.

    Example:
        >>> flipud(np.array([[1.0], [2.0]]))
        array([[2.],
               [1.]])
    """
    return flip(x, axis=0)


@by_any_name
def fliplr(x: Any) -> Any:
    """The columns in reverse order.

    Example:
        >>> fliplr(np.array([[1.0, 2.0]]))
        array([[2., 1.]])
    """
    return flip(x, axis=1)


@primitive(lambda g, out, x, shift, axis: roll(g, shift=_backwards(shift), axis=axis))
def roll(x, shift=0, axis=None):
    """The elements moved on by `shift` places; those that leave at the end come back in front.

    With several axes, `shift` is one number or a tuple with one for each; with axis None the array is taken as one row.

    Example:
        >>> roll(np.array([1.0, 2.0, 3.0]), shift=1)
        array([3., 1., 2.])
    """
    return np.roll(x, shift, axis)


def _backwards(shift: Any) -> Any:
    return tuple(-step for step in shift) if isinstance(shift, (tuple, list)) else -shift


@by_any_name
def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element `repeats` times in a row, along an axis; of the flattened array if that is None.

    Args:
        x: An array.
        repeats: One number, or one for each place along the axis.
        axis: The axis.

    Example:
        >>> repeat(np.array([1.0, 2.0]), 2)
        array([1., 1., 2., 2.])
        >>> repeat(np.array([1.0, 2.0]), [1, 3])
        array([1., 2., 2., 2.])
    """
    x = as_operand("repeat", x)
    if axis is None:
        x, axis = ravel(x), 0
    axis = as_axis("repeat", axis, x.ndim)
    counts = _as_counts(repeats, x.shape[axis])
    if counts.size > 1:
        return take(x, np.repeat(np.arange(x.shape[axis]), counts), axis=axis)
    before, (length, *after) = x.shape[:axis], x.shape[axis:]
    count = int(counts.reshape(()))
    copies = broadcast_to(reshape(x, shape=(*before, length, 1, *after)), shape=(*before, length, count, *after))
    return reshape(copies, shape=(*before, length * count, *after))


def _as_counts(repeats: Any, length: int) -> np.ndarray:
    """How often each place is repeated: one number, or `length` of them."""
    counts = np.asarray(repeats)
    if counts.dtype.kind not in "iu":
        raise MicrogradTypeError(f"repeat(repeats={repeats!r:.60}): how often is an integer, or a list of integers")
    if counts.size != 1 and counts.shape != (length,):
        raise MicrogradValueError(f"repeat(): {counts.size} numbers of repeats for {length} places; give one for each")
    if (counts < 0).any():
        raise MicrogradValueError(f"repeat(repeats={repeats!r:.60}): how often can't be negative")
    return counts


@by_any_name
def tile(x: Any, reps: int | tuple[int, ...]) -> Any:
    """The whole array repeated `reps` times along each axis; missing axes count as 1 in front.

    Raises:
        MicrogradValueError: If a number of repeats isn't an integer from 0 on.

    Example:
        >>> tile(np.array([1.0, 2.0]), (2, 2))
        array([[1., 2., 1., 2.],
               [1., 2., 1., 2.]])
    """
    x = as_operand("tile", x)
    counts = tuple(np.atleast_1d(reps).tolist())
    if any(not isinstance(n, int) or n < 0 for n in counts):
        raise MicrogradValueError(f"tile(reps={reps!r:.60}): how often is an integer from 0 on for each axis")
    ndim = max(x.ndim, len(counts))
    counts, lengths = (1,) * (ndim - len(counts)) + counts, (1,) * (ndim - x.ndim) + tuple(x.shape)
    alone = reshape(x, shape=tuple(side for n in lengths for side in (1, n)))
    copies = broadcast_to(alone, shape=tuple(side for pair in zip(counts, lengths, strict=True) for side in pair))
    return reshape(copies, shape=tuple(math.prod(pair) for pair in zip(counts, lengths, strict=True)))


@by_any_name
def rot90(x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """Turned by k quarters in the plane of two axes, from the first towards the second.

    Example:
        >>> rot90(np.array([[1.0, 2.0]]))
        array([[2.],
               [1.]])
    """
    x = as_operand("rot90", x)
    # Which elements go where is what NumPy does to their numbers.
    places = by_numpy("rot90", np.rot90, np.arange(math.prod(x.shape)).reshape(x.shape), k, axes)
    return getitem(ravel(x), index=places)
