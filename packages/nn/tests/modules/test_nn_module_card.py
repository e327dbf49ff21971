"""What a notebook shows of a module."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import pytest

from micrograd.engine import Value
from micrograd.nn import MLP, Module


def rows(module: Module) -> list[list[str]]:
    tree = ET.fromstring(module._repr_html_())
    return [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")][1:]


def test_a_scalar_net_shows_its_layers() -> None:
    model = MLP(2, [16, 16, 1], rng=random.Random(0))
    shown = rows(model)
    assert [row[0].split()[0] for row in shown] == ["layers.0", "layers.1", "layers.2"]
    assert [row[1] for row in shown] == ["48", "272", "17"]


def test_a_net_of_few_parts_shows_all_of_them() -> None:
    assert [row[0].split()[0] for row in rows(MLP(1, [2]))] == ["layers.0", "layers.0.neurons.0", "layers.0.neurons.1"]


def test_a_single_layer_shows_its_parameters() -> None:
    class Line(Module):
        def __init__(self) -> None:
            self.slope, self.intercept = Value(2.0), Value(1.0)

    assert rows(Line()) == [["slope ", "1", "2.0000", "0.0000"], ["intercept ", "1", "1.0000", "0.0000"]]
    assert rows(Module()) == []


def test_a_model_that_names_its_parameters_itself() -> None:
    class Own(Module):
        def __init__(self) -> None:
            self.w = Value(2.0)

        def parameters(self):
            return [self.w]

    assert rows(Own()) == [["w ", "1", "2.0000", "0.0000"]]


def test_a_large_model_stays_small() -> None:
    model = MLP(1, [1] * 200)
    html = model._repr_html_()
    assert len(html) < 20_000
    assert "24 of 400 parts" in html


def test_layers_on_tensors_show_shapes_and_ranges() -> None:
    pytest.importorskip("numpy")
    from micrograd.nn import Linear, ReLU, Sequential

    model = Sequential(Linear(4, 3, rng=0), ReLU(), Linear(3, 1, rng=1))
    assert [row[:2] for row in rows(model)] == [["0 Linear(4, 3)", "15"], ["1 ReLU()", "0"], ["2 Linear(3, 1)", "4"]]
    assert rows(model[0])[0][:2] == ["weight ", "12 = 3×4"]
    assert [row[2:] for row in rows(model)][1] == ["none", "none"]
