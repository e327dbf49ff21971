"""Borders around an array: of constants, of its own elements, of what is computed from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand, by_numpy
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.indexing import getitem, take
from micrograd.engine.ops.arrays.joining import concatenate_op
from micrograd.engine.ops.arrays.reductions import max, mean, min
from micrograd.engine.ops.arrays.shapes import broadcast_to
from micrograd.engine.ops.arrays.sorting import median
from micrograd.engine.ops.choices import floor, round
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive

_STATISTICS: dict[str, Callable[..., Any]] = {"maximum": max, "mean": mean, "median": median, "minimum": min}
_SETTING = {
    "constant": "constant_values",
    "linear_ramp": "end_values",
    **dict.fromkeys(_STATISTICS, "stat_length"),
    **dict.fromkeys(("reflect", "symmetric"), "reflect_type"),
    **dict.fromkeys(("edge", "wrap", "empty"), ""),
}
"""Which setting each mode has."""


@primitive(lambda g, out, x, pad_width, constant_values: getitem(g, index=_inside(pad_width, x.shape)))
def pad_constant(x, pad_width=(), constant_values=0):
    """x with a border; `pad_width` gives the lengths before and after for each axis. See `pad`.

    Example:
        >>> pad_constant(np.array([1.0, 2.0]), pad_width=((1, 2),))
        array([0., 1., 2., 0., 0.])
    """
    if np.ndim(constant_values):
        return np.pad(x, pad_width, constant_values=constant_values)
    shape = [before + n + after for n, (before, after) in zip(x.shape, pad_width, strict=True)]
    out = np.full(shape, constant_values, dtype=x.dtype)
    out[_inside(pad_width, x.shape)] = x
    return out


def _inside(pad_width: Any, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Where in the padded array the original lies."""
    return tuple(slice(before, before + n) for n, (before, _) in zip(shape, pad_width, strict=True))


@by_any_name
def pad(
    x: Any,
    pad_width: Any,
    mode: str = "constant",
    constant_values: Any = None,
    *,
    end_values: Any = None,
    stat_length: Any = None,
    reflect_type: str | None = None,
) -> Any:
    """x with a border along each axis.

    Args:
        x: An array.
        pad_width: The border's width: one number for all sides, a pair (before, after) for all axes, a pair for
            each axis, or a dict of numbers or pairs by axes.
        mode: "constant" fills with `constant_values`, "empty" with 0; "edge", "reflect", "symmetric" and "wrap" with
            elements of x; "maximum", "mean", "median" and "minimum" with that of all elements in line; "linear_ramp"
            with a straight line from the edge to `end_values`: as in NumPy.
        constant_values: What to fill with: one number, a pair for all axes or a pair for each; 0 by default.
        end_values: Where a ramp ends, likewise.
        stat_length: Of how many elements from the edge on to take the statistic, likewise; of all by default.
        reflect_type: For "reflect" and "symmetric", "even"; NumPy's "odd" isn't differentiated.

    Raises:
        MicrogradTypeError: If a width is no integer.
        MicrogradValueError: If a width is negative, the mode unknown, or a setting isn't one of that mode.

    Example:
        >>> pad(np.array([1.0, 2.0, 3.0]), (2, 0), mode="reflect")
        array([3., 2., 1., 2., 3.])
        >>> pad(np.array([1.0, 2.0, 3.0]), (2, 1), mode="mean")
        array([2., 2., 1., 2., 3., 2.])
    """
    x = as_operand("pad", x)
    widths = _as_widths(pad_width, x.ndim)
    _check_settings(mode, constant_values, end_values, stat_length, reflect_type)
    if mode in ("constant", "empty"):
        return pad_constant(x, pad_width=widths, constant_values=0 if constant_values is None else constant_values)
    if mode == "linear_ramp":
        ends = by_numpy("pad", np.broadcast_to, 0 if end_values is None else end_values, (x.ndim, 2))
        return _with_borders(x, widths, lambda x, axis, i, n: _ramp(x, axis, i, n, ends[axis][i]))
    if mode in _STATISTICS:
        counts = _pairs("stat_length", np.iinfo(int).max if stat_length is None else stat_length, x.ndim)
        return _with_borders(x, widths, lambda x, axis, i, n: _statistic(mode, x, axis, i, n, counts[axis][i]))
    for axis, width in enumerate(widths):
        if any(width):
            x = take(x, by_numpy("pad", np.pad, np.arange(x.shape[axis]), width, mode), axis=axis)
    return x


def _check_settings(mode: Any, *values: Any) -> None:
    """Refuse a setting that the mode hasn't got."""
    if mode not in _SETTING:
        raise MicrogradValueError(f"pad(mode={mode!r:.60}): there are {', '.join(_SETTING)}")
    for name, value in zip(("constant_values", "end_values", "stat_length", "reflect_type"), values, strict=True):
        if value is not None and name != _SETTING[mode]:
            raise MicrogradValueError(f"pad(mode={mode!r}) has no setting {name!r}; leave it out")
    if values[-1] not in (None, "even"):
        raise MicrogradValueError(f"pad(reflect_type={values[-1]!r:.60}) isn't differentiated; take 'even'")


def _with_borders(x: Any, widths: Any, border: Callable[[Any, int, int, int], Any]) -> Any:
    """x between what is computed for its border before (0) and behind (1), one axis after the other."""
    for axis, width in enumerate(widths):
        if any(width):
            before, after = (_like(x, border(x, axis, i, width[i])) for i in (0, 1))
            x = concatenate_op(before, x, after, axis=axis)
    return x


def _statistic(mode: str, x: Any, axis: int, i: int, width: int, length: int) -> Any:
    """A border of a statistic of the first elements along an axis, or the last (i = 1)."""
    n = x.shape[axis]
    if not length and mode in ("maximum", "minimum"):
        raise MicrogradValueError(f"pad(mode={mode!r}, stat_length=0): of no elements there is none; take 1 or more")
    part = _along(x, axis, slice(n - length if n > length else 0, None) if i else slice(length))
    shape = tuple(width if j == axis else m for j, m in enumerate(x.shape))
    return broadcast_to(_STATISTICS[mode](part, axis=axis, keepdims=True), shape=shape)


def _ramp(x: Any, axis: int, i: int, width: int, end: Any) -> Any:
    """A border on a straight line from the edge of x to a number at its end."""
    edge = _along(x, axis, slice(-1, None) if i else slice(1))
    steps = np.arange(width)[:: -1 if i else 1].reshape(tuple(-1 if j == axis else 1 for j in range(x.ndim)))
    line = end + (edge - end) / (width or 1) * steps
    return floor(line) if x.dtype.kind in "iu" else line


def _like(x: Any, border: Any) -> Any:
    """The border in x's dtype, rounded if that is one of integers."""
    if border.dtype == x.dtype:
        return border
    return astype(round(border) if x.dtype.kind in "iu" else border, dtype=x.dtype)


def _along(x: Any, axis: int, part: slice) -> Any:
    return getitem(x, index=(*(slice(None),) * axis, part))


def _as_widths(pad_width: Any, ndim: int) -> tuple[tuple[int, int], ...]:
    """A pair (before, after) for each axis."""
    if isinstance(pad_width, dict):
        by_axis: list[Any] = [0] * ndim
        for axis, width in pad_width.items():
            by_axis[as_axis("pad", axis, ndim)] = width
        pad_width = [np.broadcast_to(width, 2) for width in by_axis]
    return _pairs("pad_width", pad_width, ndim)


def _pairs(name: str, given: Any, ndim: int) -> tuple[tuple[int, int], ...]:
    """A pair of integers from 0 on for each axis."""
    numbers = np.asarray(given)
    if numbers.dtype.kind not in "iu":
        raise MicrogradTypeError(f"pad({name}={given!r:.60}): it takes integers, in a pair for each axis")
    pairs = by_numpy("pad", np.broadcast_to, numbers, (ndim, 2))
    if (pairs < 0).any():
        raise MicrogradValueError(
            f"pad({name}={given!r:.60}): it can't be negative. To cut a border off, index: x[1:-1]."
        )
    return tuple((int(before), int(after)) for before, after in pairs)
