"""What looks at a training from beside: curves, layer statistics, the search for a learning rate, the live plot."""

from __future__ import annotations

import csv
import json
import math
import random
import sys
import types
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradValueError, MissingExtraError  # noqa: E402
from micrograd.nn import (  # noqa: E402
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    Dropout,
    History,
    LayerWatch,
    Linear,
    LivePlot,
    ReLU,
    Sequential,
    cross_entropy,
    find_lr,
    fit,
    hinge_loss,
    layer_statistics,
)
from micrograd.nn.training import live  # noqa: E402

X = np.random.default_rng(0).normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(int)


def net() -> Sequential:
    return Sequential(Linear(3, 8, rng=0), BatchNorm1d(8), ReLU(), Dropout(0.5, rng=5), Linear(8, 2, rng=1))


def everything(model: Any) -> Any:
    gradients = [None if p.grad is None else p.grad.tolist() for p in model.parameters()]
    state = {name: array.tolist() for name, array in model.state_dict().items()}
    return state, gradients, model[3].rng.bit_generator.state


def test_statistics_are_those_of_the_batch_and_change_nothing() -> None:
    model = net()
    before = everything(model)
    table = layer_statistics(model, (X, Y), cross_entropy)
    assert everything(model) == before
    out = X @ model[0].weight.data.T + model[0].bias.data
    assert [entry.name for entry in table] == ["0", "1", "2", "3", "4"]
    assert (table[0].mean, table[0].std) == pytest.approx((out.mean(), out.std()))
    assert table[1].mean == pytest.approx(0.0, abs=1e-12)
    assert 0.3 < table[2].zeros < 0.7 < table[3].zeros
    assert math.isnan(table[2].gradient) and table[4].gradient > 0.0
    lines = repr(table).splitlines()
    assert lines[0].split() == ["layer", "mean", "std", "zeros", "gradient", "weight"]
    assert lines[3].startswith("2 ReLU()") and lines[3].split()[-2:] == ["-", "-"]


def test_watching_layers_does_not_change_the_training() -> None:
    histories = []
    for callbacks in ([], [LayerWatch(every=2)]):
        model = net()
        options: Any = {"steps": 6, "batch_size": 10, "callbacks": callbacks, "progress": False}
        histories.append(fit(model, (X, Y), cross_entropy, Adam(model.parameters()), **options))
    assert histories[0] == histories[1]
    assert callbacks[0].steps == [2, 4, 6]
    assert len(callbacks[0].tables[0]) == 5


def test_the_search_for_a_rate_puts_everything_back() -> None:
    model = net()
    optimizer = Adam(model.parameters(), lr=0.123)
    before = everything(model)
    search = find_lr(model, (X, Y), cross_entropy, optimizer, steps=60, batch_size=20)
    assert everything(model) == before
    assert (optimizer.lr, optimizer.steps) == (0.123, 0)
    assert search.lrs[0] == 1e-6
    assert all(a < b for a, b in zip(search.lrs, search.lrs[1:], strict=False))
    model = net()
    slow = fit(model, (X, Y), cross_entropy, Adam(model.parameters(), lr=1e-6), steps=20, progress=False)
    model = net()
    suggested = fit(model, (X, Y), cross_entropy, Adam(model.parameters(), search.suggestion), steps=20, progress=False)
    assert suggested.loss[-1] < slow.loss[-1] - 0.05


def test_a_search_ends_where_the_loss_explodes() -> None:
    model = MLP(3, [4, 1], rng=random.Random(0))
    before = model.state_dict()
    optimizer = SGD(model.parameters(), lr=0.1)
    search = find_lr(model, (X[:8], 2 * Y[:8] - 1), hinge_loss, optimizer, high=1e12, steps=50)
    assert len(search.lrs) < 50
    assert model.state_dict() == before
    with pytest.raises(MicrogradValueError, match="the rates grow"):
        find_lr(model, (X, Y), hinge_loss, optimizer, low=1.0, high=0.1)


def test_a_history_in_json_is_strict(tmp_path: Path) -> None:
    history = History([0.5, math.inf], [0.1, 0.1], {"odds": [-math.inf, 0.0]}, {"loss": [math.nan, 1.0]}, [1, 2])
    history.to_json(tmp_path / "h.json")
    text = (tmp_path / "h.json").read_text()
    assert json.loads(text, parse_constant=pytest.fail)["validation"] == {"loss": [None, 1.0]}
    read = History.from_json(tmp_path / "h.json")
    assert repr(vars(read)) == repr(vars(history))


def test_the_curves_of_training_and_validation(tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    model = net()
    options: Any = {"epochs": 3, "batch_size": 10, "validation": (X, Y), "progress": False}
    history = fit(model, (X, Y), cross_entropy, Adam(model.parameters()), **options)
    ax = history.plot()
    labels = [line.get_label() for axes in ax.figure.axes for line in axes.get_lines()]
    assert labels == ["loss", "validation loss", "accuracy", "validation accuracy"]
    search = find_lr(model, (X, Y), cross_entropy, SGD(model.parameters(), lr=0.1), steps=10)
    assert search.plot().get_xscale() == "log"
    matplotlib.pyplot.close("all")
    history.to_json(tmp_path / "h.json")
    assert History.from_json(tmp_path / "h.json") == history
    history.to_csv(tmp_path / "h.csv")
    with (tmp_path / "h.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["loss"]) for row in rows] == history.loss
    assert [row["validation_loss"] != "" for row in rows] == [k % 4 == 0 for k in range(1, 13)]
    assert float(rows[-1]["validation_accuracy"]) == history.validation["accuracy"][-1]


def test_a_live_plot_is_drawn_once_and_then_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    shown: list[str] = []
    pictures: list[bytes] = []
    handle = types.SimpleNamespace(update=lambda picture: shown.append("update"))
    display = lambda picture, display_id: (shown.append("display"), handle)[1]  # noqa: E731
    monkeypatch.setattr(live, "_notebook", lambda: (display, lambda data: pictures.append(data)))
    model = net()
    options: Any = {"steps": 3, "callbacks": [LivePlot(seconds=0.0)], "progress": False}
    fit(model, (X, Y), cross_entropy, Adam(model.parameters()), **options)
    assert shown == ["display", "update", "update", "update"]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(set(pictures)) == 3  # the last step's is that of the end
    assert matplotlib.pyplot.get_fignums() == []
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "IPython.display", None)
    with pytest.raises(MissingExtraError, match="jupyterlab"):
        fit(model, (X, Y), cross_entropy, Adam(model.parameters()), **options)
