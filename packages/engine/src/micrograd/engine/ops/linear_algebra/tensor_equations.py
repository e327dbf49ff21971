"""Linear equations between whole arrays, and those that have no exact solution, by `solve`, `inv` and `pinv`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.reductions import count_nonzero
from micrograd.engine.ops.arrays.shapes import moveaxis, ravel, reshape, sum
from micrograd.engine.ops.linear_algebra.decompositions import svdvals
from micrograd.engine.ops.linear_algebra.factorizations import pinv
from micrograd.engine.ops.linear_algebra.inverses import inv, solve
from micrograd.engine.ops.linear_algebra.products import matmul
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def tensorsolve(a: Any, b: Any, axes: Sequence[int] | None = None) -> Any:
    """The x of tensordot(a, x, x.ndim) = b.

    Args:
        a: Shape (*b.shape, *x.shape), with as many elements in b as in x.
        b: The right side.
        axes: Axes of a to be moved to the end first.

    Raises:
        MicrogradValueError: If the shapes don't fit, or a is singular.

    Example:
        >>> tensorsolve(2.0 * np.eye(4).reshape(2, 2, 4), np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([0.5, 1. , 1.5, 2. ])
    """
    a, b = as_operand("tensorsolve", a), as_operand("tensorsolve", b)
    if axes is not None:
        last = as_axes("tensorsolve", tuple(axes), a.ndim)
        a = moveaxis(a, last, tuple(range(a.ndim - len(last), a.ndim)))
    shape, size = tuple(a.shape[b.ndim :]), math.prod(b.shape)
    if math.prod(shape) != size or math.prod(a.shape) != size**2:
        raise MicrogradValueError(
            f"tensorsolve() of shapes {tuple(a.shape)} and {tuple(b.shape)}: a has b's axes first, and then x's, "
            "which has as many elements as b"
        )
    return reshape(solve(reshape(a, shape=(size, size)), ravel(b)), shape=shape)


@by_any_name
def tensorinv(x: Any, ind: int = 2) -> Any:
    """The inverse of x by tensordot: tensordot(tensorinv(x, ind), b, ind) = tensorsolve(x, b).

    Args:
        x: An array with as many elements along the first `ind` axes as along the others.
        ind: How many axes.

    Raises:
        MicrogradValueError: If ind isn't positive, or x is singular or has another shape.

    Example:
        >>> tensorinv(2.0 * np.eye(4).reshape(4, 2, 2), ind=1).shape
        (2, 2, 4)
    """
    x = as_operand("tensorinv", x)
    first, last = (tuple(part) for part in (x.shape[: max(ind, 0)], x.shape[max(ind, 0) :]))
    if ind < 1 or math.prod(first) != math.prod(last):
        raise MicrogradValueError(
            f"tensorinv(ind={ind}) of shape {tuple(x.shape)}: it takes as many elements along the first {ind} axes, at "
            "least 1, as along the others"
        )
    return reshape(inv(reshape(x, shape=(math.prod(first), -1))), shape=(*last, *first))


class LstsqResult(NamedTuple):
    """What `lstsq` returns."""

    x: Any
    residuals: Any
    rank: Any
    s: Any


@by_any_name
def lstsq(a: Any, b: Any, rcond: float | None = None) -> LstsqResult:
    """The x that make the squares of a @ x - b the least: linear regression; of several, the shortest.

    Args:
        a: A matrix (n, m).
        b: Shape (n,), or (n, k) for k right sides.
        rcond: Singular values below this part of the largest count as 0; by default the precision of the dtype times
            max(n, m).

    Returns:
        x, shape (m,) or (m, k); the sums of the squares that remain, shape (1,) or (k,), or (0,) if n <= m; the rank of
        a, which gets no gradient; and the singular values of a. The gradient is that among matrices of the same rank,
        as of `pinv`.

    Raises:
        MicrogradValueError: If the shapes don't fit.

    Example:
        >>> x, residuals, rank, s = lstsq(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 3.0, 5.0]))
        >>> x.round(6)
        array([1., 2.])
    """
    a, b = as_operand("lstsq", a), as_operand("lstsq", b)
    if a.ndim != 2 or b.ndim not in (1, 2) or a.shape[0] != b.shape[0]:
        raise MicrogradValueError(
            f"lstsq() of shapes {tuple(a.shape)} and {tuple(b.shape)}: it takes a matrix, and a vector or a matrix "
            "of as many rows"
        )
    a = a if a.dtype.kind == "f" else a * 1.0
    least = np.finfo(a.dtype).eps * max(*a.shape) if rcond is None else rcond
    x = matmul(pinv(a, rcond=least), b)
    missed = reshape(b - matmul(a, x), shape=(a.shape[0], math.prod(b.shape[1:])))
    residuals = sum(missed * missed, axis=0) if a.shape[0] > a.shape[1] else np.zeros(0, a.dtype)
    values = svdvals(a)
    rank = count_nonzero(values > least * values[:1])
    return LstsqResult(x, residuals, rank, values)
