"""A nest of arrays, numbers and texts as arrays with names and one text, and back: what a safetensors file can hold."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node

_PLAIN = (str, bool, int, float, type(None))


def to_arrays(tree: Any) -> tuple[str, dict[str, np.ndarray]]:
    """A text that describes the nest, and its arrays by their numbers.

    Raises:
        MicrogradTypeError: If something in it is neither a dict, a list, a tuple, an array nor a plain value.
        MicrogradValueError: If it is nested too deeply, or contains itself.

    Example:
        >>> to_arrays({"step": 3, "mean": [np.zeros(2)]})
        ('{"dict": [["step", 3], ["mean", [{"array": "0"}]]]}', {'0': array([0., 0.])})
    """
    arrays: dict[str, np.ndarray] = {}
    try:
        return json.dumps(_described(tree, arrays, "state")), arrays
    except RecursionError:
        raise MicrogradValueError(
            "the state is nested too deeply to be written, or contains itself. Save a flat dict of what is in it."
        ) from None


def _described(tree: Any, arrays: dict[str, np.ndarray], where: str) -> Any:
    if type(tree) in _PLAIN:
        return tree
    if isinstance(tree, (np.ndarray, np.generic)):
        arrays[str(len(arrays))] = storable(tree, where)
        return {"array": str(len(arrays) - 1)} if isinstance(tree, np.ndarray) else {"scalar": str(len(arrays) - 1)}
    if isinstance(tree, list):
        return [_described(part, arrays, f"{where}[{k}]") for k, part in enumerate(tree)]
    if isinstance(tree, tuple):
        return {"tuple": _described(list(tree), arrays, where)}
    if isinstance(tree, dict):
        keys = [_described(key, arrays, f"a key of {where}") for key in tree]
        values = [_described(part, arrays, f"{where}[{key!r:.40}]") for key, part in tree.items()]
        return {"dict": [[key, value] for key, value in zip(keys, values, strict=True)]}
    advice = "Take its numbers: node.data." if isinstance(tree, Node) else "Take what it was made of."
    raise MicrogradTypeError(
        f"{where} is {kind_of(tree)}, which isn't saved: a state holds arrays, numbers, texts, None, and "
        f"dicts, lists and tuples of them. {advice}"
    )


def from_arrays(text: str, arrays: dict[str, np.ndarray]) -> Any:
    """The nest again.

    Raises:
        KeyError, TypeError, ValueError, RecursionError: If the text isn't one of ours.

    Example:
        >>> from_arrays('{"tuple": [1, {"array": "0"}]}', {"0": np.zeros(2)})
        (1, array([0., 0.]))
    """
    return _restored(json.loads(text), arrays)


def _restored(description: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(description, list):
        return [_restored(part, arrays) for part in description]
    if not isinstance(description, dict):
        return description
    ((kind, content),) = description.items()
    if kind == "dict":
        return {_restored(key, arrays): _restored(part, arrays) for key, part in content}
    if kind == "tuple":
        return tuple(_restored(content, arrays))
    array = arrays[content]
    return {"array": array, "scalar": array[()]}[kind]


def storable(array: Any, name: str) -> np.ndarray:
    """The array in the one layout that safetensors writes as it is: in order, native, of a dtype that it knows.

    Raises:
        MicrogradTypeError: If the dtype is another, or it has a mask.

    Example:
        >>> storable(np.ones((2, 3), dtype=">f8").T, "weight").dtype
        dtype('float64')
    """
    if isinstance(array, np.ma.MaskedArray):
        raise MicrogradTypeError(f"{name} is a masked array, whose mask would be lost. Fill it: array.filled(0.0).")
    out = np.array(array, order="C")  # not ascontiguousarray, which makes an axis where there is none
    out = out.astype(out.dtype.newbyteorder("="), copy=False)
    if out.dtype.kind not in "biuf" or out.dtype.itemsize > 8:
        advice = {"c": "Save its parts: array.real, array.imag.", "f": "Convert it: array.astype(float)."}
        raise MicrogradTypeError(
            f"{name} is of dtype {out.dtype}, which the file format doesn't know. "
            + advice.get(out.dtype.kind, "Of numbers, make it array.astype(float); else save array.tolist().")
        )
    return out
