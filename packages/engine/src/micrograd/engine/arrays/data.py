"""What counts as an array of real numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError
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


_RANKS = {"b": 0, "i": 1, "u": 1, "f": 2}
"""Kinds of numbers: each holds those of a lower rank."""


def as_new_data(data: Any, dtype: Any) -> np.ndarray:
    """A private copy of what is written into an array of this dtype.

    Raises:
        MicrogradTypeError: If fractions would be cut off, or numbers made into booleans.
    """
    array = as_array(data, dtype)
    given = np.asarray(data._data if isinstance(data, Node) else data).dtype
    if _RANKS[given.kind] > _RANKS[dtype.kind]:
        raise MicrogradTypeError(
            f"numbers of {given} don't fit into data of {dtype}: what they are beyond that would be cut off. "
            f"Begin anew with Tensor(array), or say what is meant, array.astype({dtype})."
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
