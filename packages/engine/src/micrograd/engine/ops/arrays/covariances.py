"""How variables move together: covariances and correlations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.diagonals import diagonal
from micrograd.engine.ops.arrays.indexing import plain
from micrograd.engine.ops.arrays.joining import concatenate
from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import permute_dims, reshape, squeeze, sum
from micrograd.engine.ops.choices import maximum
from micrograd.engine.ops.elementwise import sqrt
from micrograd.engine.ops.linear_algebra.products import matmul, transposed
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: float | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """The covariances of variables, sum((x - mean(x)) (y - mean(y))) / (n - ddof).

    Args:
        m: One variable in each row, shape (variables, n), or a single one, shape (n,).
        y: More variables, in the same form.
        rowvar: False for a variable in each column.
        bias: Whether to divide by n rather than n - 1.
        ddof: By how much less than n to divide, whatever `bias` says.
        fweights: How often each observation counts, shape (n,).
        aweights: How much each observation counts, shape (n,); they get a gradient, too. With weights, n is their sum,
            and ddof is multiplied by the mean of `aweights`, each taken as often as it counts.
        dtype: In which to compute, by default float64, as in NumPy.

    Returns:
        Shape (variables, variables); a single number for a single variable.

    Raises:
        MicrogradTypeError: If `fweights` aren't integers.
        MicrogradValueError: If there are more than two axes, not as many weights as observations, or some less than 0.

    Example:
        >>> cov(np.array([[1.0, 2.0, 3.0], [1.0, 0.0, -1.0]]))
        array([[ 1., -1.],
               [-1.,  1.]])
    """
    x = _rows("cov", m, rowvar)
    x = concatenate([x] if y is None else [x, _rows("cov", y, rowvar)], dtype=float if dtype is None else dtype)
    fewer = float(not bias) if ddof is None else ddof
    if fweights is None and aweights is None:
        deviations = x - mean(x, axis=1, keepdims=True)
        return squeeze(matmul(deviations, transposed(deviations)) / max(x.shape[1] - fewer, 0.0))
    times, shares = _counts(fweights, x.shape[1]), _weights("aweights", aweights, x.shape[1])
    weights = times * shares
    total = sum(weights)
    deviations = x - sum(weights * x, axis=1, keepdims=True) / total
    count = total - fewer * sum(weights * shares) / total
    return squeeze(matmul(weights * deviations, transposed(deviations)) / maximum(count, 0.0))


def _counts(given: Any, count: int) -> Any:
    """How often each observation counts, as integers from 0 on."""
    times = _weights("fweights", None if given is None else plain(given), count)
    if times.dtype.kind not in "biu" and not np.array_equal(times, np.round(times)):
        raise MicrogradTypeError("cov(fweights=...) takes integers: how often each observation counts. See aweights.")
    return times


def _weights(name: str, given: Any, count: int) -> Any:
    """A weight for each observation, 1 if none are given."""
    weights = np.ones(count) if given is None else as_operand("cov", given)
    if tuple(weights.shape) != (count,):
        raise MicrogradValueError(
            f"cov({name}=...) of shape {tuple(weights.shape)} for {count} observations: it takes one for each, "
            f"shape ({count},)"
        )
    numbers = getattr(weights, "_data", weights)  # of a tracer they aren't known
    if isinstance(numbers, np.ndarray) and (numbers < 0).any():
        raise MicrogradValueError(f"cov({name}=...): an observation counts at least 0, but one was given less")
    return weights


def _rows(function: str, x: Any, rowvar: bool) -> Any:
    """A variable in each row."""
    x = as_operand(function, x)
    if x.ndim > 2:
        raise MicrogradValueError(f"{function}() of shape {tuple(x.shape)}: variables lie in the rows of one matrix")
    if x.ndim < 2:
        return reshape(x, shape=(1, math.prod(x.shape)))
    return x if rowvar else permute_dims(x)


@by_any_name
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """Pearson's coefficients of correlation: the covariances of variables scaled to a deviation of 1, see `cov`.

    Example:
        >>> corrcoef(np.array([[1.0, 2.0, 3.0], [1.0, 0.0, -1.0]])).round(6)
        array([[ 1., -1.],
               [-1.,  1.]])
    """
    covariances = cov(x, y, rowvar, dtype=dtype)
    if not covariances.ndim:
        return covariances / covariances
    deviations = sqrt(diagonal(covariances))
    return covariances / deviations / reshape(deviations, shape=(-1, 1))
