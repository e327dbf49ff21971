"""An operation on Tensors and its graph of Values: the same numbers, the same gradients."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, cross_entropy, detect_anomaly, linear, log_softmax, softmax  # noqa: E402
from micrograd.engine.backprop import contributions  # noqa: E402
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.viz import debug, expand, keep_sources  # noqa: E402
from micrograd.engine.viz.debugger.api import expansions  # noqa: E402
from micrograd.engine.viz.debugger.steps import steps_of  # noqa: E402

RNG = np.random.default_rng(3)


def tensor(*shape):
    return Tensor(RNG.normal(size=shape), requires_grad=True)


X = tensor(3, 4)
CASES = {
    "matrix @ matrix": lambda: X @ tensor(4, 2),
    "matrix @ vector": lambda: X @ tensor(4),
    "vector @ matrix": lambda: tensor(3) @ X,
    "vector @ vector": lambda: tensor(3) @ tensor(3),
    "a layer": lambda: linear(X, tensor(2, 4), tensor(2)),
    "a layer on one sample": lambda: linear(tensor(4), tensor(2, 4), tensor(2)),
    "softmax": lambda: softmax(X),
    "softmax of columns": lambda: softmax(X, axis=0),
    "softmax of a vector": lambda: softmax(tensor(5)),
    "softmax of large numbers": lambda: softmax(X * 400.0),
    "log_softmax": lambda: log_softmax(X, axis=0),
    "cross_entropy": lambda: cross_entropy(X, np.array([0, 3, 1])),
    "cross_entropy, sum": lambda: cross_entropy(X, np.array([0, 3, 1]), reduction="sum"),
    "cross_entropy, each": lambda: cross_entropy(X, np.array([0, 3, 1]), reduction="none"),
    "cross_entropy, some left out": lambda: cross_entropy(X, np.array([0, -100, 1])),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_are_those_of_the_operation(name):
    node = CASES[name]()
    upstream = RNG.normal(size=node.shape)
    expansion = expand(node, upstream)
    data = np.vectorize(lambda value: value.data, otypes=[float])
    grad = np.vectorize(lambda value: value.grad, otypes=[float])
    np.testing.assert_allclose(data(expansion.outputs), node.data, rtol=1e-12, atol=1e-14)
    expansion.root.backward()
    handed_back = [amount for _, amount in contributions(node, upstream)]
    assert len(handed_back) == len(expansion.inputs)
    for values, amount in zip(expansion.inputs, handed_back, strict=True):
        np.testing.assert_allclose(grad(values), amount, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("what", [Value(2.0) * 3.0, X.tanh(), X, 3.0, tensor(2, 3, 4) @ tensor(4, 2)])
def test_other_operations_are_refused(what):
    with pytest.raises(MicrogradTypeError, match=r"expand\(X @ W\)"):
        expand(what)


def test_what_nobody_could_read_is_refused():
    with pytest.raises(MicrogradValueError, match="too many"):
        expand(tensor(64, 64) @ tensor(64, 64))
    with pytest.raises(MicrogradValueError, match="shape"):
        expand(X @ tensor(4), np.ones(7))


def test_the_debugger_has_the_small_ones_at_hand():
    loss = cross_entropy((X @ tensor(4, 3)).tanh() @ tensor(3, 2), np.array([0, 1, 1]))
    steps = steps_of(loss)
    found = {steps.order[int(place)].op.name for place in expansions(steps)}
    assert found == {"matmul", "log_softmax", "cross_entropy_of_labels"}
    assert '"expansions":{"' in debug(loss).html
    assert expansions(steps_of((tensor(64, 64) @ tensor(64, 64)).sum())) == {}


def test_the_scalars_of_a_click_have_the_line_of_their_operation():
    with keep_sources():
        product = X @ tensor(4, 2)
        (found,) = expansions(steps_of(product)).values()
    assert {source and source[2] for source in found["sources"]} == {"product = X @ tensor(4, 2)"}


def test_whoever_watches_does_not_see_them():
    with detect_anomaly():
        assert len(expansions(steps_of(softmax(X * 400.0)))) == 1
