"""Determinants. Their gradients are right for singular matrices too, where `det * inv(x).T` has no value.

The gradient of det is the matrix of cofactors, a polynomial in the elements. It is computed here from the singular
value decomposition x = U diag(s) V^T, where the cofactors are det(U) det(V) U diag(p) V^T with p[i] the product of all
s but s[i]: nothing is divided by.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.linear_algebra.inverses import inv
from micrograd.engine.ops.linear_algebra.products import transposed
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _spread(number: Any) -> Any:
    """One number for each matrix, to multiply the matrices by."""
    return number[..., None, None]


def _dotted(x: Any, y: Any) -> Any:
    return _spread(sum(x * y, axis=(-2, -1)))


@primitive(lambda g, out, x: _spread(g) * cofactors(x))
def det(x):
    """The determinants of square matrices.

    Raises:
        MicrogradValueError: If one isn't square.

    Example:
        >>> round(float(det(np.array([[1.0, 2.0], [3.0, 4.0]]))), 12)
        -2.0
    """
    return np.linalg.det(x)


@primitive(lambda g, out, x: cofactor_change(g, x))
def cofactors(x):
    """The cofactors of square matrices, det(x) * inv(x).T: the gradient of `det`.

    Example:
        >>> cofactors(np.array([[1.0, 0.0], [0.0, 0.0]])).round(12) + 0.0
        array([[0., 0.],
               [0., 1.]])
    """
    left, s, right, orientation = _decomposed(x)
    return orientation * ((left * _products_of_others(s)[..., None, :]) @ right)


def _to_changed_matrix(g: Any, out: Any, change: Any, x: Any) -> Any:
    """The third derivative of det, by the inverse: of a singular matrix there is none here, and `inv` says so."""
    b, gt, ht = transposed(inv(x)), transposed(g), transposed(change)
    bgb, bhb = b @ gt @ b, b @ ht @ b
    by_g, by_h = _dotted(g, b), _dotted(change, b)
    twice = (by_g * by_h - _dotted(change, bgb)) * b - by_h * bgb - by_g * bhb
    return _spread(det(x)) * (twice + bgb @ ht @ b + bhb @ gt @ b)


# By symmetry of second derivatives, this linear map is its own transpose.
@primitive(lambda g, out, change, x: cofactor_change(g, x), _to_changed_matrix)
def cofactor_change(change, x):
    """How the cofactors of x move if x moves by `change`: the second derivative of `det`.

    Example:
        >>> cofactor_change(np.eye(2), np.zeros((2, 2)))
        array([[1., 0.],
               [0., 1.]])
    """
    left, s, right, orientation = _decomposed(x)
    turned = left.mT @ change @ right.mT
    n = s.shape[-1]
    but_one = np.where(np.eye(n, dtype=bool), 1.0, s[..., None, :])
    pairs = _products_of_others(but_one) * (1.0 - np.eye(n, dtype=s.dtype))
    moved = -turned.mT * pairs
    moved[..., range(n), range(n)] = (pairs @ turned.diagonal(axis1=-2, axis2=-1)[..., None])[..., 0]
    return orientation * (left @ moved @ right)


def _decomposed(x):
    """U, s, V^T and det(U) det(V) of x = U diag(s) V^T."""
    left, s, right = np.linalg.svd(x)
    return left, s, right, np.sign(np.linalg.det(left) * np.linalg.det(right))[..., None, None]


def _products_of_others(s):
    """For each element, the product of all others along the last axis, from both sides and without division."""
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], axis=-1), axis=-1)
    behind = np.cumprod(np.concatenate([ones, s[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return before * behind


# ---- sign and logarithm ------------------------------------------------------------------------------------


class SlogdetResult(NamedTuple):
    """What `slogdet` returns: det(x) = sign * exp(logabsdet)."""

    sign: Any
    logabsdet: Any


@primitive(lambda g, out, x: _spread(g) * transposed(inv(x)))
def logabsdet(x):
    """log(|det(x)|) of square matrices, without overflow; -inf of a singular one, which has no gradient.

    Example:
        >>> round(float(logabsdet(np.diag([1e200, 1e200]))), 6)
        921.034037
    """
    return np.linalg.slogdet(x)[1]


@primitive()
def detsign(x):
    """The sign of the determinants of square matrices, -1, 0 or 1.

    Example:
        >>> float(detsign(np.array([[0.0, 1.0], [1.0, 0.0]])))
        -1.0
    """
    return np.linalg.slogdet(x)[0]


@by_any_name
def slogdet(x: Any) -> SlogdetResult:
    """The sign and the logarithm of the absolute value of the determinants of square matrices.

    Raises:
        MicrogradValueError: If one isn't square; in `backward()`, if it is singular.

    Example:
        >>> sign, logabsdet = slogdet(np.diag([1e200, -1e200]))
        >>> float(sign), round(float(logabsdet), 6)
        (-1.0, 921.034037)
    """
    return SlogdetResult(detsign(x), logabsdet(x))
