"""`check_gradients`: what it passes, what it finds, what it shows, and that it leaves everything as it was."""

from __future__ import annotations

import contextlib
import math
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd import engine
from micrograd.engine.checking import GradientEntry, GradientReport, check_gradients
from micrograd.engine.errors import (
    GradientMismatch,
    GraphError,
    MicrogradError,
    MicrogradTypeError,
    MicrogradValueError,
)
from micrograd.engine.ops.op import OPS, Op
from micrograd.engine.value import Value


def wrong_square(x: Value, factor: float = 3.0) -> Value:
    """x * x with the gradient factor * x."""
    out = Value(x.data**2, (x,), "wrong square")

    def _backward() -> None:
        x.grad += factor * x.data * out.grad

    out._backward = _backward
    return out


# ---- what it passes ----------------------------------------------------------------------------------------


def test_the_report() -> None:
    report = check_gradients(lambda x, w: w * x * x, 3.0, 0.5)
    assert isinstance(report, GradientReport)
    assert report.passed
    assert [entry.name for entry in report.entries] == ["x", "w"]
    assert [entry.at for entry in report.entries] == [3.0, 0.5]
    assert [entry.analytic for entry in report.entries] == [3.0, 9.0]
    assert [entry.numeric for entry in report.entries] == pytest.approx([3.0, 9.0], rel=1e-9)
    assert max(entry.relative_error for entry in report.entries) < 1e-9


def test_nested_inputs_and_their_names() -> None:
    def f(x: Value, layers: list[list[Value]], *biases: Value, scale: float = 2.0) -> Value:
        return sum((w * x for layer in layers for w in layer), Value(0.0)) * scale + sum(biases)

    report = check_gradients(f, 1, [[2.0, Value(3.0)], [Value(4.0, label="w3")]], 5.0, 6.0)
    names = ["x", "layers[0][0]", "layers[0][1]", "w3", "biases[0]", "biases[1]"]
    assert [entry.name for entry in report.entries] == names
    assert [entry.analytic for entry in report.entries] == [18.0, 2.0, 2.0, 2.0, 1.0, 1.0]


def test_f_receives_the_structure_that_was_given() -> None:
    class Pair(NamedTuple):
        left: Any
        right: Any

    def f(pair: Pair, rest: tuple[Any, list[Any]]) -> Value:
        assert type(pair) is Pair
        assert type(rest) is tuple
        assert type(rest[1]) is list
        assert type(pair.left) is Value
        return pair.left * pair.right + rest[0] * rest[1][0]

    assert check_gradients(f, Pair(2.0, 3.0), (4.0, [5.0])).passed


def test_primitives_and_bound_methods() -> None:
    assert check_gradients(engine.exp, 0.5).entries[0].name == "x"
    assert check_gradients(engine.maximum, 0.5, 0.7).passed
    assert check_gradients(Value(2.0).__mul__, 3.0).passed


def test_a_model_that_reaches_its_parameters_itself() -> None:
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    report = check_gradients(lambda *_: (w * 3.0 + b).tanh(), w, b)
    assert [entry.name for entry in report.entries] == ["w", "b"]
    assert all(entry.analytic for entry in report.entries)


def test_a_computed_value_stands_for_its_number() -> None:
    x = Value(2.0)
    report = check_gradients(lambda v: v * v, x * 3.0)
    assert (report.entries[0].at, report.entries[0].analytic) == (6.0, 12.0)
    assert x.grad == 0.0


def test_an_input_that_f_ignores_and_an_f_that_is_constant() -> None:
    assert check_gradients(lambda x, y: x * 2.0, 1.0, 5.0).entries[1].analytic == 0.0
    assert check_gradients(lambda x: Value(3.0), 1.0).passed
    assert check_gradients(lambda x: x, 1.0).entries[0].analytic == 1.0


@given(x=st.floats(-1e12, 1e12, allow_subnormal=False))
def test_the_step_is_scaled_to_the_input(x: float) -> None:
    assert check_gradients(lambda v: v * v * 0.5, x).passed


@given(offset=st.floats(-1e9, 1e9), x=st.floats(0.1, 10.0))
def test_a_large_output_is_no_excuse_and_no_failure(offset: float, x: float) -> None:
    """What the differences can't know is allowed for: log(x) + 1e9 has few digits left of the slope."""
    assert check_gradients(lambda v: v.log() + offset, x).passed


def test_what_two_inputs_of_very_different_size_need() -> None:
    assert check_gradients(lambda a, b: a * b, 1e-8, 1e8).passed


# ---- what it finds -----------------------------------------------------------------------------------------


def test_a_mismatch_names_the_worst_entry_and_shows_the_table() -> None:
    with pytest.raises(GradientMismatch) as caught:
        check_gradients(lambda a, b, c: a * 2.0 + wrong_square(b, 2.001) + wrong_square(c), 1.0, 2.0, 3.0)
    message = str(caught.value)
    assert message.startswith("analytic and numeric gradients disagree, worst at c: 9 by the rules, 6 by differences.")
    lines = message.splitlines()[1:]
    assert lines[0].split() == ["input", "at", "analytic", "numeric", "relative", "error"]
    assert "<-" not in lines[1]
    assert lines[2].endswith("<- disagrees")
    assert lines[3].endswith("<- worst, disagrees")


def test_a_mismatch_is_what_a_caller_may_expect_to_catch() -> None:
    for kind in (AssertionError, MicrogradError):
        with pytest.raises(kind):
            check_gradients(wrong_square, 3.0)


@pytest.mark.parametrize("factor", [0.0, -2.0, 1.9999, 2.0001, math.nan, math.inf])
def test_wrong_rules_of_all_kinds(factor: float) -> None:
    with pytest.raises(GradientMismatch):
        check_gradients(lambda x: wrong_square(x, factor), 3.0)


def test_a_graph_cut_in_the_middle() -> None:
    with pytest.raises(GradientMismatch, match=r"Value\(x\.data\)"):
        check_gradients(lambda x: x * Value(x.data), 3.0)


def test_the_second_order_finds_a_rule_that_forgets_to_be_differentiated() -> None:
    """g * 2x with x as a plain number is right, once."""
    square = Op(lambda x: x * x, (lambda g, out, x: g * 2.0 * engine.stop_gradient(x),), "square", elementwise=True)
    assert check_gradients(square, 3.0, order=1).passed
    with pytest.raises(GradientMismatch, match=r"second derivatives disagree, worst at x: 0 by the rules, 6"):
        check_gradients(square, 3.0, order=2)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("modes", [("reverse",), ("forward",), ("reverse", "forward")])
def test_orders_and_modes(order: int, modes: tuple[str, ...]) -> None:
    report = check_gradients(lambda x, y: (x * y).sin() * y, 0.5, 0.25, order=order, modes=modes)
    assert len(report.second_order) == (2 if order == 2 else 0)
    for entry in (*report.entries, *report.second_order):
        assert (entry.forward is not None) == (len(modes) == 2)
        assert entry.numeric == pytest.approx(entry.analytic, rel=1e-7)
        assert entry.forward in (None, pytest.approx(entry.analytic, rel=1e-14))


def test_the_second_derivative_of_one_number_is_f_s() -> None:
    (entry,) = check_gradients(lambda x: x**3, 0.5).second_order
    assert entry.analytic == entry.forward == 3.0
    assert entry.numeric == pytest.approx(3.0, rel=1e-8)


@pytest.mark.parametrize(("f", "at"), [(engine.xlogy, (0.0, 2.0)), (engine.pow, (0.5, 0.0)), (engine.pow, (3.0, 0.0))])
def test_mixed_second_derivatives_where_a_rule_goes_around_a_zero(f: Any, at: tuple[float, float]) -> None:
    report = check_gradients(f, *at, order=2)
    assert report.passed
    assert not report.kinks


def test_the_second_order_is_spared_if_the_first_is_wrong_or_written_by_hand() -> None:
    with pytest.raises(GradientMismatch) as caught:
        check_gradients(lambda x: x * engine.stop_gradient(x), 3.0, order=2)
    assert "second order" not in str(caught.value)
    by_hand = check_gradients(lambda x: wrong_square(x, 2.0) * x, 3.0)
    assert by_hand.second_order == ()
    assert by_hand.entries[0].forward is None
    with pytest.raises(GraphError, match="hand-written"):
        check_gradients(lambda x: wrong_square(x, 2.0) * x, 3.0, modes=("forward",))


def test_a_compiled_function_is_checked_as_far_as_it_goes() -> None:
    pytest.importorskip("numpy")
    report = check_gradients(engine.jit(lambda x, w: (w[0] * x + w[1]).tanh()), 0.5, [2.0, -0.5])
    assert report.passed
    assert report.second_order == ()


def test_tolerances_are_respected() -> None:
    assert check_gradients(lambda x: wrong_square(x, 2.001), 3.0, rtol=1e-2).passed
    assert check_gradients(lambda x: wrong_square(x, 2.001), 3.0, atol=1e-2).passed
    with pytest.raises(GradientMismatch):
        check_gradients(lambda x: wrong_square(x, 2.001), 3.0, rtol=1e-5)


# ---- kinks, and what only looks like one -------------------------------------------------------------------


KINKS = [
    (engine.relu, (0.0,), ["relu(0)"]),
    (engine.relu, (1e-7,), ["relu(1e-07)"]),
    (engine.relu, (-1e-7,), ["relu(-1e-07)"]),
    (engine.relu, (1e-5,), []),
    (engine.abs, (0.0,), ["abs(0)"]),
    (engine.floor, (3.0,), ["floor(3)"]),
    (engine.round, (2.5,), ["round(2.5)"]),
    (engine.sign, (0.0,), ["sign(0)"]),
    (engine.maximum, (1.5, 1.5), ["maximum(1.5, 1.5)"] * 2),
    (engine.clamp_max, (2.0, 2.0), ["clamp_max(2, 2)"] * 2),
    (engine.mod, (6.0, 3.0), ["mod(6, 3)"] * 2),
    (lambda x: engine.hardtanh(x * 2.0 + 1.0), (0.0,), ["hardtanh(1)"]),
    (lambda x: x.relu() - 2.0 * (-x).relu(), (0.0,), ["relu(0)"]),
    (lambda x: x * 2.0 if x.data > 1.0 else -x, (1.0,), ["a branch in f()"]),
    (lambda x: engine.where(x > 1.0, 3.0 * x, x), (1.0,), ["where(0, 3, 1)"]),
    (lambda x, y: x.relu() * y, (0.0, 2.0), ["relu(0)"]),
    (lambda x: x.relu() * 0.0, (0.0,), []),
    (lambda x: (x * 1e6).sin(), (0.3,), []),
    (engine.sqrt, (1e-5,), []),
    (engine.exp, (30.0,), []),
]


@pytest.mark.parametrize(("f", "at", "kinks"), KINKS)
def test_a_kink_is_named_and_no_mismatch(f: Any, at: tuple[float, ...], kinks: list[str]) -> None:
    report = check_gradients(f, *at)
    assert report.passed
    assert [str(entry.kink) for entry in report.kinks] == kinks
    assert str(report).count("<- kink: ") == len(kinks)


@pytest.mark.parametrize(
    ("f", "at", "kink"),
    [
        (lambda x: OPS["huber"](x), 1.0, "huber(1)"),
        (engine.elu, 0.0, None),  # at 0 its second derivative is taken as the mean of both sides, as by the quotient
        (lambda x: engine.hardswish(x * 2.0).relu() + x.tanh(), 0.7, None),
    ],
)
def test_a_slope_that_bends_is_named_at_second_order(f: Any, at: float, kink: str | None) -> None:
    pytest.importorskip("numpy")  # huber is declared beside functions of arrays
    report = check_gradients(f, at)
    assert report.passed
    assert [entry.kink and str(entry.kink) for entry in report.second_order] == [kink]


def test_other_entries_are_still_compared() -> None:
    with pytest.raises(GradientMismatch, match=r"worst at y: ") as caught:
        check_gradients(lambda x, y: x.relu() + wrong_square(y), 0.0, 1.0)
    assert "<- kink: relu(0)" in str(caught.value)


def test_a_wrong_rule_of_a_smooth_function_is_no_kink() -> None:
    wrong = Op(lambda x: math.exp(x), (lambda g, out, x: g * out * 1.001,), "exp", elementwise=True)
    for x in (-3.0, 0.0, 20.0):
        with pytest.raises(GradientMismatch):
            check_gradients(wrong, x)


def test_f_that_gives_something_else_each_time() -> None:
    calls = iter(range(100))
    with pytest.raises(MicrogradValueError, match="fixed seed"):
        check_gradients(lambda x: x * float(next(calls)), 1.0)


# ---- it leaves everything as it was ------------------------------------------------------------------------


def bystanders() -> tuple[Value, Value, Value]:
    x, w = Value(0.1, label="x"), Value(0.7)
    x.grad, w.grad = 5.0, -6.0
    y = x * w
    y.grad = 8.0
    return x, w, y


@pytest.mark.parametrize(
    "f",
    [
        lambda x, w: x * w,
        lambda x, w: wrong_square(x) * w,
        lambda x, w: (x - 0.1).log() * w,
        lambda x, w: 3.0,
        lambda x, w: 1 / 0,
        lambda x, w: engine.where(x > 0.1, w / 0.0, w),
    ],
    ids=["passes", "mismatch", "not finite", "no Value", "raises", "not finite beside it"],
)
def test_data_and_gradients_are_as_before(f: Any) -> None:
    x, w, y = bystanders()
    with contextlib.suppress(MicrogradError, ZeroDivisionError):
        check_gradients(f, x, w)
    assert (x.data, w.data, y.data) == (0.1, 0.7, 0.1 * 0.7)
    assert (x.grad, w.grad, y.grad) == (5.0, -6.0, 8.0)


def test_so_are_those_of_values_that_f_reaches_otherwise() -> None:
    x, w, _ = bystanders()
    check_gradients(lambda v: v * w * x, 2.0)
    assert (x.grad, w.grad) == (5.0, -6.0)


def test_an_interrupt_puts_the_data_back() -> None:
    x = Value(0.1)
    calls = []

    def f(v: Value) -> Value:
        calls.append(v.data)
        if v.data != 0.1:
            raise KeyboardInterrupt
        return v * v

    with pytest.raises(KeyboardInterrupt):
        check_gradients(f, x)
    assert calls[-1] != 0.1
    assert x.data == 0.1


# ---- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "advice"),
    [
        (3.0, r"micrograd\.engine\.exp\(x\)"),
        (None, "`return` is missing"),
        ([Value(1.0)], r"return sum\(outputs\)"),
        ((Value(1.0), Value(2.0)), r"return sum\(outputs\)"),
        ("text", "operators"),
    ],
)
def test_f_that_returns_no_value(returned: Any, advice: str) -> None:
    with pytest.raises(MicrogradTypeError, match=advice):
        check_gradients(lambda x: returned, 1.0)


@pytest.mark.parametrize("f", [engine.log, lambda x: x / x, lambda x: x - math.nan, lambda x: (x + 10.0) ** 400])
def test_f_that_is_not_finite(f: Any) -> None:
    with pytest.raises(MicrogradValueError, match=r"eps=1e-8"):
        check_gradients(f, 0.0)


def test_f_that_is_not_finite_beside_the_point() -> None:
    with pytest.raises(MicrogradValueError, match="beside"):
        check_gradients(engine.sqrt, 1e-7)
    assert check_gradients(engine.sqrt, 1e-3, eps=1e-8).passed


@pytest.mark.parametrize("inputs", [(), ([],), ((), [])])
def test_no_inputs(inputs: Any) -> None:
    with pytest.raises(MicrogradValueError, match=r"check_gradients\(f, 0\.5"):
        check_gradients(lambda *_: Value(1.0), *inputs)


@pytest.mark.parametrize("bad", [None, "x", 1j, {"a": None}, [1.0, None], object()])
def test_inputs_that_are_no_numbers(bad: Any) -> None:
    with pytest.raises(MicrogradTypeError):
        check_gradients(lambda x: Value(1.0), bad)


@pytest.mark.parametrize(
    "settings",
    [
        {"eps": 0.0},
        {"eps": -1e-6},
        {"eps": math.nan},
        {"eps": math.inf},
        {"rtol": -1.0},
        {"atol": 0.0},
        {"atol": math.nan},
        {"order": 0},
        {"order": 3},
        {"modes": ()},
        {"modes": "reverse"},
        {"modes": ("reverse", "sideways")},
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any]) -> None:
    with pytest.raises(MicrogradValueError, match=rf"check_gradients.*{next(iter(settings))}="):
        check_gradients(lambda x: x, 1.0, **settings)


def test_the_wrong_number_of_inputs_is_python_s_own_error() -> None:
    with pytest.raises(TypeError, match="positional argument"):
        check_gradients(lambda x, y: x, 1.0)


# ---- the parts ---------------------------------------------------------------------------------------------


def test_errors_of_an_entry() -> None:
    entry = GradientEntry("x", at=1.0, analytic=4.0, numeric=5.0, tolerance=0.5)
    assert (entry.error, entry.relative_error, entry.agrees) == (1.0, 0.2, False)
    assert GradientEntry("x", 1.0, 0.0, 0.0, 1e-8).relative_error == 0.0
    assert GradientEntry("x", 1.0, math.nan, 0.0, 1e-8).error == math.inf
    assert not GradientEntry("x", 1.0, math.nan, 0.0, 1e-8).agrees
    assert not GradientEntry("x", 1.0, math.inf, 0.0, 1e-8).agrees


def test_the_entries_of_dicts_and_of_a_value_given_twice() -> None:
    w = Value(2.0)
    report = check_gradients(lambda p, q: p["w"] * p["b"][0] * q, {"w": w, "b": [3.0]}, w)
    assert [entry.name for entry in report.entries] == ["p['w']", "p['b'][0]"]
    assert [entry.analytic for entry in report.entries] == [12.0, 4.0]


def test_the_table_lines_up() -> None:
    report = GradientReport((GradientEntry("a", 1.0, 2.0, 2.0, 1.0), GradientEntry("long name", -1.25, 1e-9, 0.0, 1.0)))
    assert str(report).splitlines() == [
        "input         at  analytic  numeric  relative error",
        "a              1         2        2         0.0e+00",
        "long name  -1.25     1e-09        0         1.0e+00  <- worst",
    ]
