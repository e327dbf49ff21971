"""`Batched`: what a function that `vmap` maps is given for an argument: one row, as far as it can see."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arrays import functions
from micrograd.engine.arrays.methods import ArrayMethods
from micrograd.engine.batching.rules import aligned, apply_to_rows
from micrograd.engine.batching.tracer import Tracer
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.op import Op
from micrograd.engine.tensor import Tensor


def _none_to_give(what: str) -> Any:
    """The method or property that code asks for a number with, where each row has one of its own."""

    def method(self: Any, *args: Any, **settings: Any) -> NoReturn:
        raise MicrogradTypeError(
            f"{what} a value inside vmap: there is one for each row. Compute with it as it is, x[i] * 2.0, and choose "
            "with where(), take() or one_hot(); or ask for the numbers of what vmap returns."
        )

    return method


def as_tensor(leaf: Any) -> Any:
    """An argument or a result as something with a shape; a Value on its graph."""
    if isinstance(leaf, Node) and not isinstance(leaf, ArrayMethods):
        return Tensor(1.0) * leaf
    return leaf if isinstance(leaf, ArrayMethods) else Tensor(leaf)


def returned(out: Any) -> Any:
    """What the function of a row returned, as something with a shape.

    Raises:
        MicrogradTypeError: If it is no number and no array.
    """
    try:
        return as_tensor(out)
    except MicrogradTypeError as error:
        raise MicrogradTypeError(
            f"vmap: the function returned {kind_of(out)}, {out!r:.60}, where it should have returned a number, an "
            "array or a nest of them. Is there a return at its end?"
        ) from error


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
        array = as_tensor(leaf)
        return Batched(functions.broadcast_to(array, shape=(len(self.rows), *array.shape)), self._interpreter_rank)

    def __bool__(self) -> bool:
        raise MicrogradTypeError(
            "a branch on a value inside vmap: it differs from row to row, so both sides have to be computed. "
            "Write where(condition, x, y), maximum or minimum."
        )

    __float__, __int__, __index__ = map(_none_to_give, ("float() of", "int() of", "an index or a length by"))
    __array__ = _none_to_give("a NumPy array of")
    item, numpy = map(_none_to_give, ("item() of", "numpy() of"))
    data = property(_none_to_give("the data of"))

    def tolist(self) -> Any:
        """The elements of one row, each of them traced, in nested lists."""
        return [part.tolist() for part in self] if self.shape else self

    def detach(self) -> Batched:
        """The same numbers, through which no gradient passes."""
        detached: Batched = stop_gradient(self)
        return detached

    def backward(self, *args: Any, **settings: Any) -> NoReturn:
        """Not inside vmap: each row has a gradient of its own."""
        raise MicrogradTypeError(
            "backward() inside vmap: it would write the gradient of each row into the same .grad. Write "
            "vmap(grad(f))(rows) for the gradients of each row, or vmap(f)(rows).sum().backward() for their sum."
        )

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else repr(self)

    def __repr__(self) -> str:
        return f"Batched(row shape={self.shape}, rows={self.rows!r})"
