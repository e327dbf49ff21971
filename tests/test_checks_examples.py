"""Nothing is said of what is sound: every example of the repository, checked where its training begins."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

import micrograd.nn
from micrograd.engine import cross_entropy
from micrograd.nn import plots
from micrograd.nn.checks import check_training
from micrograd.nn.training import fit

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[1] / "examples"
FITS = {path.name: 1 for path in EXAMPLES.glob("*.py") if " fit(" in path.read_text("utf-8")}
FITS.update({"char_lm.py": 2, "xor.py": 2})


class Enough(Exception):
    """All that was to be checked has been."""


@pytest.fixture
def checked(monkeypatch):
    """A function that runs code with each `fit` preceded by a check, up to so many, and returns the reports."""

    def run(fits, code):
        reports = []

        def checking_fit(model, data, loss, optimizer, **settings):
            X, y = data if isinstance(data, tuple) else (data.X, data.y)
            order = np.random.default_rng(0).permutation(len(X))[:64]
            reports.append(
                check_training(model, loss, (np.asarray(X)[order], np.asarray(y)[order]), optimizer=optimizer)
            )
            if len(reports) == fits:
                raise Enough
            return fit(model, data, loss, optimizer, **{**settings, "steps": 2, "progress": False})

        monkeypatch.setattr(micrograd.nn, "fit", checking_fit)
        with pytest.raises(Enough):
            code()
        return reports

    return run


@pytest.mark.parametrize("name", FITS)
def test_examples_that_fit_are_sound(name, checked, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", [name, "--out", str(tmp_path)])
    reports = checked(FITS[name], lambda: runpy.run_path(str(EXAMPLES / name), run_name="__main__"))
    assert not any(reports), "\n".join(map(str, reports))


def test_the_notebook_is_sound(checked, monkeypatch):
    monkeypatch.setattr(plots, "decision_boundary", lambda *args: None)  # 2,500 times the net, to no purpose here
    cells = json.loads((EXAMPLES / "demo.ipynb").read_text())["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    reports = checked(1, lambda: exec(compile(text, "demo.ipynb", "exec"), {}))
    assert not any(reports), "\n".join(map(str, reports))


@pytest.mark.parametrize("widths", [[64, 10], [64, 64, 10]])
def test_the_digits_are_sound(widths):
    names = runpy.run_path(str(EXAMPLES / "tensors_digits.py"))
    data = names["digits"]().standardize()
    net = names["layers"](widths, np.random.default_rng(0))
    parameters = [parameter for layer in net for parameter in layer]
    batch = data.X[:64], data.y[:64]
    report = check_training(lambda x: names["logits"](net, x), cross_entropy, batch, parameters=parameters)
    assert report.kinds == [], str(report)


def test_the_examples_that_train_are_among_them():
    assert {"moons.py", "moons_tensor.py", "regression_sine.py", "digits_convnet.py", "char_lm.py"} <= FITS.keys()
