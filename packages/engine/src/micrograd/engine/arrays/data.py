"""What counts as an array of real numbers, and what to say when NumPy refuses one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradError, MicrogradIndexError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import reading, watchers
from micrograd.engine.ops.arrays.casting import as_dtype


def as_array(data: Any, dtype: Any = None) -> np.ndarray:
    """A private copy of data as an array of real numbers.

    Raises:
        MicrogradTypeError: If the data isn't one, or holds Tensors or Values, which would lose their graphs.
    """
    if isinstance(data, (list, tuple)) and any(isinstance(item, Node) for item in data):
        raise MicrogradTypeError(
            "an array of Tensors or Values would cut them off from their graphs. To join Tensors write "
            "stack([a, b]) or concatenate([a, b]); of Values take the numbers: [v.data for v in values]."
        )
    if watchers and isinstance(data, Node):
        reading(data)
    try:
        array = as_dtype(own_copy("Tensor", data._data if isinstance(data, Node) else data), dtype)
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, MicrogradError):
            raise
        raise MicrogradTypeError(
            f"a Tensor holds an array of real numbers, but was given {data!r:.80}: {error}"
        ) from error
    if array.dtype.kind not in "biuf":
        raise MicrogradTypeError(
            f"a Tensor holds real numbers, but was given dtype {array.dtype} ({data!r:.60}). Convert it first: "
            "Tensor(np.asarray(data, dtype=float))."
        )
    return array


def own_copy(name: str, data: Any) -> np.ndarray:
    """A plain array of one's own.

    Raises:
        MicrogradTypeError: If some of its elements are masked: as plain numbers they would count.
    """
    if isinstance(data, np.ma.MaskedArray) and data.mask.any():
        raise MicrogradTypeError(
            f"{name}() was given an array with masked elements, which would count as numbers. Say what they are: "
            "array.filled(0.0); or choose by where(mask, 0.0, array.data)."
        )
    return np.array(data)


def seen(array: np.ndarray, dtype: Any) -> np.ndarray:
    """The array itself, which can be only in its own dtype.

    Raises:
        MicrogradValueError: If another is asked for, as NumPy demands.
    """
    if dtype is not None and np.dtype(dtype) != array.dtype:
        raise MicrogradValueError(f"numbers of {array.dtype} can't be seen as {np.dtype(dtype)} without a copy")
    return array


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


def explained(name: str, data: Sequence[Any], settings: dict[str, Any], error: Exception) -> MicrogradError:
    """Our error for NumPy's: the op, the shapes, the settings, what NumPy says, and where we know it, what to write."""
    if isinstance(error, MicrogradError):
        return error
    shapes = ", ".join(str(getattr(d, "shape", d)) for d in data)
    given = "".join(f", {setting}={value!r:.40}" for setting, value in settings.items())
    kind: type[MicrogradError] = MicrogradIndexError if isinstance(error, IndexError) else MicrogradValueError
    if isinstance(error, TypeError):
        kind = MicrogradTypeError
    said = re.sub(r", with gufunc signature \S+", "", str(error))
    advice = "".join(f". {text}" for part, text in _ADVICE.items() if part in said)
    return kind(f"{name.removesuffix('_op')}() of shapes {shapes}{given}: {said.rstrip()}{advice}")
