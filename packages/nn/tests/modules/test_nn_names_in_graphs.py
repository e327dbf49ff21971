"""The parameters of a model go by their paths in every picture of a graph, without being asked for."""

from __future__ import annotations

import copy
import io
import pickle
import random

import pytest

from micrograd.engine import Value
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.viz import debug, draw_dot, explain, show
from micrograd.engine.viz.names.ownership import owned_names
from micrograd.nn import MLP, Module


class Pair(Module):
    def __init__(self):
        self.first, self.second = net(1), net(2)

    def forward(self, x):
        return self.first(x) + self.second(x)


def net(seed=0):
    return MLP(2, [2, 1], rng=random.Random(seed))


def names(root):
    from micrograd.engine.graph import topological_order

    return sorted(owned_names(topological_order(root)).values())


def printed(function, *nodes):
    file = io.StringIO()
    function(*nodes, file=file)
    return file.getvalue()


def test_every_picture_names_the_weights():
    model = net()
    loss = model([Value(1.0), Value(2.0)]) ** 2
    name = "layers[0].neurons[1].w[0]"
    assert name in debug(loss).html
    assert name in draw_dot(loss).svg
    assert name in printed(show, loss)
    assert name in printed(explain, model.layers[0].neurons[1].w[0], loss)
    assert debug(loss).html == debug(loss, parameters=model).html


def test_a_neuron_of_a_model_keeps_its_place_in_it():
    model = net()
    assert names(model.layers[0].neurons[1]([1.0, 2.0])) == [
        "layers.0.neurons.1.b",
        "layers.0.neurons.1.w.0",
        "layers.0.neurons.1.w.1",
    ]


def test_models_in_one_graph_are_told_apart_and_a_model_of_both_names_both():
    one, other = net(1), net(2)
    x = [1.0, 2.0]
    assert {name.split(".layers")[0] for name in names(one(x) - other(x))} == {"MLP.0", "MLP.1"}
    pair = Pair()
    assert {name.split(".layers")[0] for name in names(pair(x))} == {"first", "second"}
    assert {name.split(".layers")[0] for name in names(pair.second(x))} == {"second"}


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_names_its_own(copied):
    model = net()
    twin = copied(model)
    assert names(twin([1.0, 2.0])) == names(model([1.0, 2.0])) == sorted(name for name, _ in model.named_parameters())
    assert all(name.startswith(("MLP.0.", "MLP.1.")) for name in names(model([1.0, 2.0]) + twin([1.0, 2.0])))


def test_explain_still_lists_the_inputs():
    model, x = net(), Value(1.0, label="x")
    assert "x, " in printed(explain, model([x, x]))
    file = io.StringIO()
    explain(model([x, x]), parameters=model, file=file)
    assert "x, " not in file.getvalue()


def test_a_label_comes_before_a_path():
    model = net()
    model.layers[0].neurons[0].b.label = "bias"
    text = printed(show, model([1.0, 2.0]))
    assert "bias" in text
    assert "neurons[0].b" not in text.replace("layers[1].neurons[0].b", "")


def test_a_module_without_an_initialiser_takes_no_arguments():
    class Square(Module):
        def forward(self, x):
            return x * x

    assert Square()(3.0) == 9.0
    with pytest.raises(MicrogradTypeError, match=r"Square takes no arguments: Square\(\)"):
        Square(2)
