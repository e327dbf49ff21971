"""Softmax and its logarithm, shifted by the largest element so that nothing overflows."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.elementwise import exp
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.along_axis import below, largest, normal_axis, places, total, with_axis
from micrograd.engine.ops.neural.checks import require_floats
from micrograd.engine.ops.op import primitive


def softmax_rule(g: Any, out: Any, x: Any, axis: int) -> Any:
    """What reaches x when g arrives at the probabilities `out`."""
    return out * (g - sum(g * out, axis=axis, keepdims=True))


@primitive(softmax_rule)
def softmax(x, axis=-1):
    """e**x divided by its sum along an axis: positive numbers that add up to 1; with `dtype`, of x in that one.

    Example:
        >>> softmax(np.array([0.0, np.log(3.0)]))
        array([0.25, 0.75])
    """
    require_floats("softmax", input=x)
    axis = normal_axis(x, axis)
    grown = np.asarray(below(x, largest(x, axis)))
    np.exp(grown, out=grown)
    grown /= total(grown, axis)
    return grown


@softmax.extended
def _softmax_in(x, axis=-1, dtype=None):
    return softmax(x if dtype is None else astype(x, dtype=dtype), axis=axis)


@by_any_name
def softmin(x: Any, axis: int = -1, dtype: Any = None) -> Any:
    """softmax(-x): the smallest element has the largest share; with `dtype`, of x in that one.

    Example:
        >>> softmin(np.array([0.0, np.log(3.0)]))
        array([0.75, 0.25])
    """
    return softmax(-(x if dtype is None else astype(x, dtype=dtype)), axis=axis)


@primitive(softmax_rule)
def masked_softmax(x, axis=-1):
    """Softmax where -inf means "not there", so that it is 0 (not nan) where nothing is there.

    Example:
        >>> masked_softmax(np.array([[0.0, -np.inf], [-np.inf, -np.inf]]))
        array([[1., 0.],
               [0., 0.]])
    """
    axis = normal_axis(x, axis)
    peak = largest(x, axis)
    peak[peak == -np.inf] = 0
    grown = below(x, peak)
    np.exp(grown, out=grown)
    whole = total(grown, axis)
    whole[whole == 0] = 1
    grown /= whole
    return grown


@primitive(lambda g, out, x, axis: g - exp(out) * sum(g, axis=axis, keepdims=True))
def log_softmax(x, axis=-1):
    """log(softmax(x)), which neither overflows nor loses digits: not even of a probability close to 1.

    With `dtype`, of x in that one.

    Example:
        >>> log_softmax(np.array([0.0, 50.0]))
        array([-5.00000000e+01, -1.92874985e-22])
    """
    require_floats("log_softmax", input=x)
    axis = normal_axis(x, axis)
    if x.ndim == 0:
        return x - x
    if x.size == 0:
        return x + 0.0
    peak = places(x.argmax(axis=axis), axis, x.shape[axis])
    shifted = below(x, with_axis(x.take(peak), axis))
    grown = np.exp(shifted)
    grown.put(peak, 0)  # e**0 = 1 of the largest itself, which log1p adds: a tiny sum of the others isn't lost
    shifted -= np.log1p(total(grown, axis))
    return shifted


@log_softmax.extended
def _log_softmax_in(x, axis=-1, dtype=None):
    return log_softmax(x if dtype is None else astype(x, dtype=dtype), axis=axis)
