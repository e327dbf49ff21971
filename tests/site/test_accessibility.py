"""axe-core finds nothing serious, light or dark, on the main pages of the site and on those that the library makes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from micrograd.datasets import moons
from micrograd.engine.viz import record, show_passes
from micrograd.nn import MLP, SGD, fit, hinge_loss, jit_train_step

AXE = Path(__file__).parents[2] / ".nox" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
MAIN = [
    "",
    "all-of-micrograd/",
    "playground/",
    "moons/",
    "tutorials/",
    "tutorials/01-derivative/",
    "tutorials/05-two-moons/",
    "exercises/",
    "exercises/operations/",
    "how-to/from-pytorch/",
    "how-to/record-training/",
    "explanation/derivatives/",
    "explanation/benchmarks/",
    "reference/",
    "reference/engine/value/",
    "reference/nn/",
    "history/engine/",
    "assets/debugger/neuron.html",
    "assets/debugger/overflow.html",
    "assets/debugger/softmax.html",
]

pytestmark = [
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core isn't fetched: python docs/vendor/fetch.py"),
    pytest.mark.parametrize("scheme", ["light", "dark"]),
]


def serious(browser: Any, address: str, scheme: str) -> list[tuple[str, str, str]]:
    """What axe-core says is serious or worse: which rule, where, and what to do."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(address)  # until it is loaded, its scripts included
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text("utf-8"))  # by the browser's own door: a page may forbid scripts of others
    found = page.evaluate("axe.run({ iframes: false })")["violations"]
    context.close()
    grave = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    return [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in grave]


@pytest.mark.parametrize("name", MAIN)
def test_page_is_accessible(base: str, browser: Any, name: str, scheme: str) -> None:
    assert serious(browser, base + name, scheme) == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a recorded training, and that of the passes of its compiled step."""
    folder = tmp_path_factory.mktemp("pages")
    data = moons(20, 0.1, 1)
    model = MLP(2, [4, 1], rng=random.Random(1))
    optimizer = SGD(model.parameters(), lr=0.1)
    with record(model, data=(data.X, data.y)) as tape:
        fit(model, (data.X, data.signed_labels), hinge_loss, optimizer, steps=5, progress=False)
    tape.to_html(folder / "record.html")
    step = jit_train_step(lambda X, y: hinge_loss([model(x) for x in X], y), optimizer, backend="numpy")
    step(data.X, data.signed_labels.astype(float))
    show_passes(step).save(folder / "passes.html")
    return {"record": folder / "record.html", "passes": folder / "passes.html"}


@pytest.mark.parametrize("name", ["record", "passes"])
def test_made_page_is_accessible(made: dict[str, Path], browser: Any, name: str, scheme: str) -> None:
    assert serious(browser, made[name].as_uri(), scheme) == []
