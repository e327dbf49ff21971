"""Parts put into an array, taken out of it, and arrays laid together in blocks, by `concatenate` and `take`."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradIndexError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand, as_values
from micrograd.engine.ops.arrays.indexing import plain, take_op
from micrograd.engine.ops.arrays.joining import concatenate, concatenate_op
from micrograd.engine.ops.arrays.shapes import broadcast_to, moveaxis, ravel, reshape
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def delete(x: Any, obj: Any, axis: int | None = None) -> Any:
    """x without some of its places along an axis; of the flattened array if that is None.

    Args:
        x: An array or Tensor.
        obj: A place, several, a slice or a mask.
        axis: The axis.

    Raises:
        MicrogradIndexError: If there is no such place.
        MicrogradValueError: If a mask has another length.

    Example:
        >>> delete(np.array([1.0, 2.0, 3.0]), 1)
        array([1., 3.])
    """
    x, axis = _along("delete", x, axis)
    length = x.shape[axis]
    left = _edited(f"Places go from 0 to {length - 1}", "delete", np.delete, length, plain(obj))
    return take_op(x, left, axis=axis)


@by_any_name
def insert(x: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """x with values put before some of its places along an axis; before those of the flattened array if that is None.

    Args:
        x: An array or Tensor.
        obj: A place, several, a slice or a mask.
        values: What to put there; it broadcasts to x's shape with one place for each of `obj`. Before a single place
            there may be several, along `axis` or, if that is given as a number, along their first axis.
        axis: The axis.

    Raises:
        MicrogradIndexError: If there is no such place.
        MicrogradValueError: If the values don't fit.

    Example:
        >>> insert(np.array([1.0, 2.0]), 1, 9.0)
        array([1., 9., 2.])
    """
    x, axis = _along("insert", x, axis)
    length = x.shape[axis]
    places = _places(obj, length)
    values, count = as_values("insert()", values, x.dtype), places.size
    if count == 1:
        values = reshape(values, shape=(1,) * (x.ndim - values.ndim) + tuple(values.shape))
        values = moveaxis(values, 0, axis) if places.ndim == 0 else values
        count = values.shape[axis]
    added = np.arange(length, length + count)
    order = _edited(f"Places go from 0 to {length}, the end", "insert", np.insert, length, places, added)
    shape = tuple(count if i == axis else n for i, n in enumerate(x.shape))
    try:
        values = broadcast_to(values, shape=shape)
    except ValueError as error:
        raise MicrogradValueError(
            f"insert() into shape {tuple(x.shape)} at {places.size} places along axis {axis}: the values have shape "
            f"{tuple(values.shape)}, which doesn't broadcast to {shape}"
        ) from error
    return take_op(concatenate_op(x, values, axis=axis), order, axis=axis)


def _along(function: str, x: Any, axis: int | None) -> tuple[Any, int]:
    """x, flattened if no axis is given, and the axis from the front."""
    x = as_operand(function, x)
    return (ravel(x), 0) if axis is None else (x, as_axis(function, axis, x.ndim))


def _places(obj: Any, length: int) -> np.ndarray:
    """The places that are meant, as integers."""
    if isinstance(obj, slice):
        return np.arange(length)[obj]
    places = np.asarray(plain(obj))
    return np.flatnonzero(places) if places.dtype == bool else places


def _edited(places: str, function: str, edit: Any, length: int, *arguments: Any) -> np.ndarray:
    """The places of all elements after an edit; `places` says which there are."""
    try:
        return np.asarray(edit(np.arange(length), *arguments), dtype=np.intp)
    except (IndexError, ValueError) as error:
        kind = MicrogradIndexError if isinstance(error, IndexError) else MicrogradValueError
        raise kind(f"{function}(): {error}. {places}, or backwards from -1.") from error


@by_any_name
def block(arrays: Any) -> Any:
    """An array of blocks: the innermost lists are joined along the last axis, those around them along the one before.

    Args:
        arrays: Arrays and numbers in nested lists, all equally deep; with fewer axes than lists, they get axes of
            length 1 in front.

    Raises:
        MicrogradTypeError: If there is a tuple for a list.
        MicrogradValueError: If the lists are empty or differ in depth, or the blocks don't fit each other.

    Example:
        >>> block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 3))]])
        array([[1., 0., 0.],
               [0., 1., 0.],
               [1., 1., 1.]])
    """
    depth = _depth(arrays)
    return _joined(arrays, max(depth, _most_axes(arrays)), -depth)


def _joined(arrays: Any, ndim: int, axis: int) -> Any:
    """Nested lists joined, the outermost along the axis."""
    if isinstance(arrays, list):
        return concatenate([_joined(part, ndim, axis + 1) for part in arrays], axis=axis)
    x = as_operand("block", arrays)
    return reshape(x, shape=(1,) * (ndim - x.ndim) + tuple(x.shape))


def _most_axes(arrays: Any) -> int:
    return max(map(_most_axes, arrays)) if isinstance(arrays, list) else as_operand("block", arrays).ndim


def _depth(arrays: Any) -> int:
    """How many lists are around each array."""
    if isinstance(arrays, tuple):
        raise MicrogradTypeError("block() takes nested lists, but was given a tuple: write block([[x, y], [z, w]])")
    if not isinstance(arrays, list):
        return 0
    depths = {_depth(part) for part in arrays}
    if len(depths) != 1:
        raise MicrogradValueError(
            "block() was given "
            + ("an empty list" if not depths else f"arrays in {min(depths)} and in {max(depths)} further lists")
            + ": each array lies in as many lists as the others, as in block([[x, y], [z, w]])"
        )
    return 1 + depths.pop()
