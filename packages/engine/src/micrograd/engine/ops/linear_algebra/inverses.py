"""Systems of linear equations: `inv` and `solve`."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.linear_algebra.products import as_column, as_row, transposed
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _explained(name: str, error: np.linalg.LinAlgError, shape: tuple[int, ...]) -> MicrogradValueError:
    """Our error for a matrix that is singular or not square."""
    singular = "singular" in str(error).lower()
    return MicrogradValueError(
        f"{name}() of shape {shape}: {error}."
        + (" Its rows depend on each other. Add a little to the diagonal: x + 1e-6 * np.eye(n)." if singular else "")
    )


@primitive(lambda g, out, x: -(transposed(out) @ g @ transposed(out)))
def inv(x):
    """The inverses of square matrices.

    Raises:
        MicrogradValueError: If one is singular, or not square.

    Example:
        >>> inv(np.array([[2.0, 0.0], [0.0, 4.0]]))
        array([[0.5 , 0.  ],
               [0.  , 0.25]])
    """
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError as error:
        raise _explained("inv", error, np.shape(x)) from error


def _to_matrix(g: Any, out: Any, a: Any, b: Any) -> Any:
    """-(what reaches b) out^T."""
    received = _to_right_side(g, out, a, b)
    return -as_column(received) * as_row(out) if len(b.shape) == 1 else -(received @ transposed(out))


def _to_right_side(g: Any, out: Any, a: Any, b: Any) -> Any:
    """The solution of a^T z = g."""
    if len(b.shape) == 1:
        return solve(transposed(a), as_column(g))[..., 0]
    return solve(transposed(a), g)


@primitive(_to_matrix, _to_right_side)
def solve(a, b):
    """The x of a @ x = b; b is a vector if it has one axis, else a matrix or a stack of matrices, as in NumPy 2.

    Raises:
        MicrogradValueError: If a matrix is singular, not square, or doesn't fit b.

    Example:
        >>> solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 2.0]))
        array([1. , 0.5])
    """
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError as error:
        raise _explained("solve", error, np.shape(a)) from error


@by_any_name
def matrix_power(x: Any, n: int) -> Any:
    """Square matrices multiplied by themselves n times; for a negative n, their inverses.

    Raises:
        MicrogradTypeError: If n is no integer.
        MicrogradValueError: If a matrix isn't square, or is singular and n negative.

    Example:
        >>> matrix_power(np.array([[1.0, 1.0], [0.0, 1.0]]), 5)
        array([[1., 5.],
               [0., 1.]])
    """
    x = as_operand("matrix_power", x)
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)):
        raise MicrogradTypeError(f"matrix_power(n={n!r}) takes an integer; for others see eigh()")
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise MicrogradValueError(f"matrix_power() of shape {tuple(x.shape)}: it takes square matrices")
    if n == 0:
        return where(np.False_, x, np.eye(x.shape[-1], dtype=x.dtype))
    square, out = (inv(x) if n < 0 else x), None
    for digit in reversed(f"{abs(n):b}"):
        if digit == "1":
            out = square if out is None else out @ square
        square = square @ square
    return out
