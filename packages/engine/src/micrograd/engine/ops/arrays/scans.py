"""Running sums and products along an axis, sums of exponentials, and `prod`, whose gradient needs them.

The gradient of a product is the product of all the others. Written as `out / x` it is nan wherever an element is 0;
here it is multiplied up from both sides instead, which is right for any number of zeros, and to any order.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_axis, as_operand
from micrograd.engine.ops.arrays.casting import real_dtype
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.arrays.joining import concatenate_op
from micrograd.engine.ops.arrays.masking import chosen
from micrograd.engine.ops.arrays.rearranging import flip
from micrograd.engine.ops.arrays.shapes import gathered, ravel, reshape, restored, ungathered
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.elementwise import exp
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import Op, primitive


def _reversed_cumsum(g: Any, x: Any, axis: int | None) -> Any:
    """The sum of g from each element to the end: an element goes into its own running sum and all later ones."""
    along = 0 if axis is None else axis
    return reshape(flip(cumsum(flip(g, axis=along), axis=along), axis=along), shape=x.shape)


@primitive(lambda g, out, x, axis, dtype: _reversed_cumsum(g, x, axis))
def cumsum(x, axis=None, dtype=None):
    """The running sum along an axis; of the flattened array if that is None.

    Example:
        >>> cumsum(np.array([1.0, 2.0, 3.0]))
        array([1., 3., 6.])
    """
    return np.cumsum(x, axis=axis, dtype=None if dtype is None else real_dtype(dtype))


# ---- sums of exponentials ------------------------------------------------------------------------------------


def _to_running_exponents(g: Any, out: Any, x: Any, axis: int | None) -> Any:
    """The sum over all j from i on of g[j] exp(x[i] - out[j]), as a recurrence in factors that are at most 1."""
    along = 0 if axis is None else axis
    exponents = x if axis is not None and x.ndim else ravel(x)
    decays = exp(_difference(_delayed(out, along, -math.inf), out))
    return reshape(exp(_difference(exponents, out)) * _adjoint(g, decays, along), shape=x.shape)


def _difference(x: Any, y: Any) -> Any:
    """x - y, and -inf where both are -inf."""
    return x - where(y == -math.inf, 0.0, y)


@primitive(_to_running_exponents)
def logcumsumexp(x, axis=None):
    """log(cumsum(exp(x))) along an axis, of the flattened array if that is None; without overflow.

    Example:
        >>> logcumsumexp(np.array([1000.0, 1000.0]))
        array([1000.        , 1000.69314718])
    """
    x = np.asarray(x)
    return np.logaddexp.accumulate(x.reshape(-1) if axis is None or not x.ndim else x, axis=axis or 0)


# ---- linear recurrences ------------------------------------------------------------------------------------


def _delayed(x: Any, axis: int, first: float) -> Any:
    """x one place later along an axis: [x0, x1, x2] -> [first, x0, x1]."""
    before = (slice(None),) * (axis % len(x.shape))
    border = np.full([1 if i == len(before) else n for i, n in enumerate(x.shape)], first, dtype=x.dtype)
    return getitem(concatenate_op(border, x, axis=axis), index=(*before, slice(x.shape[axis])))


def _adjoint(g: Any, a: Any, axis: int) -> Any:
    """From the last to the first, r[i] = g[i] + a[i + 1] * r[i + 1]: all that follows from the i-th element."""
    return flip(recurrence(_delayed(flip(a, axis=axis), axis, 0.0), flip(g, axis=axis), axis=axis), axis=axis)


@primitive(
    lambda g, out, a, b, axis: _adjoint(g, a, axis) * _delayed(out, axis, 0.0),
    lambda g, out, a, b, axis: _adjoint(g, a, axis),
)
def recurrence(a, b, axis=-1):
    """The sequence y[i] = a[i] * y[i - 1] + b[i] along an axis, from y[-1] = 0; a and b have one shape.

    Computed by doubling (Hillis and Steele, 1986): after k rounds each y holds its last 2**k terms.

    Example:
        >>> recurrence(np.array([0.0, 2.0, 2.0]), np.array([1.0, 1.0, 1.0]))
        array([1., 3., 7.])
    """
    factors, y = np.moveaxis(np.array(a), axis, 0), np.moveaxis(np.array(b), axis, 0)
    step = 1
    while step < len(y):
        y[step:] += factors[step:] * y[:-step]
        factors[step:] *= factors[:-step].copy()
        step *= 2
    return np.moveaxis(y, 0, axis)


# ---- products ----------------------------------------------------------------------------------------------


def _to_running_factors(g: Any, out: Any, x: Any, axis: int | None, dtype: Any) -> Any:
    """To each factor: the product of those before it, times what follows from it."""
    along = 0 if axis is None else axis
    factors = x if axis is not None and x.ndim else ravel(x)
    return reshape(_adjoint(g, factors, along) * _delayed(out, along, 1.0), shape=x.shape)


@primitive(_to_running_factors)
def cumprod(x, axis=None, dtype=None):
    """The running product along an axis; of the flattened array if that is None.

    Example:
        >>> cumprod(np.array([1.0, 2.0, 3.0]))
        array([1., 2., 6.])
    """
    return np.cumprod(x, axis=axis, dtype=None if dtype is None else real_dtype(dtype))


def _to_factors(g: Any, out: Any, x: Any, axis: Any, keepdims: bool, dtype: Any) -> Any:
    """To each factor: the product of those before it and of those behind it."""
    axes = tuple(range(x.ndim)) if axis is None or not x.ndim else as_axes("prod", axis, x.ndim)
    factors = gathered(x, axes)
    before = _delayed(cumprod(factors, axis=-1), -1, 1.0)
    behind = flip(_delayed(cumprod(flip(factors, axis=-1), axis=-1), -1, 1.0), axis=-1)
    return restored(g, x, axis, keepdims) * ungathered(before * behind, axes, x.shape)


@primitive(_to_factors)
def prod(x, axis=None, keepdims=False, dtype=None):
    """The product over one axis, several (a tuple) or all (None); 1 over nothing.

    With `initial`, a further factor, and `where`, a mask of what counts, as in NumPy.

    Example:
        >>> prod(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
        array([ 2., 12.])
    """
    return np.multiply.reduce(x, axis=axis, dtype=None if dtype is None else real_dtype(dtype), keepdims=keepdims)


@prod.extended
def _prod_of_some(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    product = prod(chosen("prod", x, where, 1), axis=axis, dtype=dtype, keepdims=keepdims)
    return product if initial is None else product * initial


# ---- by the names of the array API standard ---------------------------------------------------------------------


@by_any_name
def cumulative_sum(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """`cumsum` along an axis, which must be said if there are several; with `include_initial`, a 0 before it.

    Raises:
        MicrogradValueError: If there are several axes and none is given.

    Example:
        >>> cumulative_sum(np.array([1.0, 2.0, 3.0]), include_initial=True)
        array([0., 1., 3., 6.])
    """
    return _cumulative("cumulative_sum", cumsum, 0, x, axis, dtype, include_initial)


@by_any_name
def cumulative_prod(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """`cumprod` along an axis, which must be said if there are several; with `include_initial`, a 1 before it.

    Raises:
        MicrogradValueError: If there are several axes and none is given.

    Example:
        >>> cumulative_prod(np.array([1.0, 2.0, 3.0]), include_initial=True)
        array([1., 1., 2., 6.])
    """
    return _cumulative("cumulative_prod", cumprod, 1, x, axis, dtype, include_initial)


def _cumulative(name: str, running: Op, first: int, x: Any, axis: int | None, dtype: Any, include_initial: bool) -> Any:
    x = as_operand(name, x)
    if axis is None and x.ndim > 1:
        raise MicrogradValueError(f"{name}() of shape {tuple(x.shape)}: along which axis? Write axis=0.")
    along = as_axis(name, 0 if axis is None else axis, max(x.ndim, 1))
    out = running(x, axis=along, dtype=dtype)
    if not include_initial:
        return out
    start = np.full([1 if i == along else n for i, n in enumerate(out.shape)], first, dtype=out.dtype)
    return concatenate_op(start, out, axis=along)
