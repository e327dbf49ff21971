"""`detect_anomaly` and `find_bad`: what counts as bad, what is said about it, and what is left as it was."""

from __future__ import annotations

import math
import pickle
import threading

import pytest

from micrograd.engine import (
    AnomalyError,
    MicrogradTypeError,
    MicrogradValueError,
    Value,
    detect_anomaly,
    grad,
    jvp,
    where,
)
from micrograd.engine.backprop import sweep
from micrograd.engine.graph import topological_order
from micrograd.engine.observing.recording import watchers, watching
from micrograd.engine.viz import find_bad, keep_sources, source_of
from micrograd.engine.viz.anomaly.causes import cause_backward, cause_forward
from micrograd.engine.viz.anomaly.judging import made, worst


def caught(run, **settings):
    """The finding of a run that stops."""
    with pytest.raises(AnomalyError) as error, detect_anomaly(**settings):
        run()
    return error.value.finding


# ---- what counts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "given", "kind"),
    [
        (1.0, [math.nan], ""),
        (math.nan, [1.0, 2.0], "nan"),
        (math.nan, [math.inf, 0.0], "nan"),
        (math.nan, [math.nan, 1.0], ""),
        (math.inf, [1e308], "inf"),
        (-math.inf, [-math.inf], ""),
        (math.inf, [math.nan], ""),
    ],
)
def test_what_an_operation_made_that_it_was_not_given(out, given, kind):
    assert made(out, given) == kind


def test_an_infinity_that_was_given_is_no_alarm():
    with detect_anomaly():
        masked = where(False, Value(1.0), -math.inf)
        assert masked.exp().data == 0.0
        masked.exp().backward()


def test_a_nan_that_is_replaced_is_no_alarm():
    missing = Value(math.nan)
    with detect_anomaly():
        assert where(False, missing, 0.0).data == 0.0


def test_each_kind_can_be_left_out():
    with detect_anomaly(inf=False):
        y = Value(0.0).log()
    assert y.data == -math.inf
    assert caught(lambda: y - y, inf=False).kind == "nan"
    with detect_anomaly(nan=False):
        assert math.isnan((y - y).data)


@pytest.mark.parametrize("bound", [{"vanishing": 0.0}, {"exploding": -1.0}, {"exploding": math.nan}])
def test_a_bound_is_positive(bound):
    with pytest.raises(MicrogradValueError, match="Write detect_anomaly"), detect_anomaly(**bound):
        pass


# ---- gradients that vanish and explode -------------------------------------------------------------------------------


def chain(factor, length):
    h = x = Value(1.0, label="x")
    for _ in range(length):
        h = h * factor
    return x, h


def test_a_gradient_that_explodes():
    leaves = []

    def run():
        x, h = chain(2.0, 20)
        leaves.append(x)
        h.backward()

    finding = caught(run, exploding=1000.0)
    assert (finding.kind, finding.phase, finding.result) == ("exploding", "backward", 1024.0)
    assert "gradient up to 512" in str(finding)
    assert "clipping" in finding.cause.instead
    assert leaves[0].grad == 0.0


def test_a_gradient_that_vanishes():
    assert caught(lambda: chain(0.5, 20)[1].backward(), vanishing=0.01).result == 0.5**7
    with detect_anomaly(vanishing=1e-9, exploding=1e9):
        chain(0.5, 20)[1].backward()


def test_a_gradient_of_zero_has_not_vanished():
    with detect_anomaly(vanishing=1e-3):
        (Value(-1.0).relu() * 2.0).backward()


def test_a_leaf_s_gradient_counts_too():
    x = Value(1e3, label="x")
    assert caught((x * x).backward, exploding=1500.0).operation == "x"


def test_bounds_hold_for_a_graph_that_has_run():
    x, h = chain(2.0, 20)
    finding = find_bad(h, exploding=1000.0)
    assert (finding.kind, finding.phase, finding.result) == ("exploding", "backward", 1024.0)
    assert finding.path and "clipping" in finding.cause.instead
    assert find_bad(chain(0.5, 20)[1], vanishing=0.01).result == 0.5**7
    assert find_bad(h, exploding=1e9) is None
    assert x.grad == 0.0


@pytest.mark.parametrize("bound", [{"vanishing": -1.0}, {"exploding": 0.0}])
def test_a_bound_of_find_bad_is_positive(bound):
    with pytest.raises(MicrogradValueError, match="Write find_bad"):
        find_bad(Value(1.0) * 2.0, **bound)


@pytest.mark.parametrize("call", [lambda **bound: find_bad(Value(1.0), **bound), lambda **bound: caught(int, **bound)])
def test_a_bound_is_a_number(call):
    with pytest.raises(MicrogradTypeError, match="positive number"):
        call(exploding="a")


# ---- what is said ----------------------------------------------------------------------------------------------------


def test_the_message_has_line_operands_path_cause_and_cure():
    def run():
        p = Value(0.25, label="p")
        spread = (p * p - 0.0625).sqrt()
        loss = spread + 1.0
        loss.backward()

    text = str(caught(run))
    assert text.startswith("in the backward pass, sqrt(0.0) handed back inf, in ")
    for part in (
        "spread = (p * p - 0.0625).sqrt()",
        "gradient that arrived = 1.0",
        "path from the loss:\n    add(0.0, 1.0)",
        "Why: the slope of a root at 0 is infinite",
        "Instead: (x + 1e-12).sqrt()",
    ):
        assert part in text


def test_an_operand_goes_by_its_label():
    text = str(caught(lambda: Value(0.0, label="p").log()))
    assert "\n  p = 0.0\n" in text


def test_a_label_can_not_break_the_message():
    text = str(caught(lambda: Value(0.0, label="p\n\x1b[31mred").log()))
    assert "\x1b" not in text
    assert "p↵" in text


def test_a_long_path_is_cut_in_its_middle():
    def run():
        h = Value(0.0).sqrt()
        for _ in range(50):
            h = h + 1.0
        h.backward()

    finding = caught(run)
    assert len(finding.path) == 51
    assert "… 43 more …" in str(finding)


def test_the_first_of_several_is_named():
    def run():
        a = Value(0.0).log()
        return a - a

    assert caught(run).operation == "log(0.0)"


def test_what_went_wrong_before_the_block_is_named_too():
    with keep_sources():
        a = Value(-1.0).log()
    finding = caught(lambda: a * 2.0)
    assert finding.operation == "log(-1.0)"
    assert finding.source == source_of(a)
    late = a * 2.0
    assert caught(late.backward).operation == "log(-1.0)"


def test_a_bad_seed_or_hook_is_told_apart():
    np = pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * 3.0
    finding = caught(lambda: y.backward(np.array([math.nan, 1.0])))
    assert "before any operation had it" in finding.cause.why
    y.register_hook(lambda g: g * math.inf)
    assert "a hook" in caught(lambda: y.backward(np.ones(2))).cause.why


def test_large_arrays_are_told_in_a_line():
    np = pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    x = Tensor(np.linspace(-1.0, 1.0, 200_000).reshape(400, 500), requires_grad=True)
    finding = caught(lambda: x.log().sum())
    assert finding.index == (0, 0)
    assert max(map(len, str(finding).splitlines())) < 300
    assert "shape 400×500" in str(finding)
    assert "100000 of 200000 nan" in str(finding)


def test_every_row_of_the_table_can_be_reached():
    assert cause_forward("log", [0.0]) != cause_forward("log", [-1.0])
    assert cause_forward("no such operation", [1.0]).why.startswith("numbers too large")
    assert cause_backward("sqrt", 0.0, [0.0], False) != cause_backward("sqrt", 1.0, [0.0], False)
    assert "by hand" in cause_backward("sqrt", 1.0, [0.0], True).why


# ---- what is left as it was ------------------------------------------------------------------------------------------


def test_a_stop_writes_no_gradient():
    x = Value(0.0)
    x.grad = 7.0
    caught((x.sqrt() + x).backward)
    assert x.grad == 7.0


def test_find_bad_writes_nothing():
    x = Value(0.0)
    y = x.sqrt() + x
    x.grad = y.grad = 7.0
    assert find_bad(y).phase == "backward"
    assert (x.grad, y.grad, watchers) == (7.0, 7.0, [])


def test_nothing_bad_is_none():
    assert find_bad(Value(2.0).log() * 3.0) is None
    assert find_bad(Value(2.0)) is None


def test_find_bad_takes_a_node():
    with pytest.raises(MicrogradTypeError, match=r"find_bad\(loss\)"):
        find_bad(3.0)


def test_gradients_are_those_without():
    def f(x):
        return (x.tanh() * x + where(x > 0, x.log(), -x)) ** 2

    expected = grad(f)(0.7), grad(grad(f))(0.7), jvp(f, (0.7,), (2.0,))
    with detect_anomaly(vanishing=1e-12, exploding=1e12), keep_sources():
        assert (grad(f)(0.7), grad(grad(f))(0.7), jvp(f, (0.7,), (2.0,))) == expected


def test_the_sweep_with_onlookers_is_the_sweep():
    x, y = Value(0.3), Value(-1.2)
    root = (x * y + x.exp()) / (y * y + 1.0) - x
    order = topological_order(root)
    plain = sweep(order, 1.0)
    with detect_anomaly():
        assert sweep(order, 1.0) == plain


def test_blocks_nest_and_end():
    with detect_anomaly(inf=False):
        assert caught(lambda: Value(0.0).log()).kind == "inf"
        assert caught(lambda: Value(-1.0).log(), nan=False, exploding=2.0).kind == "nan"
    assert watchers == []
    assert Value(0.0).log().data == -math.inf


def test_another_watcher_sees_what_it_saw():
    names = []

    def note(op, operands, params, record):
        names.append(op.name)
        return record(op, operands, params)

    with watching(note), detect_anomaly():
        (Value(2.0) * 3.0).tanh().backward()
    with detect_anomaly(), watching(note):
        (Value(2.0) * 3.0).tanh().backward()
    assert names == ["mul", "tanh"] * 2


def test_other_threads_are_left_alone():
    results = []
    with detect_anomaly():
        thread = threading.Thread(target=lambda: results.append(Value(0.0).log().data))
        thread.start()
        thread.join()
    assert results == [-math.inf]


def test_the_error_goes_to_another_process_without_its_graph():
    with pytest.raises(FloatingPointError) as error, detect_anomaly():
        Value(0.0).log()
    copy = pickle.loads(pickle.dumps(error.value))
    assert str(copy) == str(error.value)
    assert copy.finding is None


def test_a_graph_as_deep_as_it_likes():
    h = Value(0.0).sqrt()
    for _ in range(5000):
        h = h * 1.0
    assert find_bad(h).operation == "sqrt(0.0)"


def test_worst_knows_integers_and_texts():
    assert worst(3) == worst("nan") == worst(None) == ""
