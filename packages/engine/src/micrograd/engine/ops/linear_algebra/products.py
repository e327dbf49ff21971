"""Products of matrices and vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand
from micrograd.engine.ops.arrays.casting import in_dtype_of
from micrograd.engine.ops.arrays.indexing import take
from micrograd.engine.ops.arrays.shapes import moveaxis, permute_dims, ravel, reshape, sum
from micrograd.engine.ops.linear_algebra.contractions import tensordot
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

_ndarray = np.ndarray


def transposed(x: Any) -> Any:
    """x with its last two axes exchanged."""
    if len(x.shape) == 2:
        return x.T
    return permute_dims(x, axes=(*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def as_column(x: Any) -> Any:
    """x with an axis of length 1 behind: vectors as columns."""
    return reshape(x, shape=(*x.shape, 1))


def as_row(x: Any) -> Any:
    """x with an axis of length 1 before the last: vectors as rows."""
    return reshape(x, shape=(*x.shape[:-1], 1, *x.shape[-1:]))


def _as_rows(x: Any) -> Any:
    """All vectors of a stack of matrices as the rows of one."""
    return x if len(x.shape) == 2 else reshape(x, shape=(math.prod(x.shape[:-1]), x.shape[-1]))


def product(x: Any, y: Any) -> Any:
    """x @ y; of two plain matrices sooner, since ndarray.dot calls BLAS without the machinery of ufuncs.

    Example:
        >>> product(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
        array([[11.]])
    """
    return x.dot(y) if x.__class__ is y.__class__ is _ndarray and x.ndim == y.ndim == 2 else x @ y


def _matmul_left(g: Any, out: Any, x: Any, y: Any) -> Any:
    """What reaches x of x @ y: g @ y^T, where a vector counts as a row on the left and a column on the right."""
    if y.ndim == 1:
        return as_column(g) * y if x.ndim > 1 else g * y
    if x.ndim == 1:
        return y @ g if y.ndim == 2 else (y @ as_column(g))[..., 0]
    return product(g, transposed(y))


def _matmul_right(g: Any, out: Any, x: Any, y: Any) -> Any:
    """What reaches y of x @ y: x^T @ g. If many matrices were multiplied by one, theirs are the rows of one."""
    if x.ndim == 1:
        return as_column(x) * as_row(g) if y.ndim > 1 else g * x
    if y.ndim == 1:
        return ravel(g) @ _as_rows(x)
    if y.ndim == 2:
        return product(_as_rows(x).T, _as_rows(g))
    return transposed(x) @ g


@primitive(_matmul_left, _matmul_right, symbol="@")
def matmul(x, y):
    """The matrix product x @ y, of vectors, matrices and stacks of matrices, as in NumPy.

    Example:
        >>> matmul(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0]))
        array([-1., -1.])
    """
    return product(x, y) if type(x) is type(y) is np.ndarray else np.matmul(x, y)


@by_any_name
def dot(x: Any, y: Any) -> Any:
    """NumPy's dot: x @ y up to two axes, x * y for a number; else the last axis of x by the last but one of y.

    Example:
        >>> float(dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])))
        11.0
    """
    x, y = as_operand("dot", x), as_operand("dot", y)
    if x.ndim == 0 or y.ndim == 0:
        return x * y
    if x.ndim <= 2 and y.ndim <= 2:
        return matmul(x, y)
    return tensordot(x, y, axes=(-1, -2 if y.ndim > 1 else -1))


@by_any_name
def vdot(x: Any, y: Any) -> Any:
    """The sum of products of the elements of x and y, both flattened.

    Example:
        >>> float(vdot(np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]])))
        11.0
    """
    return matmul(ravel(as_operand("vdot", x)), ravel(as_operand("vdot", y)))


@by_any_name
def vecdot(x: Any, y: Any, axis: int = -1) -> Any:
    """The sum of products along an axis, for each place along the others, which broadcast.

    Raises:
        MicrogradValueError: If the vectors differ in length.

    Example:
        >>> vecdot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0]))
        array([12., 34.])
    """
    x, y = _last("vecdot", x, axis), _last("vecdot", y, axis)
    if x.shape[-1] != y.shape[-1]:
        raise MicrogradValueError(f"vecdot(): vectors of {x.shape[-1]} and of {y.shape[-1]} elements have no product")
    products = x * y
    return in_dtype_of(products, sum(products, axis=-1))


@by_any_name
def matvec(x: Any, y: Any) -> Any:
    """Matrices times vectors: those along the last two axes of x, and along the last one of y; the others broadcast.

    Raises:
        MicrogradValueError: If x has fewer axes than a matrix, or the lengths differ.

    Example:
        >>> matvec(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
        array([[1., 3.],
               [2., 4.]])
    """
    x, y = as_operand("matvec", x), as_operand("matvec", y)
    _check_pairing("matvec", x, y, x.shape[-1:], y.shape[-1:])
    return matmul(x, as_column(y))[..., 0]


@by_any_name
def vecmat(x: Any, y: Any) -> Any:
    """Vectors times matrices: those along the last axis of x, and along the last two of y; the others broadcast.

    Raises:
        MicrogradValueError: If y has fewer axes than a matrix, or the lengths differ.

    Example:
        >>> vecmat(np.array([1.0, -1.0]), np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([-2., -2.])
    """
    x, y = as_operand("vecmat", x), as_operand("vecmat", y)
    _check_pairing("vecmat", y, x, y.shape[-2:-1], x.shape[-1:])
    return matmul(as_row(x), y)[..., 0, :]


def _check_pairing(function: str, matrices: Any, vectors: Any, side: Any, length: Any) -> None:
    if matrices.ndim < 2 or not vectors.ndim or tuple(side) != tuple(length):
        raise MicrogradValueError(
            f"{function}() of matrices of shape {tuple(matrices.shape)} and vectors of shape {tuple(vectors.shape)}: "
            "each matrix is multiplied by a vector as long as that side"
        )


@by_any_name
def multi_dot(arrays: Sequence[Any]) -> Any:
    """The matrix product of several matrices, the cheapest neighbours first; the first and the last may be vectors.

    Raises:
        MicrogradValueError: If there are fewer than two, or one has another number of axes.

    Example:
        >>> float(multi_dot([np.array([1.0, 2.0]), np.eye(2), np.array([3.0, 4.0])]))
        11.0
    """
    left = [as_operand("multi_dot", x) for x in arrays]
    axes = [len(x.shape) for x in left]
    if len(left) < 2 or set(axes[1:-1]) - {2} or set(axes) - {1, 2}:
        raise MicrogradValueError(
            f"multi_dot() of {len(left)} arrays with {axes} axes: it takes two matrices or more, of which the first "
            "and the last may be vectors"
        )
    while len(left) > 1:
        i = min(range(len(left) - 1), key=lambda i: math.prod((*left[i].shape, *left[i + 1].shape[1:])))
        left[i : i + 2] = [matmul(left[i], left[i + 1])]
    return left[0]


@by_any_name
def outer(x: Any, y: Any) -> Any:
    """Every element of x times every element of y, both flattened: shape (x.size, y.size).

    Example:
        >>> outer(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        array([[3., 4.],
               [6., 8.]])
    """
    return as_column(ravel(as_operand("outer", x))) * ravel(as_operand("outer", y))


@by_any_name
def inner(x: Any, y: Any) -> Any:
    """The sum of products along the last axes of x and y: shape (*x.shape[:-1], *y.shape[:-1]).

    Example:
        >>> float(inner(np.array([1.0, 2.0]), np.array([3.0, 4.0])))
        11.0
    """
    x, y = as_operand("inner", x), as_operand("inner", y)
    return x * y if x.ndim == 0 or y.ndim == 0 else tensordot(x, y, axes=(-1, -1))


@by_any_name
def kron(x: Any, y: Any) -> Any:
    """The Kronecker product: y once for each element of x, multiplied by it.

    Example:
        >>> kron(np.array([1.0, 10.0]), np.array([1.0, 2.0]))
        array([ 1.,  2., 10., 20.])
    """
    x, y = as_operand("kron", x), as_operand("kron", y)
    ndim = max(x.ndim, y.ndim)
    x_shape, y_shape = (1,) * (ndim - x.ndim) + tuple(x.shape), (1,) * (ndim - y.ndim) + tuple(y.shape)
    blocks = reshape(x, shape=tuple(side for n in x_shape for side in (n, 1)))
    blocks = blocks * reshape(y, shape=tuple(side for n in y_shape for side in (1, n)))
    return reshape(blocks, shape=tuple(n * m for n, m in zip(x_shape, y_shape, strict=True)))


def _last(function: str, x: Any, axis: int) -> Any:
    """x with an axis moved to the end."""
    x = as_operand(function, x)
    return moveaxis(x, as_axis(function, axis, x.ndim), -1)


@by_any_name
def cross(x: Any, y: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The cross product of vectors of length 3.

    Args:
        x: Vectors along `axisa`.
        y: Vectors along `axisb`; the other axes broadcast.
        axisa: The axis of x.
        axisb: The axis of y.
        axisc: Where the vectors of the result lie.
        axis: If given, all three.

    Raises:
        MicrogradIndexError: If there is no such axis.
        MicrogradValueError: If the vectors have another length.

    Example:
        >>> cross(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
        array([0., 0., 1.])
    """
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    x, y = _last("cross", x, axisa), _last("cross", y, axisb)
    if {x.shape[-1], y.shape[-1]} != {3}:
        raise MicrogradValueError(f"cross() of vectors of {x.shape[-1]} and {y.shape[-1]} elements: they must have 3")
    (x1, y1), (x2, y2) = ([take(v, order, axis=-1) for v in (x, y)] for order in ([1, 2, 0], [2, 0, 1]))
    return moveaxis(x1 * y2 - x2 * y1, -1, axisc)
