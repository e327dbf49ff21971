"""Reading elements by index, and its transpose, adding them up where they came from.

Three ways to say which elements: NumPy's square brackets (`getitem`), places along one axis (`take`), and one place for
each element of the result (`take_along_axis`). Each is followed by its transpose.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradIndexError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand, as_values
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.shapes import broadcast_to
from micrograd.engine.ops.choices import clip, where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

# ---- by NumPy's square brackets ----------------------------------------------------------------------------


@primitive(lambda g, out, x, index: scatter(g, index=index, shape=x.shape))
def getitem(x, index=...):
    """x[index], with slices, integers, None, ... and integer or boolean arrays, as in NumPy.

    Example:
        >>> getitem(np.array([10.0, 20.0, 30.0]), index=[2, 0])
        array([30., 10.])
    """
    return x[index]


@primitive(lambda g, out, x, index, shape: getitem(g, index=index))
def scatter(x, index=..., shape=()):
    """Zeros of `shape` with x added at `index`: the transpose of `getitem`. An index that occurs twice receives both.

    Example:
        >>> scatter(np.array([1.0, 2.0, 4.0]), index=[0, 1, 1], shape=(3,))
        array([1., 6., 0.])
    """
    out = np.zeros(shape, dtype=x.dtype)
    if _reads_once(index):
        out[index] = x
    else:
        _add_at(out, index, x)
    return out


def _reads_once(index: Any) -> bool:
    """Whether an index can't name an element twice: slices, integers, None, ... and booleans."""
    for part in index if type(index) is tuple else (index,):
        if part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer)):
            continue
        if not (isinstance(part, (np.ndarray, np.generic)) and part.dtype.kind == "b"):
            return False
    return True


def _add_at(out: np.ndarray, index: Any, x: np.ndarray) -> None:
    """out[index] += x, where an element may be named several times."""
    if out.size > 8 * x.size:
        np.add.at(out, index, x)
    else:
        # np.add.at is several times faster on one axis, if the places of all elements aren't too many to write down.
        places = np.arange(out.size).reshape(out.shape)[index]
        np.add.at(out.reshape(-1), places.reshape(-1), x.reshape(-1))


def plain(index: Any) -> Any:
    """An index that nobody can change later: Tensors and arrays in it as copies, lists as arrays.

    Raises:
        MicrogradTypeError: If a part of it differs from row to row inside `vmap`.
    """
    return tuple(map(_plain_part, index)) if isinstance(index, tuple) else _plain_part(index)


def _plain_part(part: Any) -> Any:
    if hasattr(part, "rows"):
        raise MicrogradTypeError(
            "x[i] inside vmap, where i differs from row to row: write take(x, i, axis=0) or take_along_axis(x, i)"
        )
    if isinstance(part, (list, tuple)):
        array = np.array([_plain_part(item) for item in part])
        return array if array.size else array.astype(np.intp)
    return np.array(getattr(part, "_data", part)) if hasattr(part, "dtype") else part


# ---- along one axis ----------------------------------------------------------------------------------------


@by_any_name
def take(x: Any, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    """The elements at `indices` along an axis; of the flattened array if that is None.

    Args:
        x: An array.
        indices: Integers, of any shape, which takes the place of the axis.
        axis: The axis.
        mode: What an index out of range does: "raise", "clip" to the last one, or "wrap" around.

    Raises:
        MicrogradIndexError: If an index is out of range.
        MicrogradValueError: If there is no such mode.

    Example:
        >>> take(np.array([[1.0, 2.0, 3.0]]), np.array([2, 0]), axis=1)
        array([[3., 1.]])
    """
    x, indices = as_operand("take", x), as_operand("take", indices)
    if mode != "raise":
        indices = _within(indices, math.prod(x.shape) if axis is None else x.shape[as_axis("take", axis, x.ndim)], mode)
    return take_op(x, indices, axis=axis)


def _within(indices: Any, length: int, mode: str) -> Any:
    """Indices brought into range."""
    if mode == "wrap":
        return indices % length
    if mode == "clip":
        return clip(indices, 0, length - 1)
    raise MicrogradValueError(f"take(mode={mode!r}): there are 'raise', 'clip' and 'wrap'")


@primitive(lambda g, out, x, indices, axis: untake(g, indices, axis=axis, shape=x.shape), None, symbol="take")
def take_op(x, indices, axis=None):
    """`take` as a primitive, of two operands.

    Example:
        >>> take_op(np.array([1.0, 2.0]), np.array([1, 1]))
        array([2., 2.])
    """
    return np.take(x, _as_indices("take", indices), axis)


@primitive(lambda g, out, x, indices, axis, shape: take_op(g, indices, axis=axis), None)
def untake(x, indices, axis=None, shape=()):
    """Zeros of `shape` with x added at `indices` along an axis: the transpose of `take`.

    Example:
        >>> untake(np.array([[1.0, 2.0]]), np.array([2, 2]), axis=1, shape=(1, 3))
        array([[0., 0., 3.]])
    """
    out = np.zeros(shape, dtype=x.dtype)
    if axis is None:
        _add_at(out.reshape(-1), _as_indices("untake", indices), np.asarray(x))
    else:
        _add_at(out, (*(slice(None),) * (axis % len(shape)), _as_indices("untake", indices)), x)
    return out


def _as_indices(function: str, indices: Any) -> np.ndarray:
    """Integers; floats are refused, and an empty list, which NumPy takes for floats, isn't."""
    array = np.asarray(indices)
    if array.dtype.kind not in "iu" and array.size:
        raise MicrogradTypeError(f"{function}(): indices are integers, but these are {array.dtype}: {indices!r:.60}")
    return array.astype(np.intp, copy=False)


# ---- one place for each element ----------------------------------------------------------------------------


@primitive(lambda g, out, x, indices, axis: scatter_along_axis(g, indices, axis=axis, shape=x.shape), None)
def take_along_axis(x, indices, axis=-1):
    """The element of x at each of `indices` along an axis, the other axes running along; as `sort` by `argsort`.

    Example:
        >>> x = np.array([[3.0, 1.0, 2.0]])
        >>> take_along_axis(x, np.argsort(x, axis=1), axis=1)
        array([[1., 2., 3.]])
    """
    return np.take_along_axis(x, np.asarray(indices), axis)


@primitive(lambda g, out, x, indices, axis, shape: take_along_axis(g, indices, axis=axis), None)
def scatter_along_axis(x, indices, axis=-1, shape=()):
    """Zeros of `shape` with x added at `indices` along an axis: the transpose of `take_along_axis`.

    Example:
        >>> scatter_along_axis(np.array([1.0, 2.0]), np.array([1, 1]), shape=(3,))
        array([0., 3., 0.])
    """
    out = np.zeros(shape, dtype=x.dtype)
    if axis is None:
        _add_at(out.reshape(-1), indices, x)
    else:
        _add_at(out, _running_along(np.asarray(indices), axis, shape), x)
    return out


def _running_along(indices: np.ndarray, axis: int, shape: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """The index in square brackets that names `indices` along an axis, and along the others each place in turn."""
    mesh = [np.arange(n).reshape(-1, *(1,) * (len(shape) - 1 - i)) for i, n in enumerate(shape)]
    mesh[axis] = indices
    return tuple(mesh)


# ---- arrays with some elements replaced --------------------------------------------------------------------


@by_any_name
def index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """What x would be after `x[indices] = values`, or with `accumulate` after `x[indices] += values`.

    A Tensor is never written in place; this makes a new one, of which the gradient knows where each element came from.
    Of an element that is named twice the last value counts, or with `accumulate` the sum.

    Args:
        x: An array.
        indices: Whatever may stand in NumPy's square brackets.
        values: An array that broadcasts to the shape of `x[indices]`.
        accumulate: Whether to add the values to what is there.

    Raises:
        MicrogradIndexError: If an index is out of range.
        MicrogradValueError: If the values don't fit.

    Example:
        >>> index_put(np.zeros(3), [0, 2], np.array([1.0, 2.0]))
        array([1., 0., 2.])
    """
    x, index = as_operand("index_put", x), plain(indices)
    shape = tuple(x.shape)
    places = _places(index, shape)
    values = _in_dtype_of(x, as_values("index_put()", values, x.dtype))
    try:
        values = broadcast_to(values, shape=places.shape)
    except ValueError as error:
        raise MicrogradValueError(
            f"index_put(): values of shape {tuple(values.shape)} don't fit x[indices] of shape {places.shape}"
        ) from error
    if accumulate:
        return x + scatter(values, index=index, shape=shape)
    counts = _is_last(places, math.prod(shape))
    written = np.zeros(shape, dtype=bool)
    written[index] = True
    return where(written, scatter(where(counts, values, False), index=index, shape=shape), x)


def _in_dtype_of(x: Any, values: Any) -> Any:
    """The values in x's dtype, unless that would change their kind: then the result has the wider one."""
    is_less = values.dtype != x.dtype and np.can_cast(values.dtype, x.dtype, "same_kind")
    return astype(values, dtype=x.dtype) if is_less else values


def _places(index: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The number of each element that an index names, as they are counted row by row."""
    try:
        return np.asarray(np.arange(math.prod(shape)).reshape(shape)[index])
    except IndexError as error:
        raise MicrogradIndexError(f"index_put() of shape {shape}: {error}") from error


def _is_last(places: np.ndarray, size: int) -> np.ndarray:
    """Whether no later entry names the same place."""
    order = np.arange(places.size).reshape(places.shape)
    last = np.zeros(size, dtype=np.intp)
    last[places] = order
    latest: np.ndarray = last[places] == order
    return latest


@by_any_name
def scatter_add(x: Any, dim: int, index: Any, src: Any) -> Any:
    """x with each element of `src` added at the place along `dim` that `index` gives for it, as in PyTorch.

    For two axes and dim 0: `out[index[i, j], j] += src[i, j]`.

    Args:
        x: An array.
        dim: The axis.
        index: Integers, one for each element of `src`, or for those of its leading corner.
        src: What to add.

    Raises:
        MicrogradValueError: If the three haven't the same number of axes, or `index` is longer than `src` along one.

    Example:
        >>> scatter_add(np.zeros(3), 0, np.array([2, 2]), np.array([1.0, 5.0]))
        array([0., 0., 6.])
    """
    x, src, index = as_operand("scatter_add", x), as_operand("scatter_add", src), plain(index)
    if not src.ndim == index.ndim == x.ndim:
        raise MicrogradValueError(
            f"scatter_add(): x, index and src have {x.ndim}, {index.ndim} and {src.ndim} axes, but need the same "
            "number. Write index[:, None], say, and broadcast_to(index, src.shape)."
        )
    corner = tuple(slice(n) for n in index.shape)
    if any(n > m for n, m in zip(index.shape, src.shape, strict=True)):
        raise MicrogradValueError(
            f"scatter_add(): an index of shape {index.shape} asks for more elements than src of shape {src.shape} "
            "has. Give an index of the shape of src."
        )
    places = _running_along(index, as_axis("scatter_add", dim, x.ndim), index.shape)
    return index_put(x, places, getitem(src, index=corner), accumulate=True)
