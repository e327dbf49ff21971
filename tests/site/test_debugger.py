"""The debugger's page in a browser, from a file: every step there and back, and the sums that it shows."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from micrograd.datasets import moons
from micrograd.engine import Tensor, Value, cross_entropy
from micrograd.engine.viz import debug
from micrograd.engine.viz.names.paths import as_code
from micrograd.nn import MLP, Neuron

pytest.importorskip("playwright.sync_api")

HOSTILE = "</script><img src=x onerror=document.title='taken'>"


def cube() -> tuple[Any, Any]:
    x, y = Value(3.0, label="x"), Value(-2.0, label="y")
    z = x**3 + x * y
    return (z * x * 0.01).tanh() + z * z, None


def neuron() -> tuple[Any, Any]:
    model = Neuron(3, activation="tanh", rng=random.Random(1))
    return model([Value(1.0), Value(2.0), Value(-1.0)]), model


def network() -> tuple[Any, Any]:
    model = MLP(2, [4, 4, 1], rng=random.Random(1))
    return (model([Value(1.0), Value(-2.0)]) - 1.0) ** 2, model


def classifier() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    W = Tensor(rng.normal(size=(3, 4)), requires_grad=True, label="W")
    b = Tensor(np.zeros(4), requires_grad=True, label="b")
    return cross_entropy((Tensor(rng.normal(size=(5, 3))) @ W + b).tanh(), np.array([0, 1, 2, 3, 0])), [W, b]


def samples(count: int = 24) -> tuple[Any, Any]:
    rng = random.Random(2)
    model = MLP(2, [4, 1], rng=rng)
    losses = [(1 + -model([rng.uniform(-1, 1), rng.uniform(-1, 1)])).relu() for _ in range(count)]
    return sum(losses) * (1.0 / count) + 1e-4 * sum(p * p for p in model.parameters()), model


GRAPHS = {"cube": cube, "neuron": neuron, "network": network, "classifier": classifier, "samples": samples}


@pytest.fixture
def opened(browser: Any, tmp_path: Any) -> Any:
    """Opens the page of a graph from a file; at the end nothing may have gone wrong, or been asked of the net."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))

    def open_page(root: Any, parameters: Any = None) -> Any:
        path = debug(root, parameters=parameters).save(tmp_path / "graph.html")
        page.goto(f"file://{path}")
        page.wait_for_selector("#app[data-step]")
        return page

    yield open_page
    context.close()
    assert complaints == []


READ = """() => [...document.querySelectorAll('#step .contribution')].map(part => {
    const exact = (name) => part.querySelector(name)?.dataset.exact;
    const arrays = [...part.querySelectorAll('.array')];
    return {
        receiver: Number(part.dataset.receiver), amount: exact('.amount'), local: exact('.local'),
        upstream: exact('.upstreamed'), after: exact('.after'),
        numbers: [...(arrays.at(-1)?.querySelectorAll('.figure') ?? [])].map((figure) => figure.dataset.exact),
    };
})"""


def steps_through(page: Any) -> dict[int, Any]:
    """Press the arrow key to the end, and add up the contributions that the page shows for every node."""
    last = int(page.get_attribute("#slider", "max"))
    sums: dict[int, Any] = {}
    for step in range(1, last + 1):
        page.keyboard.press("ArrowRight")
        assert page.get_attribute("#app", "data-step") == str(step)
        for part in page.evaluate(READ):
            if part["amount"] is None and not part["numbers"]:
                continue
            amount = float(part["amount"]) if part["amount"] is not None else np.array(part["numbers"], float)
            if part["local"] is not None:
                assert float(part["local"]) * float(part["upstream"]) == pytest.approx(float(part["amount"]), rel=1e-12)
            sums[part["receiver"]] = sums.get(part["receiver"], 0.0) + amount
            if part["after"] is not None:
                assert float(part["after"]) == sums[part["receiver"]]
    return sums


@pytest.mark.parametrize("name", ["cube", "neuron", "network", "classifier"])
def test_what_the_page_adds_up_is_the_gradient_of_the_engine(name: str, opened: Any) -> None:
    from micrograd.engine.graph import topological_order

    root, parameters = GRAPHS[name]()
    page = opened(root, parameters)
    page.locator("#stage").focus()
    sums = steps_through(page)
    root.backward()
    order = topological_order(root)
    reached = {place for place, node in enumerate(order[:-1]) if node.grad is not None}
    assert reached == sums.keys()
    for place, found in sums.items():
        np.testing.assert_allclose(np.ravel(found), np.ravel(order[place].grad), rtol=1e-12)
    page.keyboard.press("Home")
    assert page.get_attribute("#app", "data-phase") == "start"


def test_done_now_and_to_come_differ_in_more_than_colour(opened: Any) -> None:
    page = opened(*cube())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".unit.now").count() == 1
    outline = "selector => getComputedStyle(document.querySelector(selector)).borderTopStyle"
    assert page.evaluate(outline, ".unit.todo > .card") == "dashed"
    assert page.evaluate(outline, ".unit.done > .card") == "solid"
    assert page.evaluate("getComputedStyle(document.querySelector('.unit.now > .card'), '::before').content") == '"▶"'


def test_buttons_slider_and_keys_step_there_and_back(opened: Any) -> None:
    page = opened(*cube())
    last = page.get_attribute("#slider", "max")
    step = lambda: page.get_attribute("#app", "data-step")  # noqa: E731
    page.click("#next")
    page.click("#next")
    page.click("#back")
    assert step() == "1"
    page.click("#last")
    assert step() == last
    page.keyboard.press("ArrowLeft")
    page.locator("#slider").fill("3")
    assert step() == "3"
    page.keyboard.press("b")
    assert page.get_attribute("#app", "data-phase") == "seed"
    page.select_option("#speed", "30")
    page.keyboard.press("Space")
    page.wait_for_selector(f"#app[data-step='{last}']")


def test_boxes_open_and_close_on_a_click_and_draw_no_more_than_they_show(opened: Any) -> None:
    page = opened(*samples())
    drawn = "document.querySelectorAll('.unit, .box').length"
    before = page.evaluate(drawn)
    assert before <= 16
    number = page.get_attribute(".box:not(.is-open) >> nth=0", "data-box")
    page.click(f"[data-box='{number}'] > .boxname")
    assert page.evaluate(drawn) > before
    page.click(f"[data-box='{number}'] > .boxname")
    assert page.evaluate(drawn) == before


def test_what_is_drawn_stays_where_another_box_opens_and_is_as_before_once_it_closes(opened: Any) -> None:
    page = opened(*samples())
    page.click("#last")
    before = page.evaluate("document.getElementById('units').innerHTML")
    page.evaluate("document.querySelectorAll('.unit').forEach((unit, k) => { unit.drawnBefore = k; })")
    marks = "[...document.querySelectorAll('.unit')].map(unit => unit.drawnBefore).filter(k => k !== undefined)"
    count = page.locator(".unit").count()
    number = page.get_attribute(".box:not(.is-open) >> nth=0", "data-box")
    page.click(f"[data-box='{number}'] > .boxname")
    assert page.evaluate(marks) == list(range(count))
    assert page.locator(".unit, .box").count() > count
    page.click(f"[data-box='{number}'] > .boxname")
    assert page.evaluate(marks) == list(range(count))
    assert page.evaluate("document.getElementById('units').innerHTML") == before


OPEN_ONE = "document.querySelector('.box:not(.is-open) > .boxname')?.click()"
UNSEEN = """() => {
    const stage = document.getElementById('stage').getBoundingClientRect();
    const [across, down] = [stage.width, stage.height];
    return [...document.querySelectorAll('.unit, .box')].map(made => made.getBoundingClientRect()).filter(
        made => made.left > stage.right + across || made.right < stage.left - across
            || made.top > stage.bottom + down || made.bottom < stage.top - down
    ).length;
}"""


def test_of_a_large_graph_only_what_is_in_view_is_drawn(opened: Any) -> None:
    page = opened(*samples())
    for step in range(5, 600, 20):
        page.locator("#slider").fill(str(step))
        page.keyboard.press("o")
    assert page.evaluate(UNSEEN) == 0
    assert page.locator(".unit, .box").count() < 100
    # What comes into view under the hand is there.
    page.mouse.move(400, 400)
    page.mouse.down()
    page.mouse.move(-2000, 400, steps=5)
    page.mouse.up()
    assert page.evaluate(UNSEEN) == 0
    assert page.locator(".unit, .box").count() > 0
    page.keyboard.press("f")
    for _ in range(14):
        page.keyboard.press("-")
    assert page.locator(".box.block").count() > 0
    assert page.evaluate(UNSEEN) == 0


def test_the_tab_key_brings_the_box_that_it_reaches_into_view(opened: Any) -> None:
    page = opened(*samples())
    for _ in range(12):
        page.evaluate(OPEN_ONE)
    page.locator("#stage").focus()
    for _ in range(8):
        page.keyboard.press("Tab")
        reached = page.evaluate(
            "document.activeElement.matches('.boxname') && document.activeElement.getBoundingClientRect().toJSON()"
        )
        assert reached
        assert 0 <= reached["left"] < 1280
        assert 0 <= reached["top"] < 800


OUT_OF_VIEW = """() => {
    const stage = document.getElementById('stage').getBoundingClientRect();
    return [...document.querySelectorAll('.unit, .box, .note')].map(made => made.getBoundingClientRect()).filter(
        made => made.left < stage.left || made.right > stage.right || made.top < stage.top || made.bottom > stage.bottom
    ).length;
}"""


def test_a_graph_that_fits_is_shown_whole_at_every_step(opened: Any) -> None:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    page = opened((a * b + c) ** 2 + a * a)
    page.set_viewport_size({"width": 1300, "height": 800})
    page.reload()
    for _ in range(int(page.get_attribute("#slider", "max"))):
        assert page.evaluate(OUT_OF_VIEW) == 0
        page.keyboard.press("ArrowRight")
    assert page.locator(".note").count() == 2
    assert page.evaluate(OUT_OF_VIEW) == 0


def test_what_was_fitted_fits_a_window_of_another_size(opened: Any) -> None:
    page = opened(*network())
    for width, height in ((1280, 500), (700, 900)):
        page.keyboard.press("f")
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(OUT_OF_VIEW) == 0


def test_a_card_has_room_for_the_longest_numbers(opened: Any) -> None:
    x, y = Value(-1.8163e-12, label="x"), Value(-1.23456e-12, label="y")
    page = opened((x * y + -98765.4321e-20) * x)
    page.keyboard.press("End")
    cut = "[...document.querySelectorAll('.row')].filter((row) => row.scrollWidth > row.clientWidth + 1).length"
    assert page.locator(".row").count() > 0
    assert page.evaluate(cut) == 0


def test_a_gradient_that_is_not_complete_says_how_much_of_it_is_in(opened: Any) -> None:
    page = opened(*cube())
    page.keyboard.press("b")
    seen = set()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        seen.add(page.locator(".unit.input .tag").first.inner_text())
    assert {"1 of 3 in", "2 of 3 in", "input"} <= seen


def test_search_finds_by_path_and_opens_the_boxes_on_the_way(opened: Any) -> None:
    page = opened(*samples())
    page.keyboard.press("/")
    page.keyboard.type("layers[0].neurons[2].w[1]")
    page.keyboard.press("Enter")
    assert "layers[0].neurons[2].w[1]" in page.inner_text("#node h3")
    assert page.locator(".unit.selected").count() == 1


def test_stepping_into_boxes_keeps_the_operation_in_view(opened: Any) -> None:
    page = opened(*samples())
    page.click("#into")
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    spot = page.locator(".unit.now").bounding_box()
    assert 0 <= spot["x"] < 1280
    assert 0 <= spot["y"] < 800


def test_a_hostile_label_is_shown_as_text(opened: Any) -> None:
    x = Value(2.0, label=HOSTILE)
    page = opened(x * 3.0, {HOSTILE: x})
    assert HOSTILE in page.text_content("#units")
    assert "taken" not in page.title()
    assert page.locator("img").count() == 0


def test_it_opens_at_the_first_bad_operation(opened: Any) -> None:
    x = Value(0.0, label="x")
    page = opened((x.log() * 0.0 + x) * 2.0)
    assert page.get_attribute("#app", "data-step") == "1"
    assert "logarithm" in page.inner_text("#alarm") or "log" in page.inner_text("#alarm")


def test_an_operation_on_tensors_opens_as_scalars_and_closes_again(opened: Any) -> None:
    W = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, label="W")
    page = opened((Tensor([[1.0, -1.0]]) @ W).sum(), [W])
    page.click("#last")
    page.click(".unit.inner >> nth=0")
    page.click("button.expand")
    assert "W[1, 0]" in page.text_content("#units")
    page.click("#last")
    shown = page.locator(".unit.param, .unit.input").filter(has_text="W[1, 0]").locator(".gradient")
    assert shown.get_attribute("data-exact") == "-1"
    page.keyboard.press("Escape")
    assert page.locator(".unit.param").count() == 1


@pytest.mark.slow
def test_the_whole_moons_loss_opens_as_a_handful_of_boxes(opened: Any) -> None:
    data = moons(100, 0.1, seed=1337)
    model = MLP(2, [16, 16, 1], rng=random.Random(1337))
    scores = [model(x) for x in data.X.tolist()]
    losses = [(1 + -label * score).relu() for label, score in zip(data.signed_labels.tolist(), scores, strict=True)]
    loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    page = opened(loss, model)
    assert len(page.content()) < 10_000_000
    assert page.locator(".unit, .box").count() <= 16
    assert int(page.get_attribute("#slider", "max")) > 130_000
    page.click("#last")
    loss.backward()
    for name, parameter in list(model.named_parameters())[::84]:
        page.keyboard.press("/")
        page.locator("#find").fill(as_code(name))
        page.keyboard.press("Enter")
        shown = float(page.locator("#node .pair").last.locator(".figure").get_attribute("data-exact"))
        assert shown == pytest.approx(parameter.grad, rel=1e-12, abs=1e-300)
        assert page.locator(".unit, .box").count() < 200
