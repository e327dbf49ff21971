"""`record`: what is kept of a training, and that the training goes as it would without."""

from __future__ import annotations

import base64
import json
import math
import re
import subprocess
import sys
import threading
from array import array
from importlib.util import find_spec
from typing import Any

import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.engine.observing.listeners import listeners
from micrograd.engine.viz import record
from micrograd.engine.viz.recorder.boundary import Plane


class Line:
    """A model with two inputs and nothing else of a Module than its parameters."""

    def __init__(self) -> None:
        self.w = [Value(0.5), Value(-0.25)]
        self.b = Value(0.1)

    def __call__(self, x: Any) -> Any:
        return (self.w[0] * x[0] + self.w[1] * x[1] + self.b).tanh()

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]


X = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [-1.0, 0.5]]
Y = [1.0, -1.0, -1.0, 1.0]


def train(model: Line, steps: int, lr: float = 0.1) -> list[list[float]]:
    """micrograd's own loop; the parameters before each step."""
    seen = []
    for _ in range(steps):
        for p in model.parameters():
            p.grad = 0.0
        loss = sum(((model(x) - y) ** 2 for x, y in zip(X, Y, strict=True)), Value(0.0))
        loss.backward()
        seen.append([p.data for p in model.parameters()])
        for p in model.parameters():
            p.data -= lr * p.grad
    return seen


def page_data(tape: Any) -> dict[str, Any]:
    html = tape.page().html
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def doubles(text: str) -> list[float]:
    return list(array("d", base64.b64decode(text)))


# ---- what is kept ----------------------------------------------------------------------------------------------------


def test_a_loop_of_ones_own_is_cut_into_steps() -> None:
    model = Line()
    with record(model, data=(X, Y)) as tape:
        seen = train(model, 6)
    data = page_data(tape)
    assert [frame["step"] for frame in data["frames"]] == [0, 1, 2, 3, 4, 5, 6]
    assert [doubles(frame["old"]) for frame in data["frames"][:-1]] == seen
    for frame in data["frames"][:-1]:
        old, grad, new = (doubles(frame[name]) for name in ("old", "grad", "new"))
        assert new == pytest.approx([o - 0.1 * g for o, g in zip(old, grad, strict=True)], rel=1e-12)
    assert doubles(data["frames"][-1]["old"]) == [p.data for p in model.parameters()]
    assert data["frames"][-1]["new"] is None


def test_the_training_is_the_same_as_without() -> None:
    watched, alone = Line(), Line()
    with record(watched, data=(X, Y)):
        train(watched, 8)
    train(alone, 8)
    assert [p.data for p in watched.parameters()] == [p.data for p in alone.parameters()]
    assert [p.grad for p in watched.parameters()] == [p.grad for p in alone.parameters()]
    assert not listeners


def test_several_backward_passes_make_one_step() -> None:
    w = Value(2.0, label="w")
    with record([w]) as tape:
        for _ in range(3):
            w.grad = 0.0
            for x in (1.0, 2.0):
                ((w * x) ** 2).backward()
            w.data -= 0.01 * w.grad
    assert len(tape.losses) == 3
    assert tape.losses[0] == 20.0


def test_every_so_many_and_the_budget_thin_the_steps_out() -> None:
    model = Line()
    with record(model, every=3) as tape:
        train(model, 10)
    assert [frame["step"] for frame in page_data(tape)["frames"]] == [0, 3, 6, 9, 10]
    model = Line()
    with record(model, budget=6000) as tape:
        train(model, 60)
    data = page_data(tape)
    assert data["every"] > 1
    assert len(tape.losses) == 60
    assert sum(len(json.dumps(frame)) for frame in data["frames"][:-1]) < 6000
    assert [frame["step"] % data["every"] for frame in data["frames"][:-1]] == [0] * (len(data["frames"]) - 1)


def test_the_plane_and_the_graph_of_a_sample_are_those_before_the_step() -> None:
    model = Line()
    with record(model, data=(X, Y), sample=1) as tape:
        train(model, 2)
    data = page_data(tape)
    first, second, last = (array("b", base64.b64decode(frame["plane"])) for frame in data["frames"])
    assert len(first) == data["side"] ** 2
    assert first != second != last
    left, right, low, high = data["extent"]
    for scores, frame in ((first, data["frames"][0]), (last, data["frames"][-1])):
        w0, w1, b = doubles(frame["old"])
        for place in (0, 17, 500, 1023):
            x = left + (right - left) * (place % 32 + 0.5) / 32
            y = low + (high - low) * (place // 32 + 0.5) / 32
            assert scores[place] == pytest.approx(127 * math.tanh(math.tanh(w0 * x + w1 * y + b)), abs=1)
        numbers = doubles(frame["graph"])
        assert numbers[-4:] == [math.tanh(w0 + b)] * 2 + [1.0, 1.0]
    assert "x1" in data["svg"]


def test_every_way_to_ask_a_model_gives_the_same_plane() -> None:
    plane = Plane(Line(), X, takes_arrays=False)
    ways = plane.ways if find_spec("numpy") else plane.ways[1:]
    first, *others = [way() for way in ways if not setattr(plane, "_compiled", None)]
    assert len(set(first)) > 20
    for other in others:
        assert other == pytest.approx(first, abs=1)


def test_several_scores_give_the_largest() -> None:
    class Two(Line):
        def __call__(self, x: Any) -> Any:
            return [x[0] * self.w[0], x[1] * self.w[0], self.b]

    plane = Plane(Two(), X, takes_arrays=False)
    for way in plane.ways if find_spec("numpy") else plane.ways[1:]:
        plane._compiled = None
        assert set(way()) == {0, 1, 2}


def test_a_model_that_refuses_the_grid_does_not_stop_the_training() -> None:
    class Picky(Line):
        def __call__(self, x: Any) -> Any:
            if any(not isinstance(number, float) for number in x):
                raise TypeError("only floats")
            return super().__call__(x) if x in X else 1 / 0

    model = Picky()
    with record(model, data=(X, Y)) as tape:
        train(model, 3)
    assert [frame["plane"] for frame in page_data(tape)["frames"]] == [None] * 4
    assert len(tape.losses) == 3


def test_a_loop_that_fails_leaves_a_tape_of_what_was() -> None:
    tapes = []

    def failing() -> None:
        model = Line()
        with record(model) as tape:
            tapes.append(tape)
            train(model, 2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert len(tapes[0].losses) == 2
    assert not listeners


def test_other_models_and_other_threads_are_not_recorded() -> None:
    model = Line()
    with record(model) as tape:
        thread = threading.Thread(target=train, args=(Line(), 3))
        thread.start()
        thread.join()
    assert tape.losses == []
    assert repr(tape) == "<Tape of no steps>"


def test_losses_that_are_no_numbers_are_kept() -> None:
    w = Value(1.0, label="w")
    with record([w]) as tape:
        for _ in range(2):
            (w * math.inf).backward()
            w.data -= 0.1
            w.grad = 0.0
    assert tape.losses == [math.inf, math.inf]
    tape.page()


@pytest.mark.parametrize("model", [[], Line])
def test_what_has_no_parameters_is_refused(model: Any) -> None:
    with pytest.raises((MicrogradTypeError, MicrogradValueError, TypeError)), record(model):
        pass


@pytest.mark.parametrize("settings", [{"every": 0}, {"budget": 0}])
def test_settings_that_make_no_sense_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(MicrogradValueError, match="at least 1"), record(Line(), **settings):
        pass


# ---- the page --------------------------------------------------------------------------------------------------------


def test_labels_are_text(tmp_path) -> None:
    w = Value(1.0, label="</script><img src=x onerror=alert(1)>")
    with record([w]) as tape:
        (w * w).backward()
        w.data -= 0.1
    path = tape.to_html(tmp_path / "folder" / "training")
    html = (tmp_path / "folder" / "training.html").read_text("utf-8")
    assert path.endswith("training.html")
    assert "<img src=x" not in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")


def test_an_empty_tape_is_a_page_too() -> None:
    with record(Line()) as tape:
        pass
    assert page_data(tape)["frames"][0]["step"] == 0


def test_needs_the_standard_library_alone() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from micrograd.engine import Value\n"
        "from micrograd.engine.viz import record\n"
        "class M:\n"
        "    def __init__(self): self.w = Value(0.5, label='w')\n"
        "    def __call__(self, x): return (self.w * x[0] + x[1]).tanh()\n"
        "    def parameters(self): return [self.w]\n"
        "m = M()\n"
        "with record(m, data=([[0.0, 1.0], [1.0, 2.0]], [0, 1])) as tape:\n"
        "    m([0.0, 1.0]).backward(); m.w.data -= 0.1\n"
        "assert tape._recorder.frames.kept[0].plane is not None\n"
        "print(len(tape.page().html) > 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr


# ---- Tensors ---------------------------------------------------------------------------------------------------------


def test_of_large_parameters_some_numbers_are_followed() -> None:
    np = pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    w = Tensor(np.arange(250_000.0).reshape(500, 500), requires_grad=True, label="w")
    b = Tensor(np.zeros(3), requires_grad=True, label="b")
    with record([w, b]) as tape:
        for _ in range(2):
            w.grad = b.grad = None
            ((w * 1e-6).sum() + b.sum()).backward()
            w.data -= 0.5 * w.grad
            b.data -= 0.5 * b.grad
    data = page_data(tape)
    assert data["total"] == 250_003
    assert 1000 < len(data["names"]) <= 1500
    old = doubles(data["frames"][0]["old"])
    for name, number in zip(data["names"], old, strict=True):
        row, column = map(int, re.findall(r"\d+", name)) if name.startswith("w[") else (0, 0)
        assert number == (500 * row + column if name.startswith("w[") else 0.0)
