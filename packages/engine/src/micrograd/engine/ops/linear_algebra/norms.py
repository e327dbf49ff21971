"""Norms of vectors and matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.reductions import all, any, counted, max, min
from micrograd.engine.ops.arrays.shapes import moveaxis, restored, sum
from micrograd.engine.ops.choices import abs, isfinite, isnan, sign, where
from micrograd.engine.ops.linear_algebra.decompositions import svdvals
from micrograd.engine.ops.linear_algebra.determinants import slogdet
from micrograd.engine.ops.linear_algebra.inverses import inv
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

Axes = int | tuple[int, ...] | None


def _to_components(g: Any, out: Any, x: Any, ord: float, axis: Any, keepdims: bool) -> Any:
    """g * sign(x) * (|x| / norm)**(ord - 1), and 0 where the norm is 0 and has no slope."""
    length = restored(out, x, axis, keepdims)
    # 1 stands in for what is 0, so that neither 0/0 nor 0**-0.5 is computed beside the 0 that is meant.
    positive = where(length == 0, 1.0, length)
    incoming = where(length == 0, 0.0, restored(g, x, axis, keepdims))
    if ord == 2:
        return incoming / positive * x
    return incoming * sign(x) * where(x == 0, 1.0, abs(x) / positive) ** (ord - 1.0)


@primitive(_to_components)
def power_norm(x, ord=2, axis=None, keepdims=False):
    """sum(|x|**ord)**(1/ord), for any ord but 0 and infinity. See `vector_norm`.

    Example:
        >>> float(power_norm(np.array([3.0, 4.0])))
        5.0
    """
    if ord == 2:
        return np.sqrt(np.add.reduce(x * x, axis=axis, keepdims=keepdims))
    return np.add.reduce(np.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1.0 / ord)


@by_any_name
def vector_norm(x: Any, ord: Any = 2, axis: Axes = None, keepdims: bool = False) -> Any:
    """The length of vectors, sum(|x|**ord)**(1/ord).

    For ord inf and -inf the largest and smallest |x|, for 0 the number of elements that aren't 0. Where the norm is 0
    its gradient is 0 (a subgradient), as in PyTorch.

    Args:
        x: An array.
        ord: The exponent.
        axis: The axis or axes of the vectors; None for all.
        keepdims: Whether to keep them as axes of length 1.

    Raises:
        MicrogradTypeError: If `ord` is no number.

    Example:
        >>> float(vector_norm(np.array([3.0, 4.0])))
        5.0
    """
    x = _as_floats("vector_norm", x)
    if not isinstance(ord, (int, float, np.integer, np.floating)):
        raise MicrogradTypeError(
            f"vector_norm(ord={ord!r}): it is a number, 2 for the length. Write vector_norm(x, ord=2)."
        )
    if ord == 0:
        return sum(where(x != 0, 1.0, sign(x)), axis=axis, keepdims=keepdims)  # so that its gradient is 0, not none
    if ord == 1:
        return sum(abs(x), axis=axis, keepdims=keepdims)
    if math.isinf(ord):
        return (_largest if ord > 0 else min)(abs(x), axis=axis, keepdims=keepdims)
    return power_norm(x, ord=ord, axis=axis, keepdims=keepdims)


def _largest(x: Any, axis: Any, keepdims: bool = False) -> Any:
    """The largest of numbers that aren't negative; 0 of none."""
    return max(x, axis=axis, keepdims=keepdims, **({} if counted(x, axis) else {"initial": 0.0}))


def _as_floats(function: str, x: Any) -> Any:
    x = as_operand(function, x)
    return x if x.dtype.kind == "f" else x * 1.0


@by_any_name
def matrix_norm(x: Any, ord: float | str = "fro", axis: tuple[int, int] = (-2, -1), keepdims: bool = False) -> Any:
    """The norm of matrices.

    Args:
        x: An array of at least two axes.
        ord: "fro", the root of the sum of squares; "nuc", the sum of the singular values; 2 and -2, the largest and the
            smallest of them; 1 and -1, the largest and smallest sum of |x| of a column; inf and -inf, of a row.
        axis: The axes of the rows and the columns.
        keepdims: Whether to keep them as axes of length 1.

    Raises:
        MicrogradValueError: If `ord` is anything else.

    Example:
        >>> float(matrix_norm(np.array([[3.0, 0.0], [0.0, 4.0]]), ord="nuc"))
        7.0
    """
    x = _as_floats("matrix_norm", x)
    rows, columns = as_axes("matrix_norm", axis, x.ndim)
    if ord in ("fro", "f"):
        return power_norm(x, axis=(rows, columns), keepdims=keepdims)
    if ord in (1, -1, math.inf, -math.inf):
        summed, compared = (rows, columns) if ord in (1, -1) else (columns, rows)
        sums = sum(abs(x), axis=summed, keepdims=True)
        found = (_largest if ord > 0 else min)(sums, axis=(summed, compared))
    elif ord in ("nuc", 2, -2):
        singular = svdvals(moveaxis(x, (rows, columns), (-2, -1)))
        found = sum(singular, axis=-1) if ord == "nuc" else (_largest if ord == 2 else min)(singular, axis=-1)
    else:
        raise MicrogradValueError(f"matrix_norm(ord={ord!r}): take 'fro', 'nuc', 1, -1, 2, -2, inf or -inf")
    return restored(found, x, (rows, columns), False) if keepdims else found


@by_any_name
def cond(x: Any, p: float | str | None = None) -> Any:
    """The condition numbers of matrices: by how much solving x y = b can enlarge a relative error of b.

    Args:
        x: An array of at least two axes.
        p: The norm, see `matrix_norm`, of x times that of its inverse; for None and 2 the largest singular value
            divided by the smallest, of matrices of any shape; for -2 the smallest by the largest.

    Returns:
        One number for each matrix, inf for one that is singular or holds an infinity, nan for one that holds nan.

    Raises:
        MicrogradValueError: If there is no such norm, a matrix is empty, or for other norms not square.

    Example:
        >>> float(cond(np.array([[4.0, 0.0], [0.0, 0.5]])))
        8.0
    """
    x = _as_floats("cond", x)
    if x.ndim < 2 or not math.prod(x.shape[-2:]):
        raise MicrogradValueError(f"cond() of shape {tuple(x.shape)}: it takes matrices that aren't empty")
    is_unknown = any(isnan(x), axis=(-2, -1))
    x = where(all(isfinite(x), axis=(-2, -1), keepdims=True), x, 0.0)  # of which the decompositions make nothing
    if p in (None, 2, -2):
        singular = svdvals(x)
        largest, smallest = max(singular, axis=-1), min(singular, axis=-1)
        number = smallest / largest if p == -2 else largest / smallest
    else:
        is_singular = slogdet(x).sign == 0
        inverse = inv(where(is_singular[..., None, None], np.eye(x.shape[-1], dtype=x.dtype), x))
        number = where(is_singular, math.inf, matrix_norm(x, p) * matrix_norm(inverse, p))
    return where(is_unknown, math.nan, where(number == number, number, math.inf))


@by_any_name
def norm(
    x: Any,
    ord: float | str | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """NumPy's norm: of vectors if `axis` is one axis, of matrices if it is a pair.

    Args:
        x: An array.
        ord: Which norm, see `vector_norm` and `matrix_norm`; None for the root of the sum of squares.
        axis: One axis, a pair, or None: all of x, as a vector if `ord` is None or x has one axis, else as a matrix.
        keepdims: Whether to keep the axes as axes of length 1.

    Raises:
        MicrogradValueError: If `ord` is none of theirs, or x has too many axes for it.

    Example:
        >>> float(norm(np.array([[3.0], [4.0]])))
        5.0
    """
    x = as_operand("norm", x)
    if ord is None:
        return vector_norm(x, 2, axis, keepdims)
    axes = as_axes("norm", tuple(range(x.ndim)) if axis is None else axis, x.ndim)
    if len(axes) == 2:
        return matrix_norm(x, ord, (axes[0], axes[1]), keepdims)
    if len(axes) != 1 or isinstance(ord, str):
        raise MicrogradValueError(
            f"norm(ord={ord!r}, axis={axis}) of shape {tuple(x.shape)}: a vector's norm has one axis and a number as "
            "ord, a matrix's two axes; say which by axis"
        )
    return vector_norm(x, ord, axes[0], keepdims)
