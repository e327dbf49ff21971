"""The graph taken apart: what the page shows is what the engine computes."""

from __future__ import annotations

import math
import operator
import random
import re
import sys

import pytest

from micrograd.engine import Value
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.ops.op import OPS
from micrograd.engine.viz import debug
from micrograd.engine.viz.debugger.formulas import DERIVATIVES, HANDED_BACK
from micrograd.engine.viz.debugger.steps import steps_of

OPERATIONS = (
    operator.add,
    operator.mul,
    lambda a, b: a.tanh(),
    lambda a, b: a / (1 + b * b),
    lambda a, b: (a - b) ** 2,
)


def received(steps):
    """The gradient of every node, added up from the contributions in the order of the sweep."""
    sums = {len(steps.order) - 1: 1.0}
    for place in reversed(range(len(steps.order))):
        for slot in steps.slots[place]:
            if slot.amount is not None:
                before = sums.get(slot.source)
                sums[slot.source] = slot.amount if before is None else before + slot.amount
    return [sums.get(place) for place in range(len(steps.order))]


def tangled(seed):
    rng = random.Random(seed)
    values = [Value(rng.uniform(0.5, 2.0)) for _ in range(5)]
    for _ in range(40):
        a, b = rng.choice(values), rng.choice(values)
        values.append(rng.choice(OPERATIONS)(a, b).tanh())
    return sum(values[-6:])


@pytest.mark.parametrize("seed", range(5))
def test_contributions_add_up_to_the_gradients_of_the_engine(seed):
    root = tangled(seed)
    steps = steps_of(root)
    root.backward()
    assert received(steps) == steps.gradients == [node.grad for node in steps.order]


def test_local_derivative_times_upstream_gradient_is_the_contribution():
    steps = steps_of(tangled(7))
    for place, slots in enumerate(steps.slots):
        for slot in slots:
            if slot.amount is not None:
                assert math.isclose(slot.local * steps.gradients[place], slot.amount, rel_tol=1e-12, abs_tol=1e-300)


def test_nothing_in_the_graph_is_written():
    x = Value(3.0)
    y = x * x
    x.grad, y.grad = 7.0, 8.0
    debug(y)
    assert (x.grad, y.grad, x.data, y.data) == (7.0, 8.0, 3.0, 9.0)


def test_a_leaf_shows_what_the_expression_read():
    x = Value(3.0)
    y = x * 2.0
    x.data = 100.0
    assert steps_of(y).data[0] == 3.0


def test_a_backward_by_hand_runs_with_its_whole_contribution():
    x = Value(0.5)
    out = Value(math.tanh(x.data), (x, x), "tanh")

    def backward():
        x.grad += 2.0 * (1 - out.data**2) * out.grad

    out._backward = backward
    steps = steps_of(out * 3.0)
    out.backward()
    amounts = [slot.amount for slots in steps.slots for slot in slots if slot.source == 0]
    assert amounts == [3.0 * x.grad, None]


def test_what_has_no_graph_is_refused():
    with pytest.raises(MicrogradTypeError, match=r"debug\(y\)"):
        debug([Value(1.0)])


def test_a_single_leaf_and_a_chain_deeper_than_the_stack_can_be_shown():
    assert repr(debug(Value(1.0))) == "<Debugger of 1 values and 0 operations>"
    y = x = Value(1.0)
    for _ in range(3 * sys.getrecursionlimit()):
        y = y * 1.0001 + x
    assert "operations" in repr(debug(y))


def test_a_first_nan_is_where_the_page_opens():
    x = Value(-1.0, label="x")
    page = debug(x.log() + 1.0)
    assert re.search(r'"bad":\{"place":1,"phase":"forward","kind":"nan"', page.html)
    assert '"bad":null' in debug(x + 1.0).html


def test_the_page_is_written_where_it_is_asked_to_be(tmp_path):
    page = debug(Value(1.0) + 2.0, path=tmp_path / "graph.html")
    assert (tmp_path / "graph.html").read_text(encoding="utf-8") == page.html


# ---- formulas --------------------------------------------------------------------------------------------------------

POINTS = [(0.3, 0.7), (0.9, 0.2)]
EVALUATED = {name: getattr(math, name) for name in ("exp", "log", "sin", "cos", "sinh", "cosh", "sqrt", "pi")}


@pytest.mark.parametrize("name", DERIVATIVES)
@pytest.mark.parametrize("point", POINTS)
def test_the_formula_of_a_derivative_is_what_the_rule_computes(name, point):
    op = OPS[name]
    operands = point[: op.arity]
    out = op(*operands)
    assert len(DERIVATIVES[name]) == op.arity
    for place, formula in enumerate(DERIVATIVES[name]):
        expected = op.rule(place)(1.0, out, *operands, **op.defaults)
        shown = eval(formula, {**EVALUATED, **dict(zip("xy", operands, strict=False)), "out": out})
        assert math.isclose(shown, expected, rel_tol=1e-9), formula


def test_every_formula_belongs_to_a_primitive():
    pytest.importorskip("numpy")
    from micrograd.engine import Tensor  # noqa: F401 - brings in the primitives on arrays

    assert HANDED_BACK.keys() <= OPS.keys()
