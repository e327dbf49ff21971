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
from micrograd.engine.arguments.trees import flatten, map_leaves
from micrograd.engine.arrays import functions
from micrograd.engine.arrays.methods import ArrayMethods
from micrograd.engine.batching.rules import aligned, apply_to_rows
from micrograd.engine.batching.tracer import Tracer
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import mapped
from micrograd.engine.ops.op import Op
from micrograd.engine.tensor import Tensor

_depth: ContextVar[int] = ContextVar("_depth", default=0)
_TRACER_RANK = 10  # above Values and Tensors; each nested vmap stands one higher


class Batched(Tracer, ArrayMethods):
    """One row, as far as the traced function can see; `rows` holds all of them along its first axis."""

    __slots__ = ()
    _operands = (ArrayMethods, Node, float, int, np.ndarray, np.generic)
    op = None
    requires_grad = False

    def __init__(self, rows: Any, rank: int) -> None:
        self.rows = rows
        self._interpreter_rank = rank

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one row."""
        return tuple(self.rows.shape[1:])

    @property
    def dtype(self) -> Any:
        """The dtype of the numbers."""
        return self.rows.dtype

    def _apply(self, op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Batched:
        """Apply a primitive to all rows by its batching rule, or row by row if it has none."""
        mine = [isinstance(o, Batched) and o._interpreter_rank == self._interpreter_rank for o in operands]
        values = [o.rows if is_mine else o for o, is_mine in zip(operands, mine, strict=True)]
        settings = {**op.defaults, **params}
        return Batched(apply_to_rows(op, values, mine, settings), self._interpreter_rank)

    def _compare(self, relation: np.ufunc, other: Any) -> Batched:
        operands = (self, other)
        mine = [isinstance(o, Batched) and o._interpreter_rank == self._interpreter_rank for o in operands]
        left, right = aligned([o.rows if m else o for o, m in zip(operands, mine, strict=True)], mine)
        return Batched(relation(left, right), self._interpreter_rank)

    def spread(self, leaf: Any) -> Batched:
        """Something that all rows share, once for each row."""
        array = _as_tensor(leaf)
        return Batched(functions.broadcast_to(array, shape=(len(self.rows), *array.shape)), self._interpreter_rank)

    def __bool__(self) -> bool:
        raise MicrogradTypeError(
            "a branch on a value inside vmap: it differs from row to row, so both sides have to be computed. "
            "Write where(condition, x, y), maximum or minimum."
        )

    def __float__(self) -> float:
        raise MicrogradTypeError("float() of a value inside vmap: there is one number for each row; use it as it is")

    def __repr__(self) -> str:
        return f"Batched(row shape={self.shape}, rows={self.rows!r})"


@naming_arguments
def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """A function that applies `f`, written for one row, to all rows of its arguments at once.

    Args:
        f: Takes and returns numbers, arrays, Tensors or nests of them. Values that it closes over are shared by all
            rows.
        in_axes: Along which axis the rows of the arguments lie: an integer, or a tuple with one entry an argument,
            None for one that all rows share.
        out_axes: Along which axis to put the rows of the result.

    Raises:
        MicrogradValueError: If the arguments disagree in the number of rows.
        MicrogradTypeError: If `f` branches on a value that differs from row to row.

    Example:
        >>> weighted = vmap(lambda x, w: (x * w).sum(), in_axes=(0, None))
        >>> weighted(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0]))
        array([21., 43.])
    """
    require_function("vmap", f, "vmap(f)(rows)")

    def batched(*args: Any) -> Any:
        axes = in_axes if isinstance(in_axes, (tuple, list)) else (in_axes,) * len(args)
        if len(axes) != len(args):
            raise MicrogradValueError(f"vmap: in_axes has {len(axes)} entries for {len(args)} arguments")
        taken = mapped(batched, args)
        if taken is not NotImplemented:
            return taken
        size = _number_of_rows(args, axes)
        token = _depth.set(_depth.get() + 1)
        try:
            rank = _TRACER_RANK + _depth.get()
            traced = [_traced(arg, axis, rank) for arg, axis in zip(args, axes, strict=True)]
            result = map_leaves(lambda out: _finished(out, rank, size, out_axes), f(*traced))
            return map_leaves(_as_plain, result) if _is_plain(args) else result
        finally:
            _depth.reset(token)

    # What jit needs to trace one row and no more.
    batched.row_function, batched.in_axes, batched.out_axes = f, in_axes, out_axes  # type: ignore[attr-defined]
    return batched


def _number_of_rows(args: Any, axes: Any) -> int:
    sizes = {
        _rows_along(axis, leaf)
        for arg, axis in zip(args, axes, strict=True)
        if axis is not None
        for leaf in flatten(_as_arrays(arg))[0]
    }
    if len(sizes) != 1:
        raise MicrogradValueError(
            f"vmap: the arguments must have one common number of rows along in_axes, but have "
            f"{sorted(sizes) or 'none'}; an argument that all rows share takes in_axes=None"
        )
    return int(sizes.pop())


def _rows_along(axis: Any, leaf: Any) -> int:
    shape = leaf.shape if isinstance(leaf, ArrayMethods) else np.shape(leaf)
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise MicrogradValueError(
            f"vmap: an argument of shape {tuple(shape)} ({type(leaf).__name__}) has no rows along in_axes={axis!r}. "
            "Give an array that has this axis, or in_axes=None for an argument that all rows share."
        )
    return int(shape[axis])


def _as_arrays(arg: Any) -> Any:
    """A list of plain numbers counts as one array."""
    leaves = flatten(arg)[0]
    return np.asarray(arg) if isinstance(arg, list) and all(isinstance(x, (int, float)) for x in leaves) else arg


def _traced(arg: Any, axis: int | None, rank: int) -> Any:
    if axis is None:
        return arg
    return map_leaves(lambda leaf: Batched(_moved(_as_tensor(leaf), axis, 0), rank), _as_arrays(arg))


def _as_tensor(leaf: Any) -> Any:
    if isinstance(leaf, Node) and not isinstance(leaf, ArrayMethods):
        return Tensor(1.0) * leaf  # a Value, on the graph
    return leaf if isinstance(leaf, ArrayMethods) else Tensor(leaf)


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


def _finished(out: Any, rank: int, size: int, out_axes: int) -> Any:
    """A result with its rows along `out_axes`; one that doesn't depend on the row, once for each row."""
    if isinstance(out, Batched) and out._interpreter_rank == rank:
        return _moved(out.rows, 0, out_axes)
    array = _as_tensor(out)
    return _moved(functions.broadcast_to(array, shape=(size, *array.shape)), 0, out_axes)
