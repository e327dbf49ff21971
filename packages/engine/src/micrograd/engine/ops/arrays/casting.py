"""Changing the dtype, which the gradient changes back."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.op import primitive


@primitive(lambda g, out, x, dtype: astype(g, dtype=x.dtype))
def astype(x, dtype=float):
    """x with its numbers in another dtype.

    `copy` is there for NumPy's sake: the result is always new.

    Raises:
        MicrogradValueError: If that is one of integers, and a number is nan or too large for it.

    Example:
        >>> import numpy as np
        >>> astype(np.array([1.5, 2.5]), dtype=np.float32).dtype
        dtype('float32')
    """
    converted = as_dtype(x, dtype)
    return x.copy() if converted is x else converted


@astype.extended
def _astype_as_in_numpy(x, dtype=float, *, copy=True):
    return astype(x, dtype=dtype)


def in_dtype_of(x: Any, out: Any) -> Any:
    """out in x's dtype, where NumPy keeps that of integers and booleans, too.

    Raises:
        MicrogradValueError: If that is one of integers, and a number is too large for it.

    Example:
        >>> import numpy as np
        >>> x = np.array([1, 2], dtype=np.int8)
        >>> in_dtype_of(x, x.sum()).dtype
        dtype('int8')
    """
    return out if out.dtype == x.dtype else astype(out, dtype=x.dtype)


def as_dtype(array: np.ndarray, dtype: Any) -> np.ndarray:
    """The array itself if it has the dtype or that is None, else its numbers converted.

    Raises:
        MicrogradTypeError: If that is no dtype of real numbers, or the array is one of complex ones.
        MicrogradValueError: If it is one of integers, and a number is nan or too large for it.
    """
    if dtype is None or np.dtype(dtype) == array.dtype:
        return array
    target = real_dtype(dtype)
    if array.dtype.kind == "c":
        raise MicrogradTypeError(
            f"an array of {array.dtype} would lose its imaginary parts in {target}. Say what is meant: array.real, or "
            "abs(array)."
        )
    if target.kind in "iu" and array.dtype.kind in "iuf" and array.size:
        _check_range(array, target)
    return array.astype(target)


def real_dtype(dtype: Any) -> np.dtype:
    """What NumPy calls a dtype.

    Raises:
        MicrogradTypeError: If that is no dtype of real numbers.

    Example:
        >>> real_dtype("f4")
        dtype('float32')
    """
    named: np.dtype = np.dtype(dtype)
    if named.kind not in "biuf":
        raise MicrogradTypeError(
            f"dtype={named} holds no real numbers: choose float, np.float32, int, bool or the like"
        )
    return named


def _check_range(array: np.ndarray, target: np.dtype) -> None:
    limits, least, most = np.iinfo(target), array.min(), array.max()
    # The largest int64 has no float of its own: a float fits if it is below the next power of two.
    fits = most < float(limits.max) + 1.0 if array.dtype.kind == "f" else most <= limits.max
    if not (least >= limits.min and fits):
        raise MicrogradValueError(
            f"{most if least >= limits.min else least} is no {target}, which goes from {limits.min} to {limits.max} "
            "and has no nan. Stay with floats, or put something in its place first: where(isnan(t), 0.0, t), or "
            "t.clip(low, high)."
        )
