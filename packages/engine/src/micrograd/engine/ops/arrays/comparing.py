"""Whether numbers are close, and what to put in place of those that are none: both without NumPy's warnings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.choices import abs, isfinite, isnan, where
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def isclose(x: Any, y: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Any:
    """Of each two elements, whether |x - y| <= atol + rtol |y|, or they are equal.

    Args:
        x: An array or Tensor.
        y: What to compare with.
        rtol: The difference allowed in relation to y; one number, or one for each element.
        atol: The difference allowed in any case, likewise.
        equal_nan: Whether nan is close to nan.

    Example:
        >>> isclose(np.array([1.0, np.inf]), np.array([1.0 + 1e-9, np.inf]))
        array([ True,  True])
    """
    x, y = _beside(x, y), _beside(y, x)
    rtol, atol = (bound if isinstance(bound, (int, float)) else as_operand("isclose", bound) for bound in (rtol, atol))
    known = where(isfinite(y), y, 0.0)
    close = (x == y) | ((abs(x - known) <= atol + rtol * abs(known)) & isfinite(y))
    return close | (isnan(x) & isnan(y)) if equal_nan else close


def _beside(x: Any, y: Any) -> Any:
    """x as an array, if it is a Python number of y's dtype of floats."""
    is_weak = type(x) in (bool, int, float) and getattr(getattr(y, "dtype", None), "kind", "") == "f"
    return np.asarray(x, y.dtype) if is_weak else as_operand("isclose", x)


@by_any_name
def allclose(x: Any, y: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements are close, see `isclose`.

    Example:
        >>> allclose(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-9]))
        True
    """
    return bool(isclose(x, y, rtol, atol, equal_nan).all())


@by_any_name
def nan_to_num(
    x: Any, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """x with nan, inf and -inf replaced; no gradient reaches x there.

    Args:
        x: An array or Tensor.
        copy: There for NumPy's sake: the result is always new.
        nan: What to put for nan.
        posinf: What to put for inf; the largest number of x's dtype if None.
        neginf: What to put for -inf; the least if None.

    Example:
        >>> nan_to_num(np.array([1.0, np.nan, -np.inf]), neginf=-9.0)
        array([ 1.,  0., -9.])
    """
    x = as_operand("nan_to_num", x)
    if x.dtype.kind != "f":
        return x
    limits = np.finfo(x.dtype)
    most, least = (float(limits.max if posinf is None else posinf), float(limits.min if neginf is None else neginf))
    return where(isnan(x), float(nan), where(x == math.inf, most, where(x == -math.inf, least, x)))
