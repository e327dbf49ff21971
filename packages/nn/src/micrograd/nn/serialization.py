"""`save` and `load`: models and whole training states in safetensors files that tell when they were damaged.

A file is written as a whole or not at all. Its metadata hold a format number and a SHA-256 of every other byte, so that
one flipped bit is an error and never a wrong weight. Nothing in a file is ever executed. The weights go by their names,
so that other programs which read safetensors find them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.files import write_whole
from micrograd.nn.module import Module
from micrograd.nn.state_trees import from_arrays, storable, to_arrays
from micrograd.nn.validation import require_methods

FORMAT = "micrograd"
FORMAT_VERSION = 1
_CHECKSUM = re.compile(rb'"sha256":"([0-9a-f]{64})"')
_BLANK = "0" * 64
_AGAIN = "Load an older copy, or save it again."
_M = TypeVar("_M", bound=Module)


class CheckpointError(MicrogradValueError):
    """A file that can't be loaded; the message says whether it is truncated, corrupted, foreign or newer.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     load_state(file.name)
        Traceback (most recent call last):
            ...
        micrograd.nn.serialization.CheckpointError: ...is truncated: it is empty...
    """


@naming_arguments
def save(module: Module, path: str | os.PathLike[str]) -> None:
    """Write the numbers of a module, its `state_dict()`, to a file.

    Args:
        module: What to save.
        path: Where; by custom it ends in `.safetensors`.

    Raises:
        MicrogradTypeError: If it is no module.
        MicrogradValueError: If two of its parameters have the same name.
        OSError: If it can't be written; a file that was there is then as it was.

    Example:
        >>> import tempfile
        >>> from micrograd.nn import Linear
        >>> model, other = Linear(2, 1, rng=0), Linear(2, 1, rng=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(model, f"{folder}/model.safetensors")
        ...     _ = load(other, f"{folder}/model.safetensors")
        >>> bool((other.weight.data == model.weight.data).all())
        True
    """
    require_methods(module, "module", ("state_dict",), 'save(model, "model.safetensors")')
    state = {name: storable(numbers, name) for name, numbers in module.state_dict().items()}
    write_whole(path, _packed(state, "module", type(module).__name__))


@naming_arguments
def load(module: _M, path: str | os.PathLike[str], strict: bool = True) -> _M:
    """Put the numbers of a file into a module that was built as the saved one was.

    Args:
        module: What to load into.
        path: What `save` wrote.
        strict: Whether every name has to be there, and no other.

    Returns:
        The module.

    Raises:
        CheckpointError: If the file is truncated, corrupted, foreign, or written by a newer version.
        MicrogradTypeError: If it is no module to load into.
        MicrogradValueError: If names or shapes don't fit; nothing is changed then.
        FileNotFoundError: If there is no such file.

    Example:
        >>> import tempfile
        >>> from micrograd.nn import Linear
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(Linear(2, 1, rng=0), f"{folder}/model.safetensors")
        ...     model = load(Linear(2, 1, rng=1), f"{folder}/model.safetensors")
        >>> bool((model.weight.data == Linear(2, 1, rng=0).weight.data).all())
        True
    """
    require_methods(module, "module", ("load_state_dict",), 'load(model, "model.safetensors")')
    arrays, _ = _unpacked(path, "module")
    module.load_state_dict(arrays, strict=strict)
    return module


def save_state(state: Any, path: str | os.PathLike[str]) -> None:
    """Write a nest of arrays, numbers, texts, dicts, lists and tuples, such as the state of a training, to a file.

    Raises:
        MicrogradTypeError: If it holds anything else.
        MicrogradValueError: If it is nested too deeply, or contains itself.
        OSError: If it can't be written; a file that was there is then as it was.

    Example:
        >>> import random, tempfile
        >>> rng = random.Random(0)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_state({"step": 3, "rng": rng.getstate(), "mean": np.zeros(2)}, f"{folder}/state.safetensors")
        ...     state = load_state(f"{folder}/state.safetensors")
        >>> state["step"], state["mean"], state["rng"] == rng.getstate()
        (3, array([0., 0.]), True)
    """
    text, arrays = to_arrays(state)
    write_whole(path, _packed(arrays, "state", text))


def load_state(path: str | os.PathLike[str]) -> Any:
    """What `save_state` wrote.

    Raises:
        CheckpointError: If the file is truncated, corrupted, foreign, or written by a newer version.
        FileNotFoundError: If there is no such file.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_state({"step": 3}, f"{folder}/state.safetensors")
        ...     load_state(f"{folder}/state.safetensors")
        {'step': 3}
    """
    arrays, text = _unpacked(path, "state")
    try:
        return from_arrays(text, arrays)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise _refused(path, "is corrupted: what it says of its content makes no sense", _AGAIN) from None


# ---- the bytes -------------------------------------------------------------------------------------------------------


def _packed(arrays: dict[str, np.ndarray], kind: str, content: str) -> bytes:
    from safetensors.numpy import save as to_bytes

    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "kind": kind,
        "content": content,
        "sha256": _BLANK,
    }
    raw = bytearray(to_bytes(arrays, metadata=metadata))
    place = _place_of_checksum(bytes(raw))
    raw[place : place + 64] = hashlib.sha256(raw).hexdigest().encode()
    return bytes(raw)


def _place_of_checksum(raw: bytes) -> int:
    """Where the checksum stands in the header."""
    length = struct.unpack("<Q", raw[:8])[0]
    found = [match.start(1) for match in _CHECKSUM.finditer(raw, 8, 8 + length)]
    return found[-1] if len(found) == 1 else -1


def _unpacked(path: str | os.PathLike[str], kind: str) -> tuple[dict[str, np.ndarray], str]:
    """The arrays of a file and what its metadata say of the content, after all checks."""
    raw = Path(path).read_bytes()
    metadata = _header(raw, path)
    found = metadata.get("kind")
    if kind != found:
        fixes = {"module": "Write load(module, path).", "state": "Write load_state(path)."}
        raise _refused(path, f"holds a {found}, not a {kind}", fixes.get(found or "", _AGAIN))
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    try:
        arrays = {name: np.array(array) for name, array in from_bytes(raw).items()}
    except (SafetensorError, KeyError):
        raise _refused(path, "is corrupted: its header doesn't fit its arrays", _AGAIN) from None
    return arrays, metadata.get("content", "")


def _header(raw: bytes, path: Any) -> dict[str, str]:
    """The metadata of the file, if every byte is as it was written."""
    if len(raw) < 8:
        raise _refused(path, f"is truncated: it {'is empty' if not raw else f'has only {len(raw)} bytes'}", _AGAIN)
    length = struct.unpack("<Q", raw[:8])[0]
    try:
        header = json.loads(raw[8 : 8 + length])
        metadata = header.get("__metadata__", {})
        size = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
        is_ours = metadata.get("format") == FORMAT
        version = int(metadata.get("format_version", 0))
        is_cut = len(raw) < 8 + length + size
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        if b'"format":"micrograd"' not in raw:
            raise _refused(
                path, "is foreign: it is no safetensors file of MicroGrad's", "Only load what save() wrote."
            ) from None
        cut = len(raw) < 8 + length
        raise _refused(path, "is truncated" if cut else "is corrupted: its header can't be read", _AGAIN) from None
    if not is_ours:
        fix = "safetensors.numpy.load_file(path) reads it; give its arrays to module.load_state_dict()."
        raise _refused(path, "is foreign: it is a safetensors file, but not MicroGrad's", fix)
    if version > FORMAT_VERSION:
        fix = "Upgrade: pip install --upgrade micrograd-nn."
        raise _refused(path, f"is newer: it has format {version}, and this version reads up to {FORMAT_VERSION}", fix)
    if is_cut:
        raise _refused(path, "is truncated: the end is missing", _AGAIN)
    place = _place_of_checksum(raw)
    blanked = raw[:place] + _BLANK.encode() + raw[place + 64 :] if place >= 0 else b""
    if place < 0 or hashlib.sha256(blanked).hexdigest().encode() != raw[place : place + 64]:
        raise _refused(path, "is corrupted: its checksum doesn't fit its content", _AGAIN)
    return {str(name): str(value) for name, value in metadata.items()}


def _refused(path: Any, what: str, fix: str) -> CheckpointError:
    return CheckpointError(f"{os.fspath(path)} {what}. {fix}")
