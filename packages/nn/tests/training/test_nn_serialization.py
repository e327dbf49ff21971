"""Checkpoints: whole after any kill, damage always noticed, every layout kept, nothing executed."""

from __future__ import annotations

import errno
import json
import math
import os
import pickle
import random
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("safetensors")

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor, Value  # noqa: E402
from micrograd.nn import MLP, BatchNorm1d, Linear, Sequential, files, serialization  # noqa: E402
from micrograd.nn.serialization import CheckpointError, load, load_state, save, save_state  # noqa: E402


def model() -> Sequential:
    return Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), Linear(4, 1, rng=1))


# ---- there and back --------------------------------------------------------------------------------------------------


def test_a_model_comes_back(tmp_path: Path) -> None:
    first, second = model(), model()
    first(Tensor(np.random.default_rng(0).normal(size=(8, 3))))
    for parameter in first.parameters():
        parameter.data += 1.0
    save(first, tmp_path / "model.safetensors")
    assert load(second, tmp_path / "model.safetensors") is second
    for name, array in first.state_dict().items():
        np.testing.assert_array_equal(second.state_dict()[name], array)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.safetensors"]


def test_a_scalar_net_comes_back_to_the_bit(tmp_path: Path) -> None:
    first, second = MLP(2, [3, 1]), MLP(2, [3, 1])
    save(first, tmp_path / "net")
    load(second, tmp_path / "net")
    assert second.state_dict() == first.state_dict()


def test_other_programs_find_the_weights_by_name(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    save(model(), tmp_path / "model.safetensors")
    assert load_file(tmp_path / "model.safetensors")["0.weight"].shape == (4, 3)


def test_a_model_of_another_shape_is_left_alone(tmp_path: Path) -> None:
    save(model(), tmp_path / "model")
    other = Sequential(Linear(3, 5, rng=0))
    before = other.state_dict()
    with pytest.raises(MicrogradValueError, match="unexpected"):
        load(other, tmp_path / "model")
    np.testing.assert_array_equal(other.state_dict()["0.weight"], before["0.weight"])


LAYOUTS = {
    "in order": np.arange(6.0).reshape(2, 3),
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "every second": np.arange(12.0)[::2],
    "backwards": np.arange(6.0)[::-1],
    "broadcast": np.broadcast_to(np.arange(3.0), (4, 3)),
    "no axis": np.array(2.5),
    "empty": np.zeros((0, 3)),
    "foreign byte order": np.arange(3.0).astype(">f8"),
    "half": np.array([1.5], dtype=np.float16),
    "single": np.array([1.5], dtype=np.float32),
    "bytes": np.array([1, -2], dtype=np.int8),
    "long": np.array([2**62], dtype=np.int64),
    "unsigned": np.array([2**63], dtype=np.uint64),
    "truths": np.array([True, False]),
    "not finite": np.array([math.nan, math.inf, -0.0]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_comes_back(layout: str, tmp_path: Path) -> None:
    array = LAYOUTS[layout]
    save_state({"array": array}, tmp_path / "state")
    found = load_state(tmp_path / "state")["array"]
    assert found.shape == array.shape
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)
    assert found.flags.writeable


def test_every_nest_comes_back(tmp_path: Path) -> None:
    rng, other = np.random.default_rng(3), random.Random(4)
    state = {
        "step": 12,
        "big": 2**200,
        "rate": 0.1 + 0.2,
        "none": None,
        "flags": (True, False),
        "text": 'naïve "quotes" \n {}',
        "nan": math.nan,
        "inf": -math.inf,
        "rng": rng.bit_generator.state,
        "twister": np.random.RandomState(1).get_state(),
        "other": other.getstate(),
        "nest": [{"a": (np.ones(2), [])}, {}, ()],
        3: "a number for a key",
        "scalar": np.float64(1.5),
    }
    save_state(state, tmp_path / "state")
    found = load_state(tmp_path / "state")
    assert list(found) == list(state)
    assert found["other"] == other.getstate()
    assert found["rng"] == rng.bit_generator.state
    assert found["twister"][1].tolist() == state["twister"][1].tolist()  # type: ignore[index]
    assert math.isnan(found.pop("nan"))
    plain = ("step", "big", "rate", "none", "flags", "text", "inf", 3, "scalar")
    assert {key: found[key] for key in plain} == {key: state[key] for key in plain}
    assert found["nest"][1:] == [{}, ()]


@pytest.mark.parametrize(
    "thing", [object(), Value(1.0), {1, 2}, 1j, np.array([1j]), np.array(["text"]), np.longdouble(1)]
)
def test_what_cannot_be_saved_is_refused_and_named(thing: Any, tmp_path: Path) -> None:
    save_state("old", tmp_path / "state")
    with pytest.raises(MicrogradTypeError, match=r"state\['deep'\]\[0\]"):
        save_state({"deep": [thing]}, tmp_path / "state")
    assert load_state(tmp_path / "state") == "old"


# ---- damage ----------------------------------------------------------------------------------------------------------


def small_file(folder: Path) -> tuple[Path, bytes]:
    path = folder / "state"
    save_state({"w": np.arange(5.0), "step": 3}, path)
    return path, path.read_bytes()


def test_every_flipped_bit_is_reported(tmp_path: Path) -> None:
    path, whole = small_file(tmp_path)
    bits = [random.Random(0).randrange(8 * len(whole)) for _ in range(10_000)]
    for bit in {*bits, *range(8 * 24)}:
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError):
            load_state(path)


def test_a_truncation_at_every_byte_is_reported(tmp_path: Path) -> None:
    path, whole = small_file(tmp_path)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=r"truncated|foreign"):
            load_state(path)
    path.write_bytes(whole + b"x")
    with pytest.raises(CheckpointError, match="corrupted"):
        load_state(path)


def with_metadata(whole: bytes, **changes: str) -> bytes:
    (length,) = struct.unpack("<Q", whole[:8])
    header = json.loads(whole[8 : 8 + length])
    header["__metadata__"].update(changes)
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + whole[8 + length :]


def test_the_message_says_what_is_wrong(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    path, whole = small_file(tmp_path)
    cases = {
        "truncated: it is empty": b"",
        "truncated: the end is missing": whole[:-1],
        "corrupted: its checksum": whole[:-1] + bytes([whole[-1] ^ 1]),
        "newer: it has format 2": with_metadata(whole, format_version="2"),
        "foreign: it is no safetensors file": pickle.dumps({"w": 1}),
        "corrupted: its checksum doesn't fit": with_metadata(whole, content='{"dict": []}'),
    }
    for message, content in cases.items():
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match=message):
            load_state(path)
    save_file({"w": np.ones(2)}, path)
    with pytest.raises(CheckpointError, match=r"foreign: it is a safetensors file, but not MicroGrad's.*load_file"):
        load_state(path)
    save(model(), path)
    with pytest.raises(CheckpointError, match=r"holds a module, not a state. Write load\(module, path\)"):
        load_state(path)
    with pytest.raises(FileNotFoundError):
        load_state(tmp_path / "nowhere")


class Hostile:
    def __reduce__(self) -> Any:
        return os.system, ("touch executed",)


def test_nothing_hostile_executes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, whole = small_file(tmp_path)
    for content in (
        pickle.dumps(Hostile()),
        with_metadata(whole, content="__import__('os').system('touch executed')"),
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 40) + b'{"w":{"dtype":"F64","shape":[2],"data":1}}',
    ):
        path.write_bytes(content)
        with pytest.raises(CheckpointError):
            load_state(path)
    assert not (tmp_path / "executed").exists()


# ---- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_a_disk_that_fails_keeps_the_old_file(failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_state("old", tmp_path / "state")

    def full(*args: Any, **kwargs: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    if failing == "write":
        limited = type("Limited", (), {"__enter__": lambda self: self, "__exit__": lambda *_: None, "write": full})
        monkeypatch.setattr(files.Path, "open", lambda *args: limited())
    elif failing == "fsync":
        monkeypatch.setattr(files.os, "fsync", full)
    else:
        monkeypatch.setattr(files.Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        save_state("new", tmp_path / "state")
    monkeypatch.undo()
    assert load_state(tmp_path / "state") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")
def test_a_file_that_grows_too_large_keeps_the_old_one(tmp_path: Path) -> None:
    save_state("old", tmp_path / "state")
    script = (
        "import resource, signal, sys, numpy as np\n"
        "from micrograd.nn.serialization import save_state\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n    save_state(np.ones(100_000), sys.argv[1])\n"
        "except OSError as error:\n    print(error.errno)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "state")], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) == errno.EFBIG
    assert load_state(tmp_path / "state") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    save_state("old", tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    save_state("new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert load_state(tmp_path / "real") == "new"


KILLING = """
import os, random, signal, sys, time
import numpy as np
from micrograd.nn.serialization import load_state, save_state

path, rng, last = sys.argv[1], random.Random(0), -1
save_state({"k": -1, "numbers": np.full(20_000, -1.0)}, path)
for _ in range(200):
    child = os.fork()
    if child == 0:
        for k in range(10**9):
            save_state({"k": k, "numbers": np.full(20_000, float(k))}, path)
    time.sleep(rng.uniform(0.0, 0.05))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    state = load_state(path)
    assert (state["numbers"] == state["k"]).all()
    last = max(last, state["k"])
print(last)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills copies of itself")
def test_two_hundred_kills_leave_the_old_or_the_new_and_the_next_save_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "state"
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads is not to be forked
    run = subprocess.run(
        [sys.executable, "-c", KILLING, str(path)], capture_output=True, text=True, check=False, env=alone
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 0
    save_state("done", path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_the_format_is_written_down() -> None:
    assert serialization.FORMAT_VERSION == 1
