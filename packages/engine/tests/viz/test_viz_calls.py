"""Results of compiled functions in the pictures: operations on the arguments of the call."""

from __future__ import annotations

import io

import pytest

from micrograd.engine import Value, jit
from micrograd.engine.viz import debug, explain
from micrograd.engine.viz.debugger.steps import steps_of
from micrograd.engine.viz.flow import Flow

np = pytest.importorskip("numpy")


def test_a_result_hands_back_to_the_arguments():
    from micrograd.engine.viz.debugger.api import debug as page

    w, x = Value(2.0, label="w"), Value(0.3, label="x")
    y = jit(lambda w, x: (w * x).tanh())(w, x)
    loss = y * 3.0
    steps = steps_of(loss)
    assert [node._data is None for node in steps.order] == [False] * len(steps.order)
    loss.backward()
    place = next(place for place, node in enumerate(steps.order) if node is y)
    amounts = {steps.order[slot.source]: slot.amount for slot in steps.slots[place]}
    assert amounts == {w: pytest.approx(w.grad), x: pytest.approx(x.grad)}
    assert steps.slots[place][0].local == pytest.approx(w.grad / 3.0)
    assert page(loss).summary == "5 values and 2 operations"


def test_results_of_one_call_each_hand_back_their_own():
    w = Value(2.0, label="w")
    one, other = jit(lambda w: (w * w, w * 5.0))(w)
    contributions = Flow(one + other).into(w)
    assert sorted(c.amount for c in contributions) == pytest.approx([4.0, 5.0])
    file = io.StringIO()
    explain(w, one + other, file=file)
    assert "jit(w)" in file.getvalue()


def test_a_compiled_function_of_arrays():
    from micrograd.engine import Tensor

    W = Tensor([[1.0], [2.0]], requires_grad=True, label="W")
    X = Tensor([[1.0, 2.0], [0.0, 1.0]])
    loss = jit(lambda W, X: ((X @ W).tanh() ** 2).sum())(W, X)
    loss.backward()
    steps = steps_of(loss)
    amounts = [slot.amount for slot in steps.slots[-1] if slot.amount is not None]
    np.testing.assert_allclose(amounts[0], W.grad)
    assert "W" in debug(loss).html
