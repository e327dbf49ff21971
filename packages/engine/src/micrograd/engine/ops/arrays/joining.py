"""Arrays joined into one, and one split into several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand, as_operands
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.arrays.shapes import expand_dims, ravel, reshape
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

# ---- joining -----------------------------------------------------------------------------------------------


def _part_of(i: int, g: Any, out: Any, *arrays: Any, axis: int) -> Any:
    """The stretch of g along the axis where the i-th array went."""
    start = sum(array.shape[axis] for array in arrays[:i])
    return getitem(g, index=_along(slice(start, start + arrays[i].shape[axis]), axis, len(g.shape)))


def _along(part: Any, axis: int, ndim: int) -> tuple[Any, ...]:
    """The index that takes a part along one axis and all of the others."""
    return (*(slice(None),) * (axis % ndim), part)


@primitive(vjp_of_any=_part_of, symbol="concatenate")
def concatenate_op(*arrays, axis=0):
    """`concatenate` as a primitive: of any number of operands.

    Example:
        >>> concatenate_op(np.array([1.0]), np.array([2.0, 3.0]))
        array([1., 2., 3.])
    """
    return np.concatenate(arrays, axis)


@primitive(vjp_of_any=lambda i, g, out, *arrays, axis: getitem(g, index=_along(i, axis, len(g.shape))), symbol="stack")
def stack_op(*arrays, axis=0):
    """`stack` as a primitive: of any number of operands.

    Example:
        >>> stack_op(np.array(1.0), np.array(2.0))
        array([1., 2.])
    """
    return np.stack(arrays, axis)


@by_any_name
def concatenate(arrays: Sequence[Any], axis: int | None = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays laid one behind the other along an axis that they have; flattened ones if that is None.

    With `dtype`, in that one; `casting` says what may be lost, as in NumPy: "unsafe" lets floats become integers.

    Raises:
        MicrogradTypeError: If `casting` doesn't allow for the dtype, or the arrays aren't in a list.
        MicrogradValueError: If there are none, or they differ in length along another axis.

    Example:
        >>> concatenate([np.array([1.0]), np.array([2.0, 3.0])])
        array([1., 2., 3.])
    """
    _require_axis("concatenate", axis)
    operands = as_operands("concatenate", arrays)
    if axis is None:
        operands, axis = [ravel(x) for x in operands], 0
    return _in_dtype("concatenate", concatenate_op(*operands, axis=axis), dtype, casting)


def _require_axis(function: str, axis: Any) -> None:
    if getattr(axis, "shape", ()):
        raise MicrogradTypeError(
            f"{function}() was given an array of shape {tuple(axis.shape)} as its axis. It takes the arrays in a list: "
            f"{function}([a, b])."
        )


def _in_dtype(function: str, x: Any, dtype: Any, casting: Any) -> Any:
    if dtype is None:
        return x
    if not np.can_cast(x.dtype, dtype, casting):
        raise MicrogradTypeError(
            f"{function}(dtype={np.dtype(dtype)}, casting={casting!r}) of {x.dtype} would lose digits. If they may be "
            "lost, write casting='unsafe'."
        )
    return astype(x, dtype=dtype)


@by_any_name
def stack(arrays: Sequence[Any], axis: int = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays of one shape laid beside each other along a new axis; with `dtype`, in that one, see `concatenate`.

    Raises:
        MicrogradTypeError: If the arrays aren't in a list.
        MicrogradValueError: If there are none, or their shapes differ.

    Example:
        >>> stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])], axis=1)
        array([[1., 3.],
               [2., 4.]])
    """
    _require_axis("stack", axis)
    return _in_dtype("stack", stack_op(*as_operands("stack", arrays), axis=axis), dtype, casting)


@by_any_name
def vstack(arrays: Sequence[Any], *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays below each other: along the first axis, vectors as rows.

    Example:
        >>> vstack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
        array([[1., 2.],
               [3., 4.]])
    """
    return concatenate([_with_axes(x, 2) for x in as_operands("vstack", arrays)], dtype=dtype, casting=casting)


@by_any_name
def hstack(arrays: Sequence[Any], *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays beside each other: along the second axis, vectors one behind the other.

    Example:
        >>> hstack([np.array([1.0, 2.0]), np.array([3.0])])
        array([1., 2., 3.])
    """
    operands = [_with_axes(x, 1) for x in as_operands("hstack", arrays)]
    return concatenate(operands, axis=0 if operands[0].ndim == 1 else 1, dtype=dtype, casting=casting)


def _with_axes(x: Any, ndim: int) -> Any:
    """x with axes of length 1 in front, so that there are at least so many."""
    return reshape(x, shape=(1,) * (ndim - x.ndim) + tuple(x.shape)) if x.ndim < ndim else x


@by_any_name
def column_stack(arrays: Sequence[Any]) -> Any:
    """Vectors as the columns of a matrix; matrices stand beside each other.

    Example:
        >>> column_stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
        array([[1., 3.],
               [2., 4.]])
    """
    operands = as_operands("column_stack", arrays)
    return concatenate_op(*[expand_dims(ravel(x), 1) if x.ndim < 2 else x for x in operands], axis=1)


# ---- splitting ---------------------------------------------------------------------------------------------


@by_any_name
def array_split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """x cut into parts along an axis: into so many, as equal as can be, or before each of the given places.

    Example:
        >>> array_split(np.arange(5), 2)
        [array([0, 1, 2]), array([3, 4])]
    """
    x = as_operand("array_split", x)
    axis = as_axis("array_split", axis, x.ndim)
    edges = _edges(indices_or_sections, x.shape[axis])
    cuts = [slice(start, stop) for start, stop in zip([0, *edges], [*edges, None], strict=True)]
    return [getitem(x, index=_along(cut, axis, x.ndim)) for cut in cuts]


def _edges(indices_or_sections: Any, length: int) -> list[int]:
    """Before which places to cut."""
    if np.ndim(indices_or_sections):
        return [int(edge) for edge in indices_or_sections]
    sections = int(indices_or_sections)
    if sections < 1:
        raise MicrogradValueError(f"array_split(): into {sections} parts? The number of parts starts from 1.")
    size, longer = divmod(length, sections)
    return [i * size + min(i, longer) for i in range(1, sections)]


@by_any_name
def split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0, *, dim: int | None = None) -> list[Any]:
    """x cut along an axis into so many equal parts, or before each of the given places; with `dim` as in PyTorch.

    Args:
        x: An array.
        indices_or_sections: How many parts, or where to cut.
        axis: The axis to cut.
        dim: The same, for callers of PyTorch's `split`: given by this name, the second argument is the *length* of each
            part, the last of which may be shorter, or a list of their lengths.

    Raises:
        MicrogradValueError: If so many equal parts can't be had; `array_split` makes nearly equal ones.

    Example:
        >>> split(np.arange(4), 2)
        [array([0, 1]), array([2, 3])]
        >>> split(np.arange(5), 2, dim=0)
        [array([0, 1]), array([2, 3]), array([4])]
    """
    x = as_operand("split", x)
    if dim is not None:
        return array_split(x, _cuts(indices_or_sections, x.shape[as_axis("split", dim, x.ndim)]), dim)
    length = x.shape[as_axis("split", axis, x.ndim)]
    sections: Any = indices_or_sections
    if np.ndim(sections) == 0 and (sections < 1 or length % sections):
        raise MicrogradValueError(
            f"split(): a length of {length} can't be cut into {indices_or_sections} equal parts; array_split() makes "
            "nearly equal ones"
        )
    return array_split(x, indices_or_sections, axis)


def _cuts(lengths: Any, whole: int) -> list[int]:
    """Where to cut for parts of this length, or of these lengths."""
    if np.ndim(lengths) == 0:
        if lengths < 1:
            raise MicrogradValueError(f"split(): a part can't have the length {lengths}; it must be 1 or more")
        return list(range(int(lengths), whole, int(lengths)))
    ends = [int(end) for end in np.cumsum(lengths)]
    if min(lengths, default=0) < 0 or (ends or [0])[-1] != whole:
        raise MicrogradValueError(f"split(): parts of the lengths {list(lengths)} don't make up a length of {whole}")
    return ends[:-1]
