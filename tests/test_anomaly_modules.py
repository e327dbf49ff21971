"""`detect_anomaly` names the user's line in modules, losses, training loops, and what is compiled or batched of them.

Each function has a fault at the line that ends in `# bad`, in its own code or in that of a class that it names.
"""

from __future__ import annotations

import inspect
import random

import numpy as np
import pytest

from micrograd.engine import AnomalyError, Tensor, Value, detect_anomaly, jit, log, softmax, sqrt, vmap
from micrograd.nn import (
    MLP,
    SGD,
    BatchNorm1d,
    Layer,
    LayerNorm,
    Linear,
    Module,
    ReLU,
    Sequential,
    Tanh,
    cross_entropy,
    fit,
    hinge_loss,
    jit_train_step,
    mse_loss,
)

X = np.random.default_rng(0).normal(size=(8, 3))
Y = X[:, :2].argmax(axis=1)
FAULTS = []


def fault(phase, op, place=None):
    """A function with a fault: when, in which operation, and in which other function its line is."""

    def plant(function):
        FAULTS.append(pytest.param(function, phase, op, place or function, id=function.__name__))
        return function

    return plant


class Ratio(Module):
    """Of Tensors; divides by what may be 0."""

    def __init__(self):
        self.linear = Linear(3, 4, rng=0)
        self.linear.weight.data[:], self.linear.bias.data[:] = 0.0, 0.0

    def forward(self, x):
        hidden = self.linear(x)
        return hidden / hidden.sum(axis=1, keepdims=True)  # bad


class Distance(Module):
    """Of Tensors; a root whose slope at 0 is infinite."""

    def forward(self, x):
        return sqrt(((x - x.detach()) ** 2).sum(axis=1, keepdims=True))  # bad


class ScalarNet(Module):
    """Of Values, in layers."""

    def __init__(self):
        self.first, self.last = Layer(3, 2, rng=random.Random(0)), Layer(2, 1, nonlin=False)

    def forward(self, x):
        a, b = self.first(x)
        share = a / (a - a)  # bad
        return self.last([share, b])


@fault("forward", "div", Ratio.forward)
def a_module_of_tensors():
    return Ratio()(X).sum()


@fault("forward", "div", Ratio.forward)
def a_module_among_others():
    return cross_entropy(Sequential(Tanh(), Ratio(), Linear(4, 2, rng=0))(X), Y)


@fault("backward", "sqrt", Distance.forward)
def a_module_whose_slope_is_infinite():
    return Sequential(Linear(3, 4, rng=0), Distance(), Linear(1, 2, rng=1))(X).sum()


@fault("forward", "div", ScalarNet.forward)
def a_module_of_values():
    return ScalarNet()([1.0, 2.0, 3.0])


@fault("forward", "affine")
def weights_that_overflow_in_a_layer_of_ours():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Linear(4, 2, rng=1))
    model[0].weight.data *= 1e200
    model[2].weight.data *= 1e200
    return cross_entropy(model(X), Y)  # bad


@fault("forward", "mul")
def weights_that_overflow_in_a_neuron_of_ours():
    model = MLP(2, [2, 1], rng=random.Random(0))
    for parameter in model.parameters():
        parameter.data = 1e200
    return model([1.0, 2.0]) * 2.0  # bad


@fault("forward", "log")
def a_likelihood_by_hand():
    model = Linear(3, 2, rng=0)
    model.weight.data *= 1e5
    p = softmax(model(X))
    return -log(p)[np.arange(8), Y].mean()  # bad


@fault("forward", "mul")
def a_nan_in_the_weights():
    model = Linear(3, 2, rng=0)
    scale = Tensor([1.0, np.nan], requires_grad=True)
    return (LayerNorm(2)(model(X)) * scale).sum()  # bad


@fault("backward", "sqrt")
def a_norm_of_weights_that_are_zero():
    model = Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), Linear(4, 2, rng=1))
    model[2].weight.data[:] = 0.0
    penalty = sqrt((model[2].weight ** 2).sum())  # bad
    return cross_entropy(model(X), Y) + penalty


@fault("forward", "log")
def a_module_in_a_batched_function():
    model = Linear(3, 2, rng=0)

    def row(x):
        return log(model(x) * 0.0).sum()  # bad

    return vmap(row)(Tensor(X, requires_grad=True)).sum()


@fault("forward", "div", Ratio.forward)
def a_module_in_a_compiled_function():
    model = Ratio()
    return jit(lambda x: model(x).sum())(X)


@fault("backward", "sqrt", Distance.forward)
def a_slope_in_a_compiled_function():
    model = Sequential(Linear(3, 4, rng=0), Distance())
    return jit(lambda x: model(x).sum())(X)


@fault("forward", "log")
def a_loss_in_a_compiled_step():
    model = MLP(2, [2, 1], rng=random.Random(0))

    def loss(x):
        score = model(x)
        return log(score - score)  # bad

    jit_train_step(loss, SGD(model.parameters(), lr=0.1))([1.0, 2.0])


@fault("backward", "sqrt")
def a_loss_in_fit():
    model = MLP(3, [2, 1], rng=random.Random(0))

    def loss(scores, labels):
        squared = sum(((s - t) ** 2 for s, t in zip(scores, labels, strict=True)), Value(0.0)) * 0.0
        return sqrt(squared)  # bad

    fit(model, (X.tolist(), Y.tolist()), loss, SGD(model.parameters(), lr=0.1), steps=1, metrics=(), progress=False)


def run(function):
    result = function()
    if result is not None:
        result.backward()


def line_of(function):
    lines, first = inspect.getsourcelines(function)
    return next(first + number for number, line in enumerate(lines) if line.rstrip().endswith("# bad"))


@pytest.mark.parametrize(("function", "phase", "op", "place"), FAULTS)
def test_a_fault_stops_at_its_line(function, phase, op, place):
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        run(function)
    finding = caught.value.finding
    assert (finding.phase, finding.operation.partition("(")[0]) == (phase, op)
    assert (finding.source.file, finding.source.line) == (__file__, line_of(place)), str(caught.value)
    assert f"line {finding.source.line}" in str(caught.value)


def test_a_failed_step_leaves_gradients_and_parameters_as_they_were():
    model = Sequential(Linear(3, 4, rng=0), Distance())
    before = model.state_dict()
    with pytest.raises(AnomalyError), detect_anomaly():
        model(X).sum().backward()
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all((array == before[name]).all() for name, array in model.state_dict().items())


def test_sound_training_passes():
    model = Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), ReLU(), Linear(4, 2, rng=1))
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    scalar = MLP(3, [4, 1], rng=random.Random(0))
    data = X.tolist(), (2 * Y - 1).tolist()
    with detect_anomaly(exploding=1e6):
        for _ in range(5):
            optimizer.zero_grad()
            cross_entropy(model(X), Y).backward()
            optimizer.step()
        fit(scalar, data, hinge_loss, SGD(scalar.parameters(), lr=0.1), steps=2, progress=False)
        fit(scalar, data, mse_loss, SGD(scalar.parameters(), lr=0.1), steps=2, progress=False, jit=True)
