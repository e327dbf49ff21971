"""Factors of matrices that need not be square: QR, singular vectors, and the pseudoinverse."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.diagonals import tril, triu
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.linear_algebra.decompositions import svdvals
from micrograd.engine.ops.linear_algebra.inverses import solve
from micrograd.engine.ops.linear_algebra.products import transposed
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _matrices(function: str, x: Any) -> Any:
    x = as_operand(function, x)
    if x.ndim < 2:
        raise MicrogradValueError(
            f"{function}() of an array of shape {tuple(x.shape)}: it takes matrices, of two axes or more. Write "
            "x[:, None] for a matrix of one column."
        )
    return x if x.dtype.kind == "f" else x * 1.0


# ---- QR ----------------------------------------------------------------------------------------------------


class QRResult(NamedTuple):
    """What `qr` returns."""

    Q: Any
    R: Any


def _to_columns(g: Any, out: Any, x: Any) -> Any:
    """(g + Q S) R^-T, where S is symmetric with the lower triangle of -g^T Q (Walter & Lehmann 2018)."""
    below = tril(-(transposed(g) @ out))
    turned = g + out @ (below + transposed(tril(below, k=-1)))
    return transposed(solve(triu(transposed(out) @ x), transposed(turned)))


@primitive(_to_columns)
def orthonormal(x):
    """The orthonormal columns Q of x = Q R, for x with at least as many rows as columns: Gram and Schmidt's.

    Example:
        >>> np.abs(orthonormal(np.array([[3.0], [4.0]])))
        array([[0.6],
               [0.8]])
    """
    return np.linalg.qr(x)[0]


@by_any_name
def qr(x: Any, mode: str = "reduced") -> Any:
    """The factors of x = Q R: Q of orthonormal columns, R of zeros below the diagonal.

    Args:
        x: Matrices, shape (..., n, m); the first min(n, m) columns must be independent for a gradient.
        mode: "reduced" for Q of shape (..., n, k) and R of (..., k, m), k = min(n, m); "r" for R alone; "complete"
            where that is the same, n <= m.

    Raises:
        MicrogradValueError: If there is no such mode, or x is no matrix.

    Example:
        >>> Q, R = qr(np.array([[3.0, 1.0], [4.0, 2.0]]))
        >>> bool(np.allclose(Q @ R, [[3.0, 1.0], [4.0, 2.0]]))
        True

    Reference:
        S. F. Walter & L. Lehmann, Algorithmic differentiation of linear algebra functions with application in optimum
        experimental design, 2010, arXiv:1001.1654.
    """
    x = _matrices("qr", x)
    n, m = x.shape[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and n <= m):
        raise MicrogradValueError(
            f"qr(mode={mode!r}) of shape {tuple(x.shape)}: take 'reduced' or 'r'. The columns beyond those of x, which "
            "'complete' adds, are anybody's choice, and have no gradient."
        )
    columns = orthonormal(x if n >= m else getitem(x, index=(..., slice(n))))
    upper = triu(transposed(columns) @ x)
    return upper if mode == "r" else QRResult(columns, upper)


# ---- singular vectors --------------------------------------------------------------------------------------


class SVDResult(NamedTuple):
    """What `svd` returns."""

    U: Any
    S: Any
    Vh: Any


def _skew(x: Any) -> Any:
    return x - transposed(x)


def _beside(g: Any, vectors: Any) -> Any:
    """What of g points out of the space of the vectors."""
    return g - vectors @ (transposed(vectors) @ g)


def _to_rectangle(g: Any, out: Any, x: Any) -> Any:
    """From U above V; each vector turns towards the others, the faster the closer their singular values are."""
    n, k = x.shape[-2], min(x.shape[-2:])
    (u, v), (gu, gv) = (
        [getitem(both, index=(..., part, slice(None))) for part in (slice(n), slice(n, None))] for both in (out, g)
    )
    values = svdvals(x)
    row, column = values[..., None, :], values[..., :, None]
    itself = np.eye(k, dtype=bool)
    rates = where(itself, 0.0, 1.0 / where(itself, 1.0, (row - column) * (row + column)))
    inside = rates * _skew(transposed(u) @ gu) * row + column * rates * _skew(transposed(v) @ gv)
    outside = (_beside(gu, u) / row) @ transposed(v) + u @ transposed(_beside(gv, v) / row)
    return u @ inside @ transposed(v) + outside


@primitive(_to_rectangle)
def singular_vectors(x):
    """The left singular vectors of matrices (n, m) above the right ones, as columns: shape (..., n + m, min(n, m)).

    Each pair is determined up to a common sign. Equal singular values have no vectors of their own, and these no
    gradient, nor has that of 0: it is inf or nan.

    Example:
        >>> np.abs(singular_vectors(np.array([[3.0], [4.0]])))
        array([[0.6],
               [0.8],
               [1. ]])
    """
    u, _, vh = np.linalg.svd(x, full_matrices=False)
    return np.concatenate([u, transposed(vh)], axis=-2)


@by_any_name
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """The factors of x = U diag(S) Vh, by descending singular values S.

    Args:
        x: Matrices, shape (..., n, m).
        full_matrices: Must be False unless the matrices are square: U has then shape (..., n, k) and Vh (..., k, m),
            where k = min(n, m).
        compute_uv: False for the singular values alone, as `svdvals`.
        hermitian: There for NumPy's sake, and changes nothing.

    Raises:
        MicrogradValueError: If full matrices are asked of one that isn't square, or x is no matrix.

    Example:
        >>> svd(np.array([[3.0, 0.0], [0.0, 4.0]])).S
        array([4., 3.])

    Reference:
        J. Townsend, Differentiating the singular value decomposition, 2016.
    """
    x = _matrices("svd", x)
    if not compute_uv:
        return svdvals(x)
    n, m = x.shape[-2:]
    if full_matrices and n != m:
        raise MicrogradValueError(
            f"svd() of shape {tuple(x.shape)}: the vectors beyond the first {min(n, m)} are anybody's choice, and have "
            "no gradient. Write svd(x, full_matrices=False)."
        )
    both = singular_vectors(x)
    u, v = (getitem(both, index=(..., part, slice(None))) for part in (slice(n), slice(n, None)))
    return SVDResult(u, svdvals(x), transposed(v))


# ---- the pseudoinverse -------------------------------------------------------------------------------------


def _to_inverted(g: Any, out: Any, x: Any, rcond: float | None, hermitian: bool) -> Any:
    """-P^T g P^T, and what follows from x not being square (Golub & Pereyra 1973)."""
    g, turned = transposed(g), transposed(out)
    received = -(turned @ transposed(g) @ turned)
    right, left = g @ out @ turned, turned @ out @ g
    return received + (right - x @ out @ right) + (left - left @ out @ x)


@primitive(_to_inverted)
def pinv(x, rcond=None, hermitian=False):
    """The pseudoinverses P of matrices: P @ b is the shortest of those y that come closest to x @ y = b.

    `rcond`: singular values below this part of the largest count as 0; by default what NumPy takes.
    `hermitian`: whether the matrices are known to be symmetric, which is faster. The gradient is that among matrices of
    the same rank.

    Example:
        >>> pinv(np.array([[1.0], [1.0]]))
        array([[0.5, 0.5]])

    Reference:
        G. H. Golub & V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose
        variables separate, SIAM Journal on Numerical Analysis 10 (1973).
    """
    if rcond is None:
        return np.linalg.pinv(x, hermitian=hermitian)
    return np.linalg.pinv(x, rcond, hermitian)
