"""What integers can't hold: NumPy wraps around without a word, and gives 0 for a division by 0; we say so.

Integers have no infinity and no nan, so that there is no value to go on with, as there is for floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.op import Op

_DIVISIONS = {"floor_divide", "fmod", "mod"}
_MAY_OVERFLOW = {
    "abs", "add", "contract", "cumprod", "cumsum", "matmul", "mul", "neg", "pow", "prod", "square", "sub", "sum",
}  # fmt: skip


def may_fail(op: Op) -> bool:
    """Whether there are integers for which an op has no right result."""
    return op.name in _DIVISIONS or op.name in _MAY_OVERFLOW


def check_integers(op: Op, data: Sequence[Any], params: dict[str, Any], result: np.ndarray) -> None:
    """Refuse a result of integers that is wrong.

    Raises:
        MicrogradValueError: If it wrapped around, or something was divided by 0.
    """
    if op.name in _DIVISIONS and not np.all(data[1]):
        raise MicrogradValueError(
            f"{op.name}() divides integers by 0, and integers have no inf or nan. Make them floats first: "
            "t.astype(float)."
        )
    if op.name in _MAY_OVERFLOW and _wrapped(op, data, params, result):
        limits = np.iinfo(result.dtype)
        raise MicrogradValueError(
            f"{op.name}() of {result.dtype}: a result lies outside of what that holds, {limits.min} to {limits.max}, "
            "and would wrap around. Compute with floats, t.astype(float), or with wider integers, t.astype(np.int64)."
        )


def _wrapped(op: Op, data: Sequence[Any], params: dict[str, Any], result: np.ndarray) -> bool:
    """Whether the result differs from that of floats by as much as half of what the integers span, or more."""
    exact = op.on_arrays(
        *(np.asarray(operand, dtype=float) for operand in data), **{**params, **_without_dtype(params)}
    )
    return bool(np.any(np.abs(exact - result.astype(float)) > 2.0 ** (8 * result.dtype.itemsize - 1)))


def _without_dtype(params: dict[str, Any]) -> dict[str, None]:
    return {"dtype": None} if "dtype" in params else {}
