"""The slopes of a function that is known at points alone: central differences within, one-sided ones at the ends."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.arrays.joining import concatenate
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.arrays.summaries import diff
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """The slopes of f along its axes, in f's shape; not the gradient of a function, which is `grad`.

    Args:
        f: The function's values at the points of a grid.
        *varargs: The spacing: nothing for points at a distance of 1; a distance for all axes; or, for each axis, a
            distance or the places of the points along it. f and the places get a gradient.
        axis: Along which axis, or axes; all if None.
        edge_order: 1 for slopes at the ends that are right for lines, 2 for parabolas.

    Returns:
        One array for one axis, else a tuple.

    Raises:
        MicrogradTypeError: If there are neither none, one nor as many spacings as axes.
        MicrogradValueError: If the points along an axis are too few, or not as many as places.

    Example:
        >>> gradient(np.array([0.0, 1.0, 4.0, 9.0]))
        array([1., 2., 4., 5.])

    Reference:
        B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Mathematics of Computation
        51 (1988).
    """
    f = as_operand("gradient", f)
    f = f if f.dtype.kind == "f" else astype(f, dtype=float)
    axes = tuple(range(f.ndim)) if axis is None else as_axes("gradient", axis, f.ndim)
    steps = [as_operand("gradient", step) for step in varargs or (1.0,)]
    steps = [step if step.dtype.kind == "f" else astype(step, dtype=float) for step in steps]  # unsigned ones wrap
    if len(steps) == 1 and not steps[0].ndim:
        steps *= len(axes)
    if len(steps) != len(axes):
        raise MicrogradTypeError(
            f"gradient() along {len(axes)} axes was given {len(steps)} spacings: give none, one distance, or one for "
            "each axis, as in gradient(f, 0.1, axis=0)"
        )
    if edge_order not in (1, 2):
        raise MicrogradValueError(f"gradient(edge_order={edge_order!r}): take 1, or 2")
    slopes = tuple(_along(f, place, step, edge_order) for place, step in zip(axes, steps, strict=True))
    return slopes[0] if len(slopes) == 1 else slopes


def _along(f: Any, axis: int, step: Any, edge_order: int) -> Any:
    """The slopes along one axis."""
    length = f.shape[axis]
    if length <= edge_order or (step.ndim and tuple(step.shape) != (length,)):
        raise MicrogradValueError(
            f"gradient() along an axis of length {length}, with a spacing of shape {tuple(step.shape)}: it takes a "
            f"distance or {length} places, and with edge_order={edge_order} at least {edge_order + 1} points"
        )
    widths = reshape(diff(step), shape=tuple(-1 if i == axis else 1 for i in range(f.ndim))) if step.ndim else step
    secants = diff(f, axis=axis) / widths
    left, right = _part(secants, axis, 0, -1), _part(secants, axis, 1, None)
    if step.ndim:
        before, after = _part(widths, axis, 0, -1), _part(widths, axis, 1, None)
        within = (left * after + right * before) / (before + after)
    else:
        before = after = step
        within = (_part(f, axis, 2, None) - _part(f, axis, 0, -2)) / (2.0 * step)
    first, last = _part(secants, axis, 0, 1), _part(secants, axis, -1, None)
    if edge_order == 2:  # the slope of the parabola through the three points at either end
        bend = (right - left) / (before + after)
        first = first - _part(bend * before, axis, 0, 1)
        last = last + _part(bend * after, axis, -1, None)
    return concatenate([first, within, last], axis=axis, dtype=f.dtype)


def _part(x: Any, axis: int, start: int, stop: int | None) -> Any:
    return getitem(x, index=(*(slice(None),) * axis, slice(start, stop)))
