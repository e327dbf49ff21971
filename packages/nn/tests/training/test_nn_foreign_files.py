"""Files that somebody else made, whose checksum is right all the same; and places where no file can be."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("safetensors")

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor  # noqa: E402
from micrograd.nn import Linear, Module, serialization  # noqa: E402
from micrograd.nn.serialization import CheckpointError, load, load_state, save, save_state  # noqa: E402


def signed(header: dict[str, Any], body: bytes, **metadata: str) -> bytes:
    """A file with a header of one's own, and the checksum that belongs to it."""
    own = {"format": "micrograd", "format_version": "1", "kind": "state", **metadata, "sha256": "0" * 64}
    text = json.dumps({"__metadata__": own, **header}, separators=(",", ":")).encode()
    raw = struct.pack("<Q", len(text)) + text + body
    return raw.replace(b"0" * 64, hashlib.sha256(raw).hexdigest().encode())


SENSELESS = [
    "",
    "[1, 2",
    "{}",
    '{"array": "9"}',
    '{"a": 1, "b": 2}',
    '{"dict": [1]}',
    '{"dict": 5}',
    '{"exec": "0"}',
    '{"tuple": 5}',
    '{"dict": [[{"dict": []}, 1]]}',
    "[" * 100_000 + "]" * 100_000,
]


@pytest.mark.parametrize("content", SENSELESS)
def test_a_description_that_makes_no_sense_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(serialization._packed({"0": np.ones(2)}, "state", content))
    with pytest.raises(CheckpointError, match="corrupted: what it says of its content makes no sense"):
        load_state(path)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F64", "shape": [3], "data_offsets": [0, 16]},
        {"dtype": "F64", "shape": [-2], "data_offsets": [0, 16]},
        {"dtype": "F64", "shape": [2**40, 2**40], "data_offsets": [0, 16]},
        {"dtype": "BF16", "shape": [8], "data_offsets": [0, 16]},
        {"dtype": "F64", "shape": [2], "data_offsets": [0, "16"]},
        [],
    ],
)
def test_a_header_that_doesn_t_fit_is_refused(entry: Any, tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(signed({"0": entry}, bytes(16), content="1"))
    with pytest.raises(CheckpointError, match="corrupted: its header"):
        load_state(path)


def test_a_header_nested_deeply_or_without_a_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(struct.pack("<Q", 200_000) + b"[" * 200_000)
    with pytest.raises(CheckpointError, match="foreign"):
        load_state(path)
    path.write_bytes(signed({}, b"", kind="dream", content="1"))
    with pytest.raises(CheckpointError, match=r"holds a dream, not a state\. Load an older copy"):
        load_state(path)


# ---- what can't be written -------------------------------------------------------------------------------------------


def test_a_state_that_contains_itself_is_refused(tmp_path: Path) -> None:
    state: list[Any] = []
    state.append(state)
    with pytest.raises(MicrogradValueError, match="contains itself"):
        save_state(state, tmp_path / "state")


@pytest.mark.parametrize(
    ("array", "advice"),
    [
        (np.ma.array([1.0, 2.0], mask=[False, True]), r"filled"),
        (np.array([1j]), r"array\.real"),
        (np.array(["a"]), r"tolist"),
        (np.ones(1, np.longdouble), r"astype\(float\)"),
    ],
)
def test_arrays_that_would_lose_something_say_what_to_save_instead(array: Any, advice: str, tmp_path: Path) -> None:
    if array.dtype == np.longdouble and array.itemsize == 8:
        pytest.skip("long double is double here")
    with pytest.raises(MicrogradTypeError, match=advice):
        save_state({"array": array}, tmp_path / "state")


class Twice(Module):
    """Two parameters, whose paths are the same text."""

    def __init__(self) -> None:
        self.w = {"a.b": Tensor([1.0], requires_grad=True), "a": {"b": Tensor([2.0], requires_grad=True)}}


def test_two_parameters_of_one_name_are_refused_rather_than_one_of_them_lost(tmp_path: Path) -> None:
    for use in (Twice().state_dict, lambda: save(Twice(), tmp_path / "m"), lambda: Twice().load_state_dict({})):
        with pytest.raises(MicrogradValueError, match=r"two parameters of this Twice are named 'w\.a\.b'"):
            use()


# ---- places ----------------------------------------------------------------------------------------------------------


def test_a_place_where_no_file_can_be_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"No such folder, make it first: '.*nowhere'"):
        save_state(1, tmp_path / "nowhere" / "state")
    with pytest.raises(IsADirectoryError, match="Is a folder, name a file in it"):
        save_state(1, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe with a name")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    with pytest.raises(OSError, match="neither a file nor free"):
        save_state(1, tmp_path / "link")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_a_file_that_was_private_stays_so(tmp_path: Path) -> None:
    save_state(1, tmp_path / "state")
    (tmp_path / "state").chmod(0o600)
    save_state(2, tmp_path / "state")
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o600


def test_threads_that_save_to_one_file_leave_that_of_one_of_them(tmp_path: Path) -> None:
    path, models = tmp_path / "model", [Linear(50, 50, rng=seed) for seed in range(4)]
    failed: list[BaseException] = []

    def save_often(model: Linear) -> None:
        try:
            for _ in range(25):
                save(model, path)
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=save_often, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = load(Linear(50, 50, rng=9), path)
    assert any(np.array_equal(found.weight.data, model.weight.data) for model in models)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]
