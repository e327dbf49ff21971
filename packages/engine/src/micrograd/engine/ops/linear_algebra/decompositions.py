"""Decompositions of symmetric matrices, and the singular values of any.

A symmetric matrix has fewer degrees of freedom than elements. NumPy reads one triangle; here the mean of both is
taken, which is the same for a symmetric matrix, and makes the gradient symmetric and equal to what differences show.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.joining import concatenate
from micrograd.engine.ops.arrays.rearranging import flip
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.linear_algebra.inverses import solve
from micrograd.engine.ops.linear_algebra.products import transposed
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _symmetric(x: Any) -> Any:
    return x * 0.5 + transposed(x) * 0.5  # halved first, since booleans and integers don't add up to what is meant


def _to_cholesky(g: Any, out: Any, x: Any, upper: bool) -> Any:
    """L^-T P L^-1 with P the lower triangle of L^T g, its diagonal halved; see Murray 2016, arXiv:1602.07527."""
    lower, g = (transposed(out), transposed(g)) if upper else (out, g)
    n = x.shape[-1]
    halved = (transposed(lower) @ g) * (np.tri(n, dtype=x.dtype) - 0.5 * np.eye(n, dtype=x.dtype))
    half_way = solve(transposed(lower), halved)
    return _symmetric(transposed(solve(transposed(lower), transposed(half_way))))


@primitive(_to_cholesky)
def cholesky(x, upper=False):
    """The lower triangular L of L @ L.T = x, or its transpose, for symmetric positive definite x.

    Raises:
        MicrogradValueError: If a matrix isn't positive definite, or not square.

    Example:
        >>> cholesky(np.array([[4.0, 2.0], [2.0, 2.0]]))
        array([[2., 0.],
               [1., 1.]])
    """
    try:
        lower = np.linalg.cholesky(_symmetric(x))
    except np.linalg.LinAlgError as error:
        raise MicrogradValueError(
            f"cholesky() of shape {np.shape(x)}: {error}. A covariance matrix that is so but for rounding becomes "
            "positive definite by x + 1e-6 * np.eye(n)."
        ) from error
    return transposed(lower) if upper else lower


# ---- eigenvalues -------------------------------------------------------------------------------------------


class EighResult(NamedTuple):
    """What `eigh` returns."""

    eigenvalues: Any
    eigenvectors: Any


def _to_eigenvalues(g: Any, out: Any, x: Any, top: int | None) -> Any:
    vectors = eigenvectors(x, top=top)
    return (vectors * g[..., None, :]) @ transposed(vectors)


@primitive(_to_eigenvalues)
def eigvalsh(x, top=None):
    """The eigenvalues of symmetric matrices in ascending order; `top`: only so many of the largest.

    `UPLO` is there for NumPy's sake: both triangles are read.

    Example:
        >>> eigvalsh(np.array([[2.0, 1.0], [1.0, 2.0]]))
        array([1., 3.])
    """
    return np.linalg.eigvalsh(_symmetric(x))[..., x.shape[-1] - _count(x, top) :]


@eigvalsh.extended
def _eigvalsh_of_triangle(x, UPLO="L", top=None):
    _check_triangle("eigvalsh", UPLO)
    return eigvalsh(x, top=top)


def _check_triangle(function: str, name: Any) -> None:
    if name not in ("L", "U", "l", "u"):
        raise MicrogradValueError(f"{function}(UPLO={name!r:.60}): take 'L', the lower triangle, or 'U', the upper")


def _count(x: Any, top: int | None) -> int:
    return int(x.shape[-1]) if top is None else top


def _to_eigenvectors(g: Any, out: Any, x: Any, top: int | None) -> Any:
    """Each vector turns towards the others, the faster the closer their eigenvalues are."""
    every, values, n = eigenvectors(x), eigvalsh(x), x.shape[-1]
    itself = np.eye(n, dtype=bool)[:, n - _count(x, top) :]
    gaps = eigvalsh(x, top=top)[..., None, :] - values[..., :, None]
    turns = where(itself, 0.0, transposed(every) @ g) / where(itself, 1.0, gaps)
    return _symmetric(every @ turns @ transposed(out))


@primitive(_to_eigenvectors)
def eigenvectors(x, top=None):
    """The eigenvectors of symmetric matrices as columns, in the order of `eigvalsh`; each up to its sign.

    `top`: only those of so many of the largest eigenvalues.

    Equal eigenvalues have no eigenvectors of their own, and these no gradient: it is inf or nan.

    Example:
        >>> np.abs(eigenvectors(np.array([[2.0, 1.0], [1.0, 2.0]]))).round(6)
        array([[0.707107, 0.707107],
               [0.707107, 0.707107]])
    """
    return np.linalg.eigh(_symmetric(x))[1][..., x.shape[-1] - _count(x, top) :]


@by_any_name
def eigh(x: Any, UPLO: str = "L") -> EighResult:
    """The eigenvalues of symmetric matrices in ascending order, and the eigenvectors as columns.

    `UPLO` is there for NumPy's sake: both triangles are read.

    Raises:
        MicrogradValueError: If UPLO is neither "L" nor "U".

    Example:
        >>> values, vectors = eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))
        >>> values
        array([1., 3.])
    """
    _check_triangle("eigh", UPLO)
    x = as_operand("eigh", x)
    return EighResult(eigvalsh(x), eigenvectors(x))


@by_any_name
def svdvals(x: Any) -> Any:
    """The singular values of matrices in descending order: shape (..., min(n, m)).

    They are the largest eigenvalues of the symmetric matrix [[0, x], [x^T, 0]], which has x's own condition, unlike
    x^T x (Jordan 1874, Wielandt).

    Raises:
        MicrogradValueError: If x has fewer than two axes.

    Example:
        >>> svdvals(np.array([[3.0, 0.0], [0.0, 4.0]]))
        array([4., 3.])
    """
    x = as_operand("svdvals", x)
    if x.ndim < 2:
        raise MicrogradValueError(
            f"svdvals() of an array of shape {tuple(x.shape)}: it takes matrices, of two axes or more. Write "
            "x[None, :] for a matrix of one row."
        )
    *batch, n, m = x.shape
    above = concatenate([np.zeros((*batch, n, n), dtype=x.dtype), x], axis=-1)
    below = concatenate([transposed(x), np.zeros((*batch, m, m), dtype=x.dtype)], axis=-1)
    return flip(eigvalsh(concatenate([above, below], axis=-2), top=min(n, m)), axis=-1)
