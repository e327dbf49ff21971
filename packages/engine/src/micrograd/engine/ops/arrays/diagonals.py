"""Diagonals and triangles of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.indexing import getitem, scatter
from micrograd.engine.ops.arrays.shapes import moveaxis, ravel, sum
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _places(rows: int, columns: int, offset: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of a diagonal, `offset` places above the main one."""
    start, length = (0, min(rows, columns - offset)) if offset >= 0 else (-offset, min(rows + offset, columns))
    down = np.arange(start, start + max(length, 0))
    return down, down + offset


@by_any_name
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonals of the matrices that two axes make up, along a new last axis.

    Args:
        x: An array of at least two axes.
        offset: How far above the main diagonal; below it if negative.
        axis1: The axis of the rows.
        axis2: The axis of the columns.

    Example:
        >>> diagonal(np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([1., 4.])
    """
    x = as_operand("diagonal", x)
    pair = as_axes("diagonal", (axis1, axis2), x.ndim)
    matrices = moveaxis(x, pair, (-2, -1))
    rows, columns = matrices.shape[-2:]
    return getitem(matrices, index=(..., *_places(rows, columns, offset)))


@by_any_name
def diag(x: Any, k: int = 0) -> Any:
    """The k-th diagonal of a matrix; or of a vector, the matrix that has it there.

    Raises:
        MicrogradValueError: If it is neither a vector nor a matrix.

    Example:
        >>> diag(np.array([1.0, 2.0]))
        array([[1., 0.],
               [0., 2.]])
    """
    x = as_operand("diag", x)
    if x.ndim == 2:
        return diagonal(x, k)
    if x.ndim != 1:
        raise MicrogradValueError(
            f"diag() takes a vector or a matrix, but was given shape {tuple(x.shape)}. Of many matrices take "
            "diagonal(x, axis1=-2, axis2=-1)."
        )
    n = x.shape[0] + abs(k)
    return scatter(x, index=_places(n, n, k), shape=(n, n))


@by_any_name
def diagflat(x: Any, k: int = 0) -> Any:
    """The matrix that has all elements of x on its k-th diagonal.

    Example:
        >>> diagflat(np.array([[1.0], [2.0]]))
        array([[1., 0.],
               [0., 2.]])
    """
    return diag(ravel(as_operand("diagflat", x)), k)


@by_any_name
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sum along the diagonals of the matrices that two axes make up.

    Example:
        >>> float(trace(np.array([[1.0, 2.0], [3.0, 4.0]])))
        5.0
    """
    return sum(diagonal(as_operand("trace", x), offset, axis1, axis2), axis=-1, dtype=dtype)


@primitive(lambda g, out, x, k: tril(g, k=k))
def tril(x, k=0):
    """The lower triangles of matrices: 0 above the k-th diagonal.

    Example:
        >>> tril(np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([[1., 0.],
               [3., 4.]])
    """
    return np.tril(x, k)


@primitive(lambda g, out, x, k: triu(g, k=k))
def triu(x, k=0):
    """The upper triangles of matrices: 0 below the k-th diagonal.

    Example:
        >>> triu(np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([[1., 2.],
               [0., 4.]])
    """
    return np.triu(x, k)
