"""Reductions that pass over nan, as what isn't known: those of the same name, where the elements are numbers.

No gradient reaches a nan.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.reductions import any, count_nonzero, max, mean, min, std, var
from micrograd.engine.ops.arrays.scans import cumprod, cumsum, prod
from micrograd.engine.ops.arrays.shapes import broadcast_to, sum
from micrograd.engine.ops.choices import isnan
from micrograd.engine.ops.choices import where as choose
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def nansum(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """The sum of all that is a number; 0 where there is none.

    Example:
        >>> float(nansum(np.array([1.0, np.nan, 3.0])))
        4.0
    """
    x = as_operand("nansum", x)
    return sum(x, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=_known(x, where))


@by_any_name
def nanprod(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """The product of all that is a number; 1 where there is none.

    Example:
        >>> float(nanprod(np.array([2.0, np.nan, 3.0])))
        6.0
    """
    x = as_operand("nanprod", x)
    return prod(x, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=_known(x, where))


@by_any_name
def nancumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The running sum of all that is a number; 0 before the first.

    Example:
        >>> nancumsum(np.array([1.0, np.nan, 3.0]))
        array([1., 1., 4.])
    """
    return cumsum(_filled("nancumsum", x, 0.0), axis=axis, dtype=dtype)


@by_any_name
def nancumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The running product of all that is a number; 1 before the first.

    Example:
        >>> nancumprod(np.array([2.0, np.nan, 3.0]))
        array([2., 2., 6.])
    """
    return cumprod(_filled("nancumprod", x, 1.0), axis=axis, dtype=dtype)


def _filled(function: str, x: Any, number: float) -> Any:
    """x with a number for each nan."""
    x = as_operand(function, x)
    return choose(isnan(x), number, x) if x.dtype.kind == "f" else x


@by_any_name
def nanmean(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, *, where: Any = True) -> Any:
    """The mean of all that is a number; nan where there is none.

    Example:
        >>> float(nanmean(np.array([1.0, np.nan, 3.0])))
        2.0
    """
    x = as_operand("nanmean", x)
    _check_inexact("nanmean", x, dtype)
    return mean(x, axis=axis, dtype=dtype, keepdims=keepdims, where=_known(x, where))


@by_any_name
def nanvar(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: float | None = None,
) -> Any:
    """The variance of all that is a number, see `var`; nan where there are no more than `ddof`.

    Example:
        >>> float(nanvar(np.array([1.0, np.nan, 3.0])))
        1.0
    """
    x = as_operand("nanvar", x)
    settings = {"dtype": dtype, "ddof": ddof, "keepdims": keepdims, "mean": mean, "correction": correction}
    return _of_enough(var, x, axis, _known(x, where), settings)


@by_any_name
def nanstd(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: float | None = None,
) -> Any:
    """The standard deviation of all that is a number, see `std`; nan where there are no more than `ddof`.

    Example:
        >>> float(nanstd(np.array([1.0, np.nan, 3.0])))
        1.0
    """
    x = as_operand("nanstd", x)
    settings = {"dtype": dtype, "ddof": ddof, "keepdims": keepdims, "mean": mean, "correction": correction}
    return _of_enough(std, x, axis, _known(x, where), settings)


def _of_enough(spread: Any, x: Any, axis: Any, known: Any, settings: dict[str, Any]) -> Any:
    """The variance or deviation, and nan where no more elements are known than `ddof`."""
    _check_inexact(f"nan{spread.name}", x, settings["dtype"])
    out = spread(x, axis=axis, where=known, **settings)
    fewer = settings["ddof"] or settings["correction"] or 0
    count = count_nonzero(broadcast_to(as_operand("where", known), shape=tuple(x.shape)), axis, settings["keepdims"])
    return choose(count > fewer, out, float("nan"))


def _check_inexact(function: str, x: Any, dtype: Any) -> None:
    """Refuse to compute with nan in integers, as NumPy does."""
    if dtype is not None and x.dtype.kind == "f" and np.dtype(dtype).kind in "biu":
        raise MicrogradTypeError(
            f"{function}(dtype={np.dtype(dtype)}) of {x.dtype}: it divides, and would cut the result to integers. "
            "Leave dtype out, or choose one of floats."
        )


@by_any_name
def nanmax(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The largest number; nan where there is none.

    Example:
        >>> float(nanmax(np.array([1.0, np.nan, 3.0])))
        3.0
    """
    return _extremum(max, -float("inf"), x, axis, keepdims, initial, where)


@by_any_name
def nanmin(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The smallest number; nan where there is none.

    Example:
        >>> float(nanmin(np.array([1.0, np.nan, 3.0])))
        1.0
    """
    return _extremum(min, float("inf"), x, axis, keepdims, initial, where)


def _extremum(of_all: Any, last: float, x: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    x = as_operand(f"nan{of_all.name}", x)
    if x.dtype.kind != "f" or initial is not None or where is not True:
        return of_all(x, axis=axis, keepdims=keepdims, initial=initial, where=_known(x, where))
    known = _known(x, True)
    out = of_all(choose(known, x, last), axis=axis, keepdims=keepdims)
    return choose(any(known, axis=axis, keepdims=keepdims), out, float("nan"))


def _known(x: Any, where: Any) -> Any:
    """A mask of what is a number, within another mask."""
    if x.dtype.kind != "f":
        return where
    known = ~isnan(x)
    return known if where is True else known & as_operand("where", where)
