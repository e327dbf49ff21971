"""What the array functions make of their arguments: operands that may be plain numbers, axes that may be negative.

A primitive hands its arguments to NumPy, which checks them. A function that is composed of primitives asks here
first, so that its errors are ours too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradIndexError, MicrogradTypeError, MicrogradValueError


def as_operand(function: str, x: Any) -> Any:
    """x if it has a shape (a Tensor, a tracer, an array), else the array of a number or of nested lists of them.

    Raises:
        MicrogradTypeError: If x is no array of real numbers, or holds Tensors or Values.
    """
    if hasattr(x, "dtype") and hasattr(x, "shape"):
        return x
    array = None if _holds_recorded(x) else np.asarray(x)
    if array is None or array.dtype.kind not in "biuf":
        raise MicrogradTypeError(
            f"{function}() was given {kind_of(x)}: {x!r:.60}. It takes Tensors, arrays and numbers: write "
            "Tensor(...) around data; join Tensors by stack([a, b])."
        )
    return array


def as_values(function: str, values: Any, dtype: np.dtype) -> Any:
    """What is to be put into an array of a dtype: by `as_operand`, but a Python number takes the dtype on.

    Raises:
        MicrogradTypeError: If it is no array of real numbers.
        MicrogradValueError: If a Python integer is too large.
    """
    if type(values) not in (bool, int, float) or (type(values) is float and dtype.kind != "f"):
        return as_operand(function.removesuffix("()"), values)
    try:
        return np.asarray(values, dtype)
    except OverflowError as error:
        raise MicrogradValueError(f"{function} of {dtype}: {error}") from error


def _holds_recorded(x: Any) -> bool:
    """Whether x is a Value, or a list with Values or Tensors in it, whose graphs an array would lose."""
    return any(hasattr(item, "_interpreter_rank") for item in (x if isinstance(x, (list, tuple)) else (x,)))


def as_operands(function: str, arrays: Iterable[Any]) -> list[Any]:
    """Each of a sequence of operands by `as_operand`; at least one.

    Raises:
        MicrogradTypeError: If it is no sequence, or one is no array of real numbers.
        MicrogradValueError: If there is none.
    """
    if not isinstance(arrays, Iterable):
        raise MicrogradTypeError(f"{function}() takes several arrays in a list, but was given {kind_of(arrays)}")
    operands = [as_operand(function, x) for x in arrays]
    if not operands:
        raise MicrogradValueError(f"{function}() needs at least one array, but was given an empty sequence")
    return operands


def as_axis(function: str, axis: Any, ndim: int) -> int:
    """An axis counted from the front.

    Raises:
        MicrogradTypeError: If it is no integer.
        MicrogradIndexError: If there is no such axis.
    """
    return as_axes(function, (axis,), ndim)[0]


def as_axes(function: str, axes: Any, ndim: int) -> tuple[int, ...]:
    """One axis or several, all different, counted from the front.

    Raises:
        MicrogradTypeError: If one is no integer.
        MicrogradIndexError: If there is no such axis.
        MicrogradValueError: If one occurs twice.

    Example:
        >>> as_axes("squeeze", (-1, 0), 3)
        (2, 0)
    """
    try:
        if isinstance(axes, tuple) and len(axes) == 1:
            return (normalize_axis_index(*axes, ndim),)
        return tuple(normalize_axis_tuple(axes, ndim))
    except TypeError as error:
        raise MicrogradTypeError(f"{function}(axis={axes!r:.60}): {error}") from error
    except ValueError as error:
        kind = MicrogradIndexError if isinstance(error, IndexError) else MicrogradValueError
        raise kind(f"{function}(axis={axes!r:.60}) of an array of {ndim} axes: {error}") from error


def by_numpy(function: str, numpy_function: Callable[..., Any], *args: Any) -> Any:
    """What NumPy gives for these, such as the places to which it moves elements; its errors as ours.

    Raises:
        MicrogradValueError: If NumPy refuses them.

    Example:
        >>> by_numpy("roll", np.roll, np.arange(3), 1)
        array([2, 0, 1])
    """
    try:
        return numpy_function(*args)
    except (ValueError, TypeError) as error:
        raise MicrogradValueError(f"{function}(): {error}") from error
