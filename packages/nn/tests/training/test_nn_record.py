"""Trainings of this package as `record` of the engine takes them down: optimisers, `fit`, compiled steps."""

from __future__ import annotations

import base64
import inspect
import json
import math
import random
import re
from array import array
from typing import Any

import pytest

from micrograd import nn
from micrograd.engine import Value
from micrograd.engine.viz import record
from micrograd.engine.viz.recorder.rules import formulas
from micrograd.nn import MLP, SGD, Adam, LinearLR, fit, mse_loss
from micrograd.nn.optim.optimizer import GroupedOptimizer, Optimizer

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [-1.0, 1.0, 1.0, -1.0]
OPTIMIZERS = [
    kind
    for _, kind in inspect.getmembers(nn, inspect.isclass)
    if issubclass(kind, Optimizer) and kind not in (Optimizer, GroupedOptimizer)
]
OPERATIONS = {
    "constant": lambda a: a, "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "pow": lambda a, b: a**b, "neg": lambda a: -a, "sqrt": math.sqrt,
    "square": lambda a: a * a, "abs": abs, "sign": lambda a: (a > 0) - (a < 0), "maximum": max, "minimum": min,
}  # fmt: skip


def page_data(tape: Any) -> dict[str, Any]:
    html = tape.page().html
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def doubles(text: str) -> list[float]:
    return list(array("d", base64.b64decode(text)))


def evaluated(rule: dict[str, Any], values: list[float]) -> dict[str, float]:
    """What the page's script does."""
    for op, read in rule["program"]:
        values.append(OPERATIONS[op](*[r["c"] if isinstance(r, dict) else values[r] for r in read]))
    return {name: values[place] for name, _, place in rule["outputs"]}


def net() -> MLP:
    return MLP(2, [3, 1], activation="tanh", rng=random.Random(5))


@pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.__name__)
def test_the_formulas_give_what_the_optimiser_did(kind: Any) -> None:
    model = net()
    optimizer = kind(model.parameters(), lr=0.05)
    with record(model) as tape:
        fit(model, (X, Y), mse_loss, optimizer, steps=4, metrics=(), progress=False)
    data = page_data(tape)
    (rule,) = (rule["formulas"] for rule in data["rules"])
    for frame in data["frames"][:-1]:
        columns = [doubles(column) for column in (frame["old"], frame["grad"], *frame["states"])]
        numbers = [frame["numbers"][0][name] for name in rule["numbers"]]
        for k, new in enumerate(doubles(frame["new"])):
            given = [column[k] for column in columns]
            assert evaluated(rule, [*given, *numbers])["new"] == pytest.approx(new, rel=1e-13, abs=1e-300)


def test_formulas_read_as_one_writes_them() -> None:
    (descent,) = formulas(SGD([Value(1.0)], lr=0.1))["outputs"]
    assert descent[:2] == ["new", "{0} − {2} × {1}"]
    adam = formulas(Adam([Value(1.0)]))
    assert adam["inputs"] == ["old", "grad", "m", "v", "lr", "bias1", "bias2"]
    assert [name for name, *_ in adam["outputs"]] == ["m′", "v′", "new"]


def test_a_rule_that_can_not_be_read_is_left_out() -> None:
    class Odd(SGD):
        def rule(self, p: Any, g: Any, states: Any, numbers: Any) -> Any:
            return (p - numbers["lr"] * g if g > 0.0 else p + math.cos(p)), ()

    model = net()
    with record(model) as tape:
        fit(model, (X, Y), mse_loss, Odd(model.parameters(), lr=0.1), steps=2, metrics=(), progress=False)
    assert len(page_data(tape)["frames"]) == 3


def test_fit_tells_its_data_and_its_learning_rates() -> None:
    model = net()
    optimizer = SGD(model.parameters(), lr=1.0)
    with record(model) as tape:
        schedule = LinearLR(optimizer, start_factor=1.0, end_factor=0.5, total_iters=2)
        history = fit(model, (X, Y), mse_loss, optimizer, steps=3, scheduler=schedule, metrics=(), progress=False)
    data = page_data(tape)
    assert tape.losses == history.loss
    assert [frame["numbers"][0]["lr"] for frame in data["frames"][:-1]] == history.lr
    assert [point[:2] for point in data["points"]] == X
    assert [point[2] for point in data["points"]] == [0, 1, 1, 0]
    assert data["frames"][0]["plane"]
    assert data["names"][0] == "layers.0.neurons.0.w.0"


def test_groups_have_rules_of_their_own() -> None:
    head, body = Value(1.0, label="head"), Value(1.0, label="body")
    optimizer = SGD([{"params": [head], "lr": 0.5}, {"params": [body]}], lr=0.25)
    with record([head, body]) as tape:
        (head * body).backward()
        optimizer.step()
    data = page_data(tape)
    assert [rule["parameters"] for rule in data["rules"]] == [[0], [1]]
    assert [numbers["lr"] for numbers in data["frames"][0]["numbers"]] == [0.5, 0.25]
    assert doubles(data["frames"][0]["new"]) == [0.5, 0.75]


def test_a_compiled_step_is_recorded_without_its_gradients() -> None:
    pytest.importorskip("numpy")
    plain, compiled = net(), net()
    tapes = []
    for model, is_compiled in ((plain, False), (compiled, True)):
        with record(model) as tape:
            optimizer = Adam(model.parameters(), lr=0.05)
            fit(model, (X, Y), mse_loss, optimizer, steps=4, metrics=(), progress=False, jit=is_compiled)
        tapes.append(page_data(tape))
    assert len(tapes[1]["frames"]) == 5
    for recorded, unseen in zip(tapes[0]["frames"][:-1], tapes[1]["frames"][:-1], strict=True):
        for name in ("old", "new"):
            assert doubles(unseen[name]) == pytest.approx(doubles(recorded[name]), rel=1e-9)
        assert unseen["loss"] == pytest.approx(recorded["loss"], rel=1e-9)
        assert doubles(unseen["states"][0]) == pytest.approx(doubles(recorded["states"][0]), rel=1e-9, abs=1e-15)
        assert all(map(math.isnan, doubles(unseen["grad"])))


def test_layers_on_tensors_keep_their_mode_and_their_numbers() -> None:
    np = pytest.importorskip("numpy")
    from micrograd.nn import BatchNorm1d, Dropout, Linear, Sequential, Tanh

    def trained(is_recorded: bool) -> Any:
        model = Sequential(Linear(2, 4, rng=0), BatchNorm1d(4), Tanh(), Dropout(0.5, rng=1), Linear(4, 1, rng=2))
        optimizer = Adam(model.parameters(), lr=0.05)
        data = np.array(X), np.array(Y).reshape(-1, 1)

        def run() -> None:
            fit(model, data, mse_loss, optimizer, steps=5, metrics=(), progress=False)

        if is_recorded:
            with record(model) as tape:
                run()
            found = page_data(tape)
            assert found["frames"][0]["plane"]
            assert found["frames"][0]["graph"]
        else:
            run()
        assert model.training
        return model.state_dict()

    watched, alone = trained(True), trained(False)
    for name in alone:
        np.testing.assert_array_equal(watched[name], alone[name])
