"""What NumPy and PyTorch do with whole axes beyond `shapes` and `joining`: to have at least so many, to part with one.

All are composed of those, so that there is no rule here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand, as_operands
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.arrays.joining import array_split, concatenate, split
from micrograd.engine.ops.arrays.shapes import broadcast_to, expand_dims, moveaxis, ravel, reshape, swapaxes
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def atleast_1d(*arrays: Any) -> Any:
    """Each array with an axis, if it has none; a list of them if several are given.

    Example:
        >>> atleast_1d(np.array(3.0)).shape
        (1,)
    """
    return _each("atleast_1d", arrays, lambda x: x if x.ndim else expand_dims(x, 0))


@by_any_name
def atleast_2d(*arrays: Any) -> Any:
    """Each array with two axes at least, new ones in front; a list of them if several are given.

    Example:
        >>> atleast_2d(np.zeros(3)).shape
        (1, 3)
    """
    return _each("atleast_2d", arrays, lambda x: expand_dims(x, tuple(range(2 - x.ndim))) if x.ndim < 2 else x)


@by_any_name
def atleast_3d(*arrays: Any) -> Any:
    """Each array with three axes at least, in NumPy's order: (3,) becomes (1, 3, 1), and (2, 3) becomes (2, 3, 1).

    Example:
        >>> atleast_3d(np.zeros(3)).shape
        (1, 3, 1)
    """
    new = {0: (0, 1, 2), 1: (0, 2), 2: (2,)}
    return _each("atleast_3d", arrays, lambda x: expand_dims(x, new[x.ndim]) if x.ndim in new else x)


def _each(name: str, arrays: Sequence[Any], change: Any) -> Any:
    changed = [change(x) for x in as_operands(name, arrays)]
    return changed[0] if len(changed) == 1 else changed


@by_any_name
def broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    """Each array in the shape that all broadcast to.

    Raises:
        MicrogradValueError: If there is no such shape.

    Example:
        >>> [x.shape for x in broadcast_arrays(np.zeros((3, 1)), np.zeros(2))]
        [(3, 2), (3, 2)]
    """
    operands = as_operands("broadcast_arrays", arrays)
    try:
        shape = np.broadcast_shapes(*(tuple(x.shape) for x in operands))
    except ValueError as error:
        raise MicrogradValueError(f"broadcast_arrays(): {error}") from error
    return tuple(x if tuple(x.shape) == shape else broadcast_to(x, shape=shape) for x in operands)


@by_any_name
def meshgrid(*arrays: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """The coordinates of the points of a grid, from those along each axis.

    Args:
        arrays: Vectors, or numbers.
        copy: There for NumPy's sake: the results are always new.
        sparse: Whether to leave the arrays with a length of 1 along each other's axes, to be broadcast when used.
        indexing: "xy" for the x along the columns, which is the second axis; "ij" for each along its own.

    Raises:
        MicrogradValueError: If there is no such indexing.

    Example:
        >>> x, y = meshgrid(np.array([1.0, 2.0]), np.array([10.0, 20.0, 30.0]))
        >>> x.shape, y[:, 0]
        ((3, 2), array([10., 20., 30.]))
    """
    if indexing not in ("xy", "ij"):
        raise MicrogradValueError(f"meshgrid(indexing={indexing!r}): take 'xy' or 'ij'")
    places = list(range(len(arrays)))
    if indexing == "xy":
        places[:2] = reversed(places[:2])
    shapes = [tuple(-1 if axis == place else 1 for axis in range(len(arrays))) for place in places]
    operands = as_operands("meshgrid", arrays)
    along = [reshape(x, shape=shape) for x, shape in zip(operands, shapes, strict=True)]
    return tuple(along) if sparse else broadcast_arrays(*along)


@by_any_name
def unsqueeze(x: Any, dim: int) -> Any:
    """x with a new axis of length 1 in this place; PyTorch's name for `expand_dims` by one.

    Example:
        >>> unsqueeze(np.zeros((2, 3)), -1).shape
        (2, 3, 1)
    """
    return expand_dims(x, dim)


@by_any_name
def rollaxis(x: Any, axis: int, start: int = 0) -> Any:
    """One axis moved to before another one, as NumPy had it before `moveaxis`.

    Raises:
        MicrogradIndexError: If there is no such axis.

    Example:
        >>> rollaxis(np.zeros((2, 3, 4)), 2).shape
        (4, 2, 3)
    """
    x = as_operand("rollaxis", x)
    axis = as_axis("rollaxis", axis, x.ndim)
    place = x.ndim if start == x.ndim else as_axis("rollaxis", start, x.ndim)
    return moveaxis(x, axis, place - (axis < place))


@by_any_name
def matrix_transpose(x: Any) -> Any:
    """The matrices that lie along the last two axes, each transposed.

    Raises:
        MicrogradValueError: If x has fewer than two axes.

    Example:
        >>> matrix_transpose(np.zeros((5, 2, 3))).shape
        (5, 3, 2)
    """
    x = as_operand("matrix_transpose", x)
    if x.ndim < 2:
        raise MicrogradValueError(
            f"matrix_transpose() of an array of shape {x.shape}: it takes matrices, of two axes or more. Write "
            "x[:, None] for a column."
        )
    return swapaxes(x, -1, -2)


@by_any_name
def unstack(x: Any, axis: int = 0) -> tuple[Any, ...]:
    """The slices along an axis, which is gone from them; the reverse of `stack`.

    Example:
        >>> [row.tolist() for row in unstack(np.array([[1.0, 2.0], [3.0, 4.0]]))]
        [[1.0, 2.0], [3.0, 4.0]]
    """
    x = as_operand("unstack", x)
    before = (slice(None),) * as_axis("unstack", axis, x.ndim)
    return tuple(getitem(x, index=(*before, i)) for i in range(x.shape[len(before)]))


@by_any_name
def unbind(x: Any, dim: int = 0) -> tuple[Any, ...]:
    """The slices along an axis; PyTorch's name for `unstack`.

    Example:
        >>> [float(number) for number in unbind(np.array([1.0, 2.0]))]
        [1.0, 2.0]
    """
    return unstack(x, dim)


@by_any_name
def chunk(x: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """x in so many parts along an axis, all but the last of one length, as in PyTorch: there may be fewer.

    Raises:
        MicrogradValueError: If `chunks` is no positive integer.

    Example:
        >>> [part.tolist() for part in chunk(np.arange(5), 2)]
        [[0, 1, 2], [3, 4]]
    """
    x = as_operand("chunk", x)
    if type(chunks) is not int or chunks < 1:
        raise MicrogradValueError(f"chunk(chunks={chunks!r}): into how many parts? Write a positive integer.")
    length = x.shape[as_axis("chunk", dim, x.ndim)]
    each = max(1, -(-length // chunks))
    return tuple(array_split(x, list(range(each, length, each)), axis=dim))


@by_any_name
def vsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """`split` along the first axis of an array of two axes or more.

    Example:
        >>> [part.shape for part in vsplit(np.zeros((4, 3)), 2)]
        [(2, 3), (2, 3)]
    """
    return split(_with_ndim("vsplit", x, 2), indices_or_sections, axis=0)


@by_any_name
def hsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """`split` along the second axis, or the only one.

    Example:
        >>> [part.shape for part in hsplit(np.zeros((4, 3)), [1])]
        [(4, 1), (4, 2)]
    """
    x = _with_ndim("hsplit", x, 1)
    return split(x, indices_or_sections, axis=min(1, x.ndim - 1))


@by_any_name
def dsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """`split` along the third axis.

    Example:
        >>> [part.shape for part in dsplit(np.zeros((1, 2, 4)), 2)]
        [(1, 2, 2), (1, 2, 2)]
    """
    return split(_with_ndim("dsplit", x, 3), indices_or_sections, axis=2)


def _with_ndim(name: str, x: Any, least: int) -> Any:
    x = as_operand(name, x)
    if x.ndim < least:
        raise MicrogradValueError(f"{name}() of an array of shape {x.shape}: it takes arrays of {least} axes or more")
    return x


@by_any_name
def dstack(arrays: Sequence[Any]) -> Any:
    """Arrays laid behind each other along the third axis, which they get if they have none.

    Example:
        >>> dstack([np.zeros((2, 3)), np.ones((2, 3))]).shape
        (2, 3, 2)
    """
    return concatenate([atleast_3d(x) for x in as_operands("dstack", arrays)], axis=2)


@by_any_name
def append(x: Any, values: Any, axis: int | None = None) -> Any:
    """x with the values behind it along an axis; both flattened if that is None.

    Example:
        >>> append(np.array([1.0, 2.0]), np.array([3.0]))
        array([1., 2., 3.])
    """
    x, values = as_operands("append", (x, values))
    return concatenate([ravel(x), ravel(values)] if axis is None else [x, values], axis=axis or 0)
