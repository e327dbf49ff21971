"""`vmap`: a function written for one row runs on a whole batch at once.

The function is run once, on tracers that look like one row and carry all rows along a hidden first axis. Each primitive
has a rule that says how it acts then: an elementwise one aligns its operands, a reduction shifts its axes by one, a
matmul becomes a larger matmul. A primitive without a rule is run row by row: slower, but right.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.arguments.trees import flatten, map_leaves, spread_entries
from micrograd.engine.arrays import functions
from micrograd.engine.arrays.methods import ArrayMethods
from micrograd.engine.batching.batched import Batched, as_tensor, returned
from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import mapped
from micrograd.engine.tensor import Tensor

_depth: ContextVar[int] = ContextVar("_depth", default=0)
_TRACER_RANK = 10  # above Values and Tensors; each nested vmap stands one higher


@naming_arguments
def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """A function that applies `f`, written for one row, to all rows of its arguments at once.

    Args:
        f: Takes and returns numbers, arrays, Tensors or nests of them. Values that it closes over are shared by all
            rows.
        in_axes: Along which axis the rows of the arguments lie: an integer, or a tuple with one entry an argument,
            None for one that all rows share. For a nest the entry may be a nest of entries. Arguments given by name
            have their rows along axis 0.
        out_axes: Along which axis to put the rows of the result: an integer, or for a nest one of entries; None for
            what is the same in all rows.

    Raises:
        MicrogradValueError: If the arguments disagree in the number of rows, or have no such axis.
        MicrogradTypeError: If `f` branches on a value that differs from row to row, or returns what is no number.

    Example:
        >>> weighted = vmap(lambda x, w: (x * w).sum(), in_axes=(0, None))
        >>> weighted(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0]))
        array([21., 43.])
    """
    require_function("vmap", f, "vmap(f)(rows)")

    def batched(*args: Any, **kwargs: Any) -> Any:
        axes = in_axes if isinstance(in_axes, (tuple, list)) else (in_axes,) * len(args)
        if len(axes) != len(args):
            raise MicrogradValueError(
                f"vmap: in_axes has {len(axes)} entries for {len(args)} arguments. Give each one, None if all rows "
                "share it: vmap(f, in_axes=(0, None))(x, w)."
            )
        if not kwargs and (taken := mapped(batched, args)) is not NotImplemented:
            return taken
        given = [_as_arrays(arg) for arg in (*args, *kwargs.values())]
        axes = (*axes, *(0 for _ in kwargs))
        size = _number_of_rows(given, axes)
        token = _depth.set(_depth.get() + 1)
        try:
            rank = _TRACER_RANK + _depth.get()
            traced = [_traced(arg, axis, rank) for arg, axis in zip(given, axes, strict=True)]
            result = f(*traced[: len(args)], **dict(zip(kwargs, traced[len(args) :], strict=True)))
            leaves, rebuild = flatten(result)
            places = spread_entries("vmap: out_axes", out_axes, result)
            result = rebuild(_finished(out, axis, rank, size) for out, axis in zip(leaves, places, strict=True))
            return map_leaves(_as_plain, result) if _is_plain(given) else result
        finally:
            _depth.reset(token)

    # What jit needs to trace one row and no more.
    batched.row_function, batched.in_axes, batched.out_axes = f, in_axes, out_axes  # type: ignore[attr-defined]
    return batched


def _number_of_rows(args: Any, axes: Any) -> int:
    sizes = {
        _rows_along(place, leaf)
        for arg, axis in zip(args, axes, strict=True)
        for leaf, place in zip(flatten(arg)[0], spread_entries("vmap: in_axes", axis, arg), strict=True)
        if place is not None
    }
    if len(sizes) != 1:
        raise MicrogradValueError(
            f"vmap: the arguments must have one common number of rows along in_axes, but have "
            f"{sorted(sizes) or 'none'}; an argument that all rows share takes in_axes=None"
        )
    return int(sizes.pop())


def _rows_along(axis: Any, leaf: Any) -> int:
    shape = leaf.shape if isinstance(leaf, ArrayMethods) else np.shape(leaf)
    if not _is_axis(axis, len(shape)):
        raise MicrogradValueError(
            f"vmap: an argument of shape {tuple(shape)} ({type(leaf).__name__}) has no rows along in_axes={axis!r}. "
            "Give an array that has this axis, or in_axes=None for an argument that all rows share."
        )
    return int(shape[axis])


def _is_axis(axis: Any, ndim: int) -> bool:
    return isinstance(axis, (int, np.integer)) and not isinstance(axis, bool) and -ndim <= int(axis) < ndim


def _as_arrays(arg: Any) -> Any:
    """A list of plain numbers counts as one array."""
    leaves = flatten(arg)[0]
    return np.asarray(arg) if isinstance(arg, list) and all(isinstance(x, (int, float)) for x in leaves) else arg


def _traced(arg: Any, axis: Any, rank: int) -> Any:
    """An argument as the function of one row sees it."""
    if axis is None:
        return arg
    leaves, rebuild = flatten(arg)
    places = spread_entries("vmap: in_axes", axis, arg)
    return rebuild(_row(leaf, place, rank) for leaf, place in zip(leaves, places, strict=True))


def _row(leaf: Any, axis: int | None, rank: int) -> Any:
    return leaf if axis is None else Batched(_moved(as_tensor(leaf), axis, 0), rank)


def _is_plain(args: Any) -> bool:
    return not any(isinstance(leaf, (ArrayMethods, Node)) for leaf in flatten(args)[0])


def _as_plain(out: Any) -> Any:
    """An array for a Tensor without gradient: what comes of plain arrays."""
    return out._data if isinstance(out, Tensor) and not out.requires_grad else out


def _moved(x: Any, source: int, target: int) -> Any:
    """x with one axis moved to another place."""
    if source == target:
        return x
    order = [axis for axis in range(x.ndim) if axis != source % x.ndim]
    order.insert(target % x.ndim, source % x.ndim)
    return functions.permute_dims(x, axes=tuple(order))


def _finished(out: Any, axis: Any, rank: int, size: int) -> Any:
    """A result with its rows along an axis; one that doesn't depend on the row, once for each row."""
    has_rows = isinstance(out, Batched) and out._interpreter_rank == rank
    if axis is None:
        if has_rows:
            raise MicrogradValueError(
                "vmap: out_axes=None is for what is the same in all rows, but this result differs from row to row. "
                "Write out_axes=0, or reduce what vmap returns."
            )
        return out
    array = out.rows if has_rows else returned(out)
    ndim = array.ndim + (not has_rows)
    if not _is_axis(axis, ndim):
        raise MicrogradValueError(
            f"vmap: a result of {ndim} axes, with that of the rows, can't have its rows along out_axes={axis!r}. Write "
            "out_axes=0."
        )
    rows = array if has_rows else functions.broadcast_to(array, shape=(size, *array.shape))
    return _moved(rows, 0, axis)
