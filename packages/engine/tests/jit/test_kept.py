"""What is kept on disk between processes: machine code, and what tapes were lifted to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Value, jit, primitive  # noqa: E402
from micrograd.engine.errors import MissingExtraError  # noqa: E402
from micrograd.engine.jit import kept  # noqa: E402
from micrograd.engine.jit.compiling import remembered  # noqa: E402
from micrograd.engine.jit.compiling.lifted import lift  # noqa: E402

ROWS = np.random.default_rng(0).normal(size=(60, 3))

COMPILE = """
from micrograd.engine import Value, jit
from micrograd.engine.jit.backends import machine_code
compiled, compile = [], machine_code._compiled
machine_code._compiled = lambda *given: compiled.append(given) or compile(*given)
print(jit(lambda x: (x * x).tanh() + x, backend="numba")(Value(0.5)).data, len(compiled))
"""


@pytest.fixture
def lifts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was lifted, and not remembered; in a folder of this test's own."""
    monkeypatch.setenv("MICROGRAD_CACHE", str(tmp_path / "kept"))
    done: list[Any] = []
    monkeypatch.setattr(remembered, "lift", lambda given: done.append(given) or lift(given))
    return done


def net(scale: float = 1.0, activation: Callable[[Any], Any] = lambda h: h.tanh()) -> tuple[list[Value], Any]:
    """The parameters of a net of scalars, and its loss on 60 rows."""
    numbers = np.random.default_rng(1).normal(size=(5, 4)) * scale
    w = [[Value(number) for number in row] for row in numbers.tolist()]

    def loss(rows: Any) -> Any:
        hidden = [[activation(sum((p * x for p, x in zip(row, x_row)), row[3])) for row in w] for x_row in rows]  # noqa: B905
        return sum(sum(h * h * 2.0 for h in hs) for hs in hidden), hidden[7][2]

    return [p for row in w for p in row], loss


def run(f: Any, parameters: list[Value], rows: Any = ROWS) -> tuple[Any, ...]:
    for p in parameters:
        p.grad = 0.0
    total, one = f(rows)
    (total + one * 3.0).backward()
    return total.data, one.data, *(p.grad for p in parameters)


# ---- lifted tapes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["numpy", "auto"])
def test_a_tape_that_was_lifted_before_is_remembered(lifts: list[Any], backend: str) -> None:
    steps = []
    for scale in (1.0, 2.0):  # other numbers of the same net
        parameters, loss = net(scale)
        steps.append(jit(loss, backend=backend))
        expected = run(loss, parameters)
        assert run(steps[-1], parameters) == pytest.approx(expected, rel=1e-12)
    assert len(lifts) == 1
    first, again = steps
    assert str(again.program) == str(first.program)
    assert again.source == first.source
    assert again.passes == first.passes
    assert [stage.lines for stage in again.stages] == [stage.lines for stage in first.stages]
    assert [sorted(stage.origins.values()) for stage in again.stages] == [
        sorted(stage.origins.values()) for stage in first.stages
    ]
    counts = [{k: n for k, n in step.stats.items() if "seconds" not in k} for step in steps]
    assert counts[0] == counts[1]


def test_the_lines_of_a_remembered_program_are_those_of_today(lifts: list[Any]) -> None:
    lines = []
    for blank in ("", "\n\n\n"):
        names: dict[str, Any] = {}
        code = f"{blank}def f(rows):\n    parts = [(row[0] * row[1]).tanh() for row in rows]\n    return sum(parts)\n"
        exec(compile(code, "code.py", "exec"), names)
        step = jit(lambda rows, f=names["f"]: f(rows), backend="numpy")
        step(np.ones((1000, 2)).tolist())
        lines.append({(i.source.file, i.source.line) for i in step.program if i.source})
    assert len(lifts) == 1
    assert lines == [{("code.py", 2), ("code.py", 3)}, {("code.py", 5), ("code.py", 6)}]


def other_rows() -> Any:
    return ROWS[:50]


CHANGES: dict[str, Callable[[], Any]] = {
    "another operation": lambda: net(activation=lambda h: h.sin()),
    "another setting": lambda: net(activation=lambda h: h.leaky_relu(0.2)),
    "another constant": lambda: net(activation=lambda h: h.tanh() * 1.5),
    "the int 0 for a float": lambda: net(activation=lambda h: h.tanh() + Value(0)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_differs_is_lifted_anew(lifts: list[Any], name: str) -> None:
    for activation in (
        lambda h: h.tanh(),
        lambda h: h.leaky_relu(0.1),
        lambda h: h.tanh() * 2.5,
        lambda h: h.tanh() + Value(0.0),
    ):
        parameters, loss = net(activation=activation)
        run(jit(loss, backend="numpy"), parameters)
    known = len(lifts)
    parameters, loss = CHANGES[name]()
    assert run(jit(loss, backend="numpy"), parameters) == pytest.approx(run(loss, parameters), rel=1e-12)
    assert (known, len(lifts)) == (4, 5)


def test_other_data_of_another_length_is_lifted_anew(lifts: list[Any]) -> None:
    for rows in (ROWS, ROWS[:50], ROWS):
        parameters, loss = net()
        assert run(jit(loss, backend="numpy"), parameters, rows) == pytest.approx(
            run(loss, parameters, rows), rel=1e-12
        )
    assert len(lifts) == 2


def test_the_code_of_the_engine_is_found() -> None:
    assert remembered._code() not in (None, sha256().digest())


def test_other_code_of_the_engine_is_another_program(lifts: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (b"one", b"two", None):
        monkeypatch.setattr(remembered, "_code", lambda code=code: code)
        parameters, loss = net()
        run(jit(loss, backend="numpy"), parameters)
    assert len(lifts) == 3
    assert len(list(Path(os.environ["MICROGRAD_CACHE"]).glob("lifted_*"))) == 2


def test_a_primitive_of_the_users_own_is_not_kept(lifts: list[Any]) -> None:
    @primitive(lambda g, out, x: g * 2.0 * x, elementwise=True)
    def my_square(x: Any) -> Any:
        return x * x

    for _ in range(2):
        parameters, loss = net(activation=my_square)
        run(jit(loss, backend="numpy"), parameters)
    assert len(lifts) == 2
    assert not list(Path(os.environ["MICROGRAD_CACHE"]).glob("lifted_*"))


def cut(content: bytes) -> bytes:
    return content[:-8]


def of_unknown_primitive(content: bytes) -> bytes:
    return content.replace(b'"contract"', b'"unknown"').replace(b'"tanh"', b'"unknown"')


def beyond_the_end(content: bytes) -> bytes:
    return re.sub(rb'"offset": \d+', b'"offset": 100000', content)


def before_the_start(content: bytes) -> bytes:
    return re.sub(rb'"offset": \d+', b'"offset": -8', content)


def of_other_parameters(content: bytes) -> bytes:
    return content.replace(b'"order": [0', b'"order": [1')


def of_other_results(content: bytes) -> bytes:
    return re.sub(rb"\d+(]], \"arrays\")", rb"5000\1", content)


def of_another_format(content: bytes) -> bytes:
    return b'{"instructions": 7}\n'


def no_data(content: bytes) -> bytes:
    return b"import os"


SPOILING = [
    *(cut, of_unknown_primitive, beyond_the_end, before_the_start),
    *(of_other_parameters, of_other_results, of_another_format, no_data),
]


@pytest.mark.parametrize("spoil", SPOILING)
@pytest.mark.parametrize("checked", [True, False], ids=["with its checksum", "without"])
def test_what_is_spoilt_is_as_if_it_were_not_there(
    lifts: list[Any], spoil: Callable[[bytes], bytes], checked: bool
) -> None:
    parameters, loss = net()
    expected = run(jit(loss, backend="numpy"), parameters)
    (path,) = Path(os.environ["MICROGRAD_CACHE"]).glob("lifted_*")
    whole = path.read_bytes()
    content = kept.read(path)
    assert content is not None
    assert spoil(content) != content
    if checked:
        kept.keep(path, spoil(content))
    else:
        path.write_bytes(spoil(whole))
    assert run(jit(loss, backend="numpy"), parameters) == expected
    assert len(lifts) == 2
    assert path.read_bytes() == whole


def test_without_a_folder_every_tape_is_lifted(lifts: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROGRAD_CACHE", "")
    for _ in range(2):
        parameters, loss = net()
        run(jit(loss, backend="numpy"), parameters)
    assert len(lifts) == 2


def test_short_tapes_are_not_kept(lifts: list[Any]) -> None:
    assert jit(lambda x: (x * x).tanh(), backend="numpy")(Value(0.0)).data == 0.0
    assert len(lifts) == 1
    assert not list(Path(os.environ["MICROGRAD_CACHE"]).glob("lifted_*"))


# ---- machine code and files ------------------------------------------------------------------------------------------


def test_machine_code_is_kept_on_disk_and_found_whole_by_the_next_process(tmp_path: Path) -> None:
    pytest.importorskip("llvmlite")
    environment = {**os.environ, "MICROGRAD_CACHE": str(tmp_path / "kept")}

    def run() -> list[str]:
        command = [sys.executable, "-c", COMPILE]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    first, again = run(), run()
    assert first[0] == again[0]
    assert (first[1], again[1]) == ("1", "0")
    (path,) = (tmp_path / "kept").iterdir()
    code = path.read_bytes()
    path.write_bytes(code[:-1])
    assert run() == first
    assert path.read_bytes() == code


def test_only_the_latest_of_a_kind_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROGRAD_CACHE", str(tmp_path))
    monkeypatch.setattr(kept, "KEPT", 2)
    other = kept.place("other", b"0")
    assert other is not None
    kept.keep(other, b"older than all")
    os.utime(other, (0, 0))
    paths = []
    for k in range(4):
        path = kept.place("step", b"%d" % k, b"a machine")
        assert path is not None
        kept.keep(path, b"code")
        os.utime(path, (k + 1, k + 1))
        paths.append(path)
    assert [path.exists() for path in [other, *paths]] == [True, False, False, True, True]
    assert kept.read(paths[3]) == b"code"


def test_names_tell_what_was_given_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROGRAD_CACHE", str(tmp_path))
    assert kept.place("step", b"ab", b"c") != kept.place("step", b"a", b"bc")


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROGRAD_CACHE", str(tmp_path))
    monkeypatch.setattr(kept, "LARGEST", 3)
    path = kept.place("step", b"large")
    assert path is not None
    kept.keep(path, b"code")
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_kept_the_step_still_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MICROGRAD_CACHE", str(tmp_path / "file"))
    assert jit(lambda x: x * x, backend="numba")(Value(3.0)).data == 9.0


def test_without_llvmlite_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    with pytest.raises(MissingExtraError, match=r'needs llvmlite: pip install "micrograd-engine\[jit\]"'):
        jit(lambda x: x * x, backend="numba")(Value(3.0))
