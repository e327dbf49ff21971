"""Primitives that give the same elements another shape, or repeat them: the linear maps behind views and broadcasts.

`broadcast_to` repeats, and its transpose is `sum`, which therefore stands here rather than with the reductions.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.casting import real_dtype
from micrograd.engine.ops.arrays.masking import chosen
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

_MOST = 8192  # the rows up to which BLAS sums them

# ---- views -------------------------------------------------------------------------------------------------


@primitive(lambda g, out, x, shape: reshape(g, shape=x.shape))
def reshape(x, shape=()):
    """The same elements in another shape; one length may be -1, to be inferred.

    With `order` "F", the first axis runs fastest, as in NumPy; `copy` is there for NumPy's sake and changes nothing.

    Example:
        >>> reshape(np.arange(6), shape=(2, 3)).shape
        (2, 3)
    """
    return np.asarray(x).reshape(shape)


@reshape.extended
def _reshape_in_order(x, shape, order="C", copy=None):
    if order == "F":  # the first axis runs fastest: the last, once the axes are reversed
        x = as_operand("reshape", x)
        backwards = tuple(reversed(shape)) if isinstance(shape, (tuple, list)) else (shape,)
        return permute_dims(reshape(permute_dims(x), shape=backwards))
    if order != "C":
        kind = MicrogradValueError if isinstance(order, str) else MicrogradTypeError
        raise kind(
            f"reshape(order={order!r}): give the shape as one tuple, and as order 'C', where the last axis runs "
            "fastest, or 'F', where the first does. By how they lie in memory no Tensors are read."
        )
    return reshape(x, shape=shape)


@primitive(lambda g, out, x, axes: permute_dims(g, axes=_inverse(axes, x.ndim)))
def permute_dims(x, axes=None):
    """The axes in another order, by default reversed; NumPy's transpose.

    Example:
        >>> permute_dims(np.zeros((2, 3, 4)), axes=(2, 0, 1)).shape
        (4, 2, 3)
    """
    return np.asarray(x).transpose(axes)


def _inverse(axes: Any, ndim: int) -> Any:
    """The order of axes that undoes `axes`."""
    if axes is None:
        return None
    order = [axis % ndim for axis in axes]
    return tuple(sorted(range(ndim), key=order.__getitem__))


transpose = permute_dims


@by_any_name
def ravel(x: Any, order: str = "C") -> Any:
    """All elements along one axis, in the order of `reshape`.

    Example:
        >>> ravel(np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([1., 2., 3., 4.])
    """
    x = as_operand("ravel", x)
    return reshape(x, shape=(math.prod(x.shape),), **({} if order == "C" else {"order": order}))


@by_any_name
def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """The axes from `start_dim` to `end_dim`, both included, made into one, as in PyTorch.

    Raises:
        MicrogradValueError: If the start is behind the end.

    Example:
        >>> flatten(np.zeros((2, 3, 4)), start_dim=1).shape
        (2, 12)
    """
    x = as_operand("flatten", x)
    if x.ndim == 0:
        return ravel(x)
    first, last = (as_axes("flatten", (axis,), x.ndim)[0] for axis in (start_dim, end_dim))
    if first > last:
        raise MicrogradValueError(
            f"flatten(start_dim={start_dim}, end_dim={end_dim}): the start is behind the end. Exchange them."
        )
    return reshape(x, shape=(*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :]))


@by_any_name
def unflatten(x: Any, dim: int, sizes: tuple[int, ...]) -> Any:
    """One axis made into several of these lengths, of which one may be -1; the inverse of `flatten`, as in PyTorch.

    Raises:
        MicrogradValueError: If the lengths don't multiply to that of the axis.

    Example:
        >>> unflatten(np.zeros((2, 12)), 1, (3, 4)).shape
        (2, 3, 4)
    """
    x = as_operand("unflatten", x)
    (axis,) = as_axes("unflatten", (dim,), x.ndim)
    known = math.prod(size for size in sizes if size != -1)
    lengths = tuple(x.shape[axis] // max(known, 1) if size == -1 else size for size in sizes)
    if math.prod(lengths) != x.shape[axis]:
        raise MicrogradValueError(
            f"unflatten(dim={dim}, sizes={sizes}): these don't multiply to the {x.shape[axis]} entries of the axis. "
            "Write -1 for one of them, and it is worked out."
        )
    return reshape(x, shape=(*x.shape[:axis], *lengths, *x.shape[axis + 1 :]))


@by_any_name
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged.

    Example:
        >>> swapaxes(np.zeros((2, 3, 4)), 0, 2).shape
        (4, 3, 2)
    """
    x = as_operand("swapaxes", x)
    order = list(range(x.ndim))
    (first,), (second,) = (as_axes("swapaxes", (axis,), x.ndim) for axis in (axis1, axis2))
    order[first], order[second] = order[second], order[first]
    return permute_dims(x, axes=tuple(order))


@by_any_name
def moveaxis(x: Any, source: int | tuple[int, ...], destination: int | tuple[int, ...]) -> Any:
    """One axis or several moved to other places; the rest keep their order.

    Raises:
        MicrogradValueError: If there aren't as many places as axes.

    Example:
        >>> moveaxis(np.zeros((2, 3, 4)), 0, -1).shape
        (3, 4, 2)
    """
    x = as_operand("moveaxis", x)
    sources, targets = as_axes("moveaxis", source, x.ndim), as_axes("moveaxis", destination, x.ndim)
    if len(sources) != len(targets):
        raise MicrogradValueError(
            f"moveaxis(): {len(sources)} axes can't move to {len(targets)} places. Give a place for each: "
            "moveaxis(x, (0, 1), (-2, -1))."
        )
    order = [axis for axis in range(x.ndim) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return x if order == sorted(order) else permute_dims(x, axes=tuple(order))


@by_any_name
def squeeze(x: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """Without the axes of length 1, or without the given ones, which must have length 1.

    Raises:
        MicrogradValueError: If one of the given axes is longer than 1.

    Example:
        >>> squeeze(np.zeros((1, 3, 1)), axis=0).shape
        (3, 1)
    """
    x = as_operand("squeeze", x)
    if not x.ndim and axis in (0, -1):  # as in NumPy and PyTorch
        return x
    dropped = [i for i, n in enumerate(x.shape) if n == 1] if axis is None else as_axes("squeeze", axis, x.ndim)
    if any(x.shape[i] != 1 for i in dropped):
        raise MicrogradValueError(
            f"squeeze(axis={axis}) of shape {tuple(x.shape)}: only an axis of length 1 can be dropped. To drop others, "
            "reduce over them, or index them: x[0]."
        )
    return reshape(x, shape=tuple(n for i, n in enumerate(x.shape) if i not in dropped))


@by_any_name
def expand_dims(x: Any, axis: int | tuple[int, ...]) -> Any:
    """With new axes of length 1 at the given places of the result.

    Example:
        >>> expand_dims(np.zeros((2, 3)), axis=(0, -1)).shape
        (1, 2, 3, 1)
    """
    x = as_operand("expand_dims", x)
    ndim = x.ndim + (len(axis) if isinstance(axis, (tuple, list)) else 1)
    new = as_axes("expand_dims", axis, ndim)
    lengths = iter(x.shape)
    return reshape(x, shape=tuple(1 if i in new else next(lengths) for i in range(ndim)))


# ---- repetition and its transpose --------------------------------------------------------------------------


@primitive(lambda g, out, x, shape: unbroadcast(g, x.shape))
def broadcast_to(x, shape=()):
    """x repeated along new axes in front, and along axes of length 1, to `shape`.

    Example:
        >>> broadcast_to(np.array([1.0, 2.0]), shape=(2, 2))
        array([[1., 2.],
               [1., 2.]])
    """
    x = np.asarray(x)
    strides = _repeating(x, shape) if type(shape) is tuple else None
    if strides is None:
        return np.broadcast_to(x, shape)
    # What np.broadcast_to does, less its iterator: that takes longer than a small op.
    out = np.ndarray(shape, x.dtype, x, strides=strides)
    out.flags.writeable = False
    return out


def _repeating(x: np.ndarray, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """The strides by which x looks like `shape`; None if it can't, or if its memory isn't in order."""
    extra = len(shape) - x.ndim
    if extra == len(shape):
        return (0,) * extra
    if extra < 0 or x.size == 0 or not x.flags.c_contiguous:
        return None
    strides = list(x.strides)
    for i, n in enumerate(x.shape):
        if n != shape[extra + i]:
            if n != 1:
                return None
            strides[i] = 0
    return (*(0,) * extra, *strides)


def to_summands(g: Any, out: Any, x: Any, axis: Any, keepdims: bool, dtype: Any = None) -> Any:
    """What reaches the summands: g, the same for all that went into one sum."""
    # Axes that are missing in front come back by broadcasting.
    if axis is not None and axis != 0:
        g = restored(g, x, axis, keepdims)
    if isinstance(g, (np.ndarray, np.generic)):
        return broadcast_to.forward(g, x.shape)  # what calling the op comes to, sooner
    return broadcast_to(g, shape=x.shape)


@primitive(to_summands)
def sum(x, axis=None, keepdims=False, dtype=None):
    """The sum over one axis, several (a tuple) or all (None); 0 over nothing.

    With `initial`, which is added, and `where`, a mask of what counts, as in NumPy.

    Example:
        >>> sum(np.ones((2, 3)), axis=0)
        array([2., 2., 2.])
    """
    return np.add.reduce(x, axis=axis, dtype=None if dtype is None else real_dtype(dtype), keepdims=keepdims)


@sum.extended
def _sum_of_some(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    total = sum(chosen("sum", x, where, 0), axis=axis, dtype=dtype, keepdims=keepdims)
    return total if initial is None else total + initial


def restored(reduced: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A reduction's result with the axes that it dropped put back as axes of length 1."""
    if keepdims or len(x.shape) == 0:
        return reduced
    if axis is None:
        return reshape(reduced, shape=(1,) * len(x.shape))
    shape = list(x.shape)
    for i in axis if isinstance(axis, tuple) else (axis,):
        shape[i] = 1
    return reshape(reduced, shape=tuple(shape))


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum g over the axes along which an operand of this shape was broadcast.

    Raises:
        MicrogradValueError: If that shape doesn't broadcast to g's.

    Example:
        >>> unbroadcast(np.ones((2, 3)), (1, 3))
        array([[2., 2., 2.]])
    """
    given = g.shape
    if given == shape:
        return g
    if given[1:] == shape and len(given) == 2 and type(g) is np.ndarray and g.dtype.char in "fd" and given[0] <= _MOST:
        return ones(given[0], g.dtype).dot(g)  # by BLAS, several times as fast as np.add.reduce
    extra = len(given) - len(shape)
    if extra and given[extra:] == shape:
        axes = tuple(range(extra))
    else:
        axes = (*range(extra), *(i + extra for i, n in enumerate(shape) if n == 1 and given[i + extra] != 1))
    summed = np.add.reduce(g, axes) if type(g) is np.ndarray else sum(g, axis=axes)
    if summed.shape == shape:
        return summed
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, given[extra:], strict=True)):
        raise MicrogradValueError(f"an array of shape {given} can't be summed to shape {shape}")
    return reshape(summed, shape=shape)


@functools.lru_cache(maxsize=8)
def ones(count: int, dtype: Any) -> np.ndarray:
    """A vector by which BLAS sums; nobody may write to it."""
    return np.ones(count, dtype)


# ---- several axes as one -----------------------------------------------------------------------------------


def gathered(x: Any, axes: tuple[int, ...]) -> Any:
    """x with some axes made into one, which stands last.

    Example:
        >>> gathered(np.zeros((2, 3, 4)), (0, 2)).shape
        (3, 8)
    """
    kept = [i for i in range(x.ndim) if i not in axes]
    moved = permute_dims(x, axes=(*kept, *axes))
    return reshape(moved, shape=(*(x.shape[i] for i in kept), math.prod(x.shape[i] for i in axes)))


def ungathered(y: Any, axes: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """The inverse of `gathered`, to an array of `shape`.

    Example:
        >>> ungathered(np.zeros((3, 8)), (0, 2), (2, 3, 4)).shape
        (2, 3, 4)
    """
    order = (*(i for i in range(len(shape)) if i not in axes), *axes)
    return permute_dims(reshape(y, shape=tuple(shape[i] for i in order)), axes=_inverse(order, len(shape)))
