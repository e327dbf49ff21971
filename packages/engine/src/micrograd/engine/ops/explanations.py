"""NumPy's errors in our words: which op, of what shapes and settings, and, where we know it, what to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn

from micrograd.engine.errors import MicrogradError, MicrogradIndexError, MicrogradTypeError, MicrogradValueError

REFUSALS = (ValueError, TypeError, IndexError, OverflowError)
"""What NumPy raises for operands that don't fit."""

_FACTORS = (
    "The last axis of the first factor must be as long as the last but one of the second. Perhaps one of them is to be "
    "transposed: x @ y.T."
)
_ADVICE = {
    "could not be broadcast": "Shapes are compared from the last axis backwards; along each, the lengths must be equal "
    "or one of them 1. Write x[:, None] for an axis of length 1, or keepdims=True where one was reduced.",
    "mismatch in its core dimension": _FACTORS,
    "not aligned": _FACTORS,
    "for array of dimension": "The axes of n are numbered from 0 to n - 1, or backwards from -1.",
    "is out of bounds for axis": "Along an axis of length n, indices go from 0 to n - 1, or backwards from -1 to -n.",
    "cannot reshape": "The lengths of the new shape must multiply to the number of elements; one of them may be -1, "
    "and is worked out: t.reshape(2, -1).",
    "axes don't match array": "All axes are named, in their new order: t.transpose(1, 0). Two are exchanged by "
    "t.swapaxes(0, 1), as by PyTorch's transpose(0, 1).",
    "'list' object cannot be interpreted as an integer": "Several axes or lengths are a tuple: axis=(0, 1).",
    "must match exactly": "Join them along the axis in which they differ, axis=1, say, or cut them to the same length.",
}
"""What to write instead, by a part of what NumPy says."""


def raise_explained(name: str, data: Sequence[Any], settings: dict[str, Any], error: Exception) -> NoReturn:
    """Raise our error for NumPy's, and one of ours as it is.

    Args:
        name: Of the op.
        data: What it was given.
        settings: With what settings.
        error: What NumPy raised.
    """
    if isinstance(error, MicrogradError):
        raise error
    shapes = ", ".join(f"{getattr(d, 'shape', d)!s:.60}" for d in data)
    given = "".join(f", {setting}={value!r:.40}" for setting, value in settings.items())
    kind: type[MicrogradError] = MicrogradIndexError if isinstance(error, IndexError) else MicrogradValueError
    if isinstance(error, TypeError):
        kind = MicrogradTypeError
    said = re.sub(r", with gufunc signature \S+", "", str(error))
    advice = "".join(f". {text}" for part, text in _ADVICE.items() if part in said)
    raise kind(f"{name.removesuffix('_op')}() of shapes {shapes}{given}: {said.rstrip()}{advice}") from error


def raise_unfit(name: str, place: int, received: Any, operand: Any, error: Exception) -> NoReturn:
    """Raise the error for a vjp rule that returned what can't be the gradient of its operand.

    Args:
        name: Of the op.
        place: Of the operand, from 0.
        received: What its rule returned.
        operand: Its data.
        error: What was raised on the way.
    """
    has_shape = hasattr(received, "shape")
    given = f"shape {tuple(received.shape)} and dtype {received.dtype}" if has_shape else f"{received!r:.60}"
    raise MicrogradValueError(
        f"the rule of operand {place} of primitive {name} returned {given} for an operand of shape "
        f"{getattr(operand, 'shape', ())}. A gradient is of real numbers, and has the shape of what it is the gradient "
        "of, or one that this broadcasts to; check_gradients(f, x) compares a rule with finite differences."
    ) from error
