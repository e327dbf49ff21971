"""Straight lines between points that are known: NumPy's `interp`."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.indexing import getitem, take
from micrograd.engine.ops.arrays.joining import concatenate
from micrograd.engine.ops.arrays.sorting import argsort
from micrograd.engine.ops.choices import clip, where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


@primitive()
def last_knot(x, knots):
    """The place of the last of ascending knots that isn't above x; 0 where x is below all.

    Example:
        >>> last_knot(np.array([0.5, 2.0, -1.0]), np.array([0.0, 1.0, 2.0]))
        array([0, 2, 0])
    """
    if not np.all(knots[1:] >= knots[:-1]):
        raise MicrogradValueError("interp(): xp must ascend. Sort it: order = np.argsort(xp); xp[order], fp[order].")
    return np.maximum(np.searchsorted(knots, x, side="right") - 1, 0)


@by_any_name
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: float | None = None) -> Any:
    """The function through the points (xp, fp) that is straight between them, at x.

    x, xp and fp get gradients; at a point, x has the slope of the line to the right of it.

    Args:
        x: Where to evaluate, of any shape.
        xp: The places of the points, ascending, shape (n,).
        fp: The values there, shape (n,).
        left: The value below all points; the first of fp if None.
        right: The value above all points; the last of fp if None.
        period: The period of the function; xp may then be in any order, and left and right don't count.

    Returns:
        Of x's shape, in float64.

    Raises:
        MicrogradValueError: If there are no points, xp and fp differ in shape, xp doesn't ascend, or the period is 0.

    Example:
        >>> interp(np.array([0.25, 5.0]), np.array([0.0, 1.0]), np.array([10.0, 20.0]))
        array([12.5, 20. ])
    """
    x, xp, fp = (_as_float64(operand) for operand in (x, xp, fp))
    if xp.ndim != 1 or tuple(xp.shape) != tuple(fp.shape) or not xp.shape[0] or period == 0:
        raise MicrogradValueError(
            f"interp(period={period}) of points of shapes {tuple(xp.shape)} and {tuple(fp.shape)}: xp and fp are "
            "vectors of one length, at least 1, and a period isn't 0"
        )
    if period is not None:
        x, xp, fp = _unrolled(x, xp, fp, abs(period))
        left = right = None
    place = last_knot(x, xp)
    value = take(fp, place, axis=0)
    if xp.shape[0] > 1:
        segment = clip(place, 0, xp.shape[0] - 2)
        width = take(xp, segment + 1, axis=0) - take(xp, segment, axis=0)
        slope = (take(fp, segment + 1, axis=0) - take(fp, segment, axis=0)) / where(width > 0.0, width, 1.0)
        value = _beside_infinity(slope * (x - take(xp, place, axis=0)) + value, x, xp, fp, slope, segment)
    value = where(x < xp[0], fp[0] if left is None else left, value)
    return where(x > xp[-1], fp[-1] if right is None else right, where(x == x, value, x))


def _beside_infinity(value: Any, x: Any, xp: Any, fp: Any, slope: Any, segment: Any) -> Any:
    """The values, and as in NumPy where one is nan: at a point its own, else what is reached from the point behind."""
    (x0, y0), (x1, y1) = ((take(xp, i, axis=0), take(fp, i, axis=0)) for i in (segment, segment + 1))
    from_behind = slope * (x - x1) + y1
    instead = where((from_behind != from_behind) & (y0 == y1), y0, from_behind)
    return where(value == value, value, where(x == x0, y0, where(x == x1, y1, instead)))


def _as_float64(x: Any) -> Any:
    x = as_operand("interp", x)
    return x if x.dtype == np.float64 else astype(x, dtype=float)


def _unrolled(x: Any, xp: Any, fp: Any, period: float) -> tuple[Any, Any, Any]:
    """All within one period, and the points sorted, with one more at either end."""
    xp = xp % period
    order = argsort(xp)
    xp, fp = take(xp, order, axis=0), take(fp, order, axis=0)
    first, last = (getitem(xp, index=slice(i, i + 1)) for i in (0, xp.shape[0] - 1))
    xp = concatenate([last - period, xp, first + period])
    ends = [getitem(fp, index=slice(i, i + 1)) for i in (fp.shape[0] - 1, 0)]
    return x % period, xp, concatenate([ends[0], fp, ends[1]])
