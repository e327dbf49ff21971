"""The page of a recorded training, opened from a file in a real browser."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from micrograd.datasets import moons
from micrograd.engine import Tensor
from micrograd.engine.viz import record, show_passes
from micrograd.nn import MLP, SGD, Adam, fit, hinge_loss, jit_train_step, l2_penalty

STEPS = 100
MOST = 5_000_000


class Opened:
    """A page with what went wrong on it."""

    def __init__(self, browser: Any, path: Path) -> None:
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page = browser.new_page(viewport={"width": 1200, "height": 900})
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def number(self, name: str) -> float:
        return float(self.page.locator(f"#arithmetic tr[data-name='{name}'] td").nth(1).inner_text())

    def at(self, step: int, parameter: int) -> None:
        self.page.evaluate(
            "([step, k]) => { const s = document.getElementById('slider'); s.value = step; "
            "s.dispatchEvent(new Event('input')); const c = document.getElementById('chosen'); c.value = k; "
            "c.dispatchEvent(new Event('change')); }",
            [step, parameter],
        )


def tensors() -> tuple[Any, list[list[float]]]:
    """Moons by the demo's net on Tensors, and what its parameters were before each step."""
    data = moons(100, 0.1, 1337)
    model = MLP(2, [16, 16, 1], rng=random.Random(1337)).to_tensors()
    optimizer = Adam(model.parameters(), lr=0.02)
    X, y = Tensor(data.X), Tensor(data.signed_labels)
    seen = []
    with record(model, data=(data.X, data.y)) as tape:
        for _ in range(STEPS):
            optimizer.zero_grad()
            hinge_loss(model(X).reshape(-1), y).backward()
            seen.append([number for p in model.parameters() for number in p.data.reshape(-1).tolist()])
            optimizer.step()
    seen.append([number for p in model.parameters() for number in p.data.reshape(-1).tolist()])
    return tape, seen


def scalars() -> tuple[Any, list[list[float]]]:
    """The demo itself, by `fit`."""
    data = moons(100, 0.1, 1337)
    model = MLP(2, [16, 16, 1], rng=random.Random(1337))
    optimizer = SGD(model.parameters(), lr=0.5)
    seen = [[p.data for p in model.parameters()]]

    class Note:
        def on_step(self, run: Any) -> None:
            seen.append([p.data for p in model.parameters()])

    def loss(scores: Any, labels: Any) -> Any:
        return hinge_loss(scores, labels) + l2_penalty(model.parameters(), alpha=1e-4)

    with record(model) as tape:
        fit(model, (data.X, data.signed_labels), loss, optimizer, steps=STEPS, progress=False, callbacks=[Note()])
    return tape, seen


@pytest.mark.parametrize("training", [tensors, pytest.param(scalars, marks=pytest.mark.slow)])
def test_a_hundred_steps_of_moons(browser: Any, tmp_path: Path, training: Any) -> None:
    tape, seen = training()
    path = Path(tape.to_html(tmp_path / "moons.html"))
    assert path.stat().st_size < MOST
    opened = Opened(browser, path)
    page = opened.page
    assert f"{STEPS} steps, all of them kept" in page.locator("#about").inner_text()
    for step, parameter in ((0, 0), (1, 60), (37, 200), (99, 336)):
        opened.at(step, parameter)
        assert page.locator("#step").inner_text() == f"step {step} of {STEPS}"
        assert opened.number("old") == pytest.approx(seen[step][parameter], rel=1e-7)
        assert opened.number("new") == pytest.approx(seen[step + 1][parameter], rel=1e-7)
        assert opened.number("recorded") == pytest.approx(opened.number("new"), rel=1e-7)
        if training is scalars:
            worked_out = opened.number("old") - opened.number("lr") * opened.number("grad")
            assert worked_out == pytest.approx(opened.number("new"), rel=1e-6, abs=1e-8)
        else:
            m = opened.number("m") + 0.1 * (opened.number("grad") - opened.number("m"))
            assert m == pytest.approx(opened.number("m′"), rel=1e-5, abs=1e-12)
    page.locator("h1").click()
    page.keyboard.press("End")
    assert page.locator("#step").inner_text() == f"after {STEPS} steps"
    page.keyboard.press("ArrowLeft")
    assert page.locator("#step").inner_text() == f"step {STEPS - 1} of {STEPS}"
    page.keyboard.press("Home")
    page.click("#on")
    assert page.locator("#step").inner_text() == f"step 1 of {STEPS}"
    assert "nan" not in page.locator("#graph").inner_text()
    assert opened.errors == []
    assert opened.requests == [path.as_uri()]


def test_hostile_names_stay_text(browser: Any, tmp_path: Path) -> None:
    w = Tensor([1.0, 2.0], requires_grad=True, label="</script><img src=x onerror=document.title='taken'>")
    with record([w]) as tape:
        (w * w).sum().backward()
        w.data -= 0.1
    opened = Opened(browser, Path(tape.to_html(tmp_path / "hostile.html")))
    assert "<img" in opened.page.locator("#chosen").inner_text()
    assert opened.page.title() == "Training, step by step"
    assert opened.errors == []


def test_the_passes_of_a_step_from_the_keyboard(browser: Any, tmp_path: Path) -> None:
    model = MLP(2, [4, 1], rng=random.Random(0))
    data = moons(8, 0.1, 1)
    step = jit_train_step(
        lambda X, y: hinge_loss([model(row) for row in X], y), SGD(model.parameters(), lr=0.1), backend="numpy"
    )
    step(data.X, data.signed_labels)
    opened = Opened(browser, Path(show_passes(step).save(tmp_path / "passes.html")))
    page = opened.page
    assert page.locator("#name").inner_text() == "lifting"
    for _ in step.stages[1:]:
        page.keyboard.press("ArrowDown")
    last = step.stages[-1]
    assert page.locator("#name").inner_text() == last.name == "update, dead"
    assert page.locator("tr[data-after]").count() == len(last.instructions)
    assert page.locator("td.gone").count() == len(step.stages[-2].instructions) - len(last.instructions)
    assert opened.errors == []
    assert opened.requests == [(tmp_path / "passes.html").as_uri()]
