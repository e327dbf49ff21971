"""What counts as an array of real numbers, and what to say when NumPy refuses one."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradError, MicrogradIndexError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node


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
    try:
        array = np.array(data._data if isinstance(data, Node) else data, dtype=dtype)
    except (ValueError, TypeError) as error:
        raise MicrogradTypeError(
            f"a Tensor holds an array of real numbers, but was given {data!r:.80}: {error}"
        ) from error
    if array.dtype.kind not in "biuf":
        raise MicrogradTypeError(
            f"a Tensor holds real numbers, but was given dtype {array.dtype} ({data!r:.60}). Convert it first: "
            "Tensor(np.asarray(data, dtype=float))."
        )
    return array


def explained(name: str, data: tuple[Any, ...], settings: dict[str, Any], error: Exception) -> MicrogradError:
    """Our error for NumPy's: the op, the shapes, the settings, and what NumPy says."""
    if isinstance(error, MicrogradError):
        return error
    shapes = ", ".join(str(getattr(d, "shape", d)) for d in data)
    given = "".join(f", {setting}={value!r:.40}" for setting, value in settings.items())
    kind: type[MicrogradError] = MicrogradIndexError if isinstance(error, IndexError) else MicrogradValueError
    if isinstance(error, TypeError):
        kind = MicrogradTypeError
    return kind(f"{name}() of shapes {shapes}{given}: {error}")
