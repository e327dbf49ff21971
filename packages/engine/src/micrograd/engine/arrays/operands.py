"""What a recorded op keeps of a call: numbers and settings that nobody can change behind its back."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arrays.data import own_copy
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.ops.op import Op

_FIXED = frozenset((int, float, str, bool, type(None)))


def operand_data(op: Op, operand: Any) -> Any:
    """The data of an operand: an array that nobody else writes, or a number.

    Raises:
        MicrogradTypeError: If it is neither a node nor an array of plain real numbers nor a number.
    """
    if isinstance(operand, (np.ndarray, np.generic)):
        return _plain_copy(op, operand)
    if isinstance(operand, Node):
        return operand._data.copy() if getattr(operand, "_exposed", False) else operand._data
    if isinstance(operand, (float, int)):
        return operand
    raise MicrogradTypeError(
        f"{op.name}() was given {kind_of(operand)} beside a Tensor: {operand!r:.60}. It takes Tensors, NumPy "
        "arrays and numbers: write Tensor(...) around it."
    )


def _plain_copy(op: Op, data: Any) -> Any:
    if data.dtype.kind not in "biuf":
        raise MicrogradTypeError(
            f"{op.name}() was given dtype {data.dtype} beside a Tensor, which holds real numbers: {data!r:.60}. "
            "Convert it first: array.astype(float); of complex numbers take array.real and array.imag."
        )
    return data.copy() if type(data) is np.ndarray else own_copy(op.name, data)


def own_settings(op: Op, params: dict[str, Any]) -> dict[str, Any]:
    """The settings, with copies of those that could be written to.

    Raises:
        MicrogradTypeError: If one of them requires a gradient, which none would reach.
    """
    if _FIXED.issuperset(map(type, params.values())):
        return params
    for name, setting in params.items():
        if isinstance(setting, Node) and setting._requires_grad:
            raise MicrogradTypeError(
                f"{op.name}(): {name} is a fixed setting, which no gradient reaches, but was given a "
                f"{type(setting).__name__} that requires one. Write {name}={name}.data, or use Tensors throughout."
            )
        if isinstance(setting, (list, np.ndarray)):
            params = {**params, name: setting.copy()}
    return params
