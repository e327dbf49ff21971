"""Every elementwise primitive of the table: against finite differences, and as IEEE 754 has it at the edges.

`DOMAINS` says where each primitive is smooth enough for differences to tell its slope; a primitive without an
entry fails `test_every_op_has_a_domain`. Comparisons with PyTorch are in test_against_torch.py.
"""

from __future__ import annotations

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd import engine
from micrograd.engine.checking import check_gradients
from micrograd.engine.ops.op import OPS
from micrograd.engine.value import Value

INF, NAN = math.inf, math.nan
ELEMENTWISE = {
    name: op for name, op in OPS.items() if op.elementwise and name in set(engine.__all__) - {"stop_gradient"}
}


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


def off_zero(limit: float) -> st.SearchStrategy[float]:
    """Away from the kink or pole at 0, further than a step of the differences."""
    return between(-limit, -0.01) | between(0.01, limit)


def apart(limit: float) -> st.SearchStrategy[tuple[float, float]]:
    """Two numbers that aren't in a tie."""
    return st.tuples(between(-limit, limit), between(-limit, limit)).filter(lambda p: abs(p[0] - p[1]) > 0.01)


ANY, TWO = st.tuples(between(-5.0, 5.0)), st.tuples(between(-5.0, 5.0), between(-5.0, 5.0))
POSITIVE = st.tuples(between(0.1, 50.0))
STEPS = st.tuples(st.integers(-20, 20).flatmap(lambda n: between(n + 0.05, n + 0.45)))
DOMAINS = {
    "abs": st.tuples(off_zero(5.0)),
    "add": TWO,
    "arccos": st.tuples(between(-0.95, 0.95)),
    "arccosh": st.tuples(between(1.1, 20.0)),
    "arcsin": st.tuples(between(-0.95, 0.95)),
    "arcsinh": ANY,
    "arctan": ANY,
    "arctan2": st.tuples(between(-5.0, 5.0), between(0.1, 5.0)) | st.tuples(off_zero(5.0), between(-5.0, 5.0)),
    "arctanh": st.tuples(between(-0.95, 0.95)),
    "cbrt": st.tuples(between(-50.0, -0.1) | between(0.1, 50.0)),
    "ceil": STEPS,
    "celu": st.tuples(off_zero(5.0)),
    "clamp_max": apart(5.0),
    "clamp_min": apart(5.0),
    "cos": ANY,
    "copysign": st.tuples(off_zero(5.0), off_zero(5.0)),
    "cosh": ANY,
    "div": st.tuples(between(-5.0, 5.0), between(-5.0, -0.1) | between(0.1, 5.0)),
    "elu": st.tuples(off_zero(5.0)),
    "erf": ANY,
    "erfc": ANY,
    "exp": ANY,
    "exp2": ANY,
    "expm1": ANY,
    "floor": STEPS,
    "floor_divide": st.tuples(st.integers(-9, 9), between(0.1, 0.9), between(1.0, 5.0)).map(
        lambda t: ((t[0] + t[1]) * t[2], t[2])
    ),
    "fmod": st.tuples(st.integers(0, 9), between(0.1, 0.9), between(1.0, 5.0)).map(
        lambda t: ((t[0] + t[1]) * t[2], -t[2])
    ),
    "gaussian": ANY,
    "gelu": ANY,
    "gelu_slope": ANY,
    "hardsigmoid": st.tuples(between(-9.0, -3.1) | between(-2.9, 2.9) | between(3.1, 9.0)),
    "hardswish": st.tuples(between(-9.0, -3.1) | between(-2.9, 2.9) | between(3.1, 9.0)),
    "hardtanh": st.tuples(between(-5.0, -1.1) | between(-0.9, 0.9) | between(1.1, 5.0)),
    "hypot": st.tuples(off_zero(5.0), between(-5.0, 5.0)),
    "leaky_relu": st.tuples(off_zero(5.0)),
    "log": POSITIVE,
    "log10": POSITIVE,
    "log1p": st.tuples(between(-0.9, 50.0)),
    "log2": POSITIVE,
    "logaddexp": TWO,
    "logsigmoid": ANY,
    "maximum": apart(5.0),
    "minimum": apart(5.0),
    "mish": ANY,
    "mod": st.tuples(st.integers(-9, 9), between(0.1, 0.9), between(1.0, 5.0)).map(
        lambda t: ((t[0] + t[1]) * t[2], t[2])
    ),
    "mul": TWO,
    "neg": ANY,
    "pow": st.tuples(between(0.2, 4.0), between(-3.0, 3.0)),
    "reciprocal": st.tuples(between(-5.0, -0.1) | between(0.1, 5.0)),
    "relu": st.tuples(off_zero(5.0)),
    "relu6": st.tuples(between(-5.0, -0.1) | between(0.1, 5.9) | between(6.1, 9.0)),
    "round": STEPS,
    "rsqrt": POSITIVE,
    "selu": st.tuples(off_zero(5.0)),
    "sigmoid": ANY,
    "sign": st.tuples(off_zero(5.0)),
    "silu": ANY,
    "sin": ANY,
    "sinc": ANY,
    "sinh": ANY,
    "softplus": ANY,
    "softsign": ANY,
    "sqrt": POSITIVE,
    "square": ANY,
    "sub": TWO,
    "tan": st.tuples(between(-1.3, 1.3)),
    "tanh": ANY,
    "tanhshrink": ANY,
    "trunc": STEPS,
    "where": st.tuples(st.sampled_from([-1.0, 1.0]), between(-5.0, 5.0), between(-5.0, 5.0)),
    "xlogy": st.tuples(between(-5.0, 5.0), between(0.1, 50.0)),
}
OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "floor_divide": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": abs,
}
FUNCTIONS_ONLY = {"where", "gelu_slope"}  # a condition has no method; and a slope is no function to compute with


def slope(name: str, *operands: float, **params: float) -> tuple[float, ...]:
    """The gradient of a primitive by each of its operands."""
    values = [Value(operand) for operand in operands]
    OPS[name](*values, **params).backward()
    return tuple(value.grad for value in values)


def same(a: float, b: float) -> bool:
    """Equal as IEEE values: nan is nan."""
    return a == b or (a != a and b != b)


def test_every_op_has_a_domain() -> None:
    assert set(ELEMENTWISE) == set(DOMAINS)


@pytest.mark.parametrize("name", sorted(DOMAINS))
@given(data=st.data())
def test_gradient_agrees_with_differences(name: str, data: st.DataObject) -> None:
    operands = data.draw(DOMAINS[name])
    if name == "where":  # the condition is no smooth operand
        condition, *operands = operands
        check_gradients(lambda x, y: OPS["where"](condition > 0.0, x, y), *operands)
    else:
        check_gradients(OPS[name], *operands)


@pytest.mark.parametrize(("name", "setting"), [("leaky_relu", 0.3), ("elu", 2.5), ("celu", 0.7), ("softplus", 2.0)])
@given(x=off_zero(5.0))
def test_settings_reach_the_rule(name: str, setting: float, x: float) -> None:
    check_gradients(lambda v: OPS[name](v, setting), x)
    check_gradients(lambda v: getattr(v, name)(setting), x)


@pytest.mark.parametrize("name", sorted(DOMAINS))
@given(data=st.data())
def test_function_method_and_float_give_one_number(name: str, data: st.DataObject) -> None:
    operands = data.draw(DOMAINS[name])
    plain = OPS[name](*operands)
    values = [Value(operand) for operand in operands]
    assert type(plain) is float
    assert same(OPS[name](*values).data, plain)
    if name not in FUNCTIONS_ONLY:
        assert same(as_method(name)(*values).data, plain)


def as_method(name: str):
    return OPERATORS.get(name) or getattr(Value, name)


@pytest.mark.parametrize("name", sorted(DOMAINS))
def test_every_op_is_a_function_of_the_package_and_a_method(name: str) -> None:
    assert getattr(engine, name) is OPS[name]
    assert name in FUNCTIONS_ONLY or callable(as_method(name))


@pytest.mark.parametrize("name", sorted(n for n, op in ELEMENTWISE.items() if op.arity == 2))
@given(data=st.data())
def test_a_number_on_either_side_is_a_constant(name: str, data: st.DataObject) -> None:
    x, y = data.draw(DOMAINS[name])
    both = slope(name, x, y)
    left, right = Value(x), Value(y)
    # Through two operations more, so that the gradient has to find its way on from the operand.
    OPS[name](engine.neg(-left), y).backward()
    OPS[name](x, engine.neg(-right)).backward()
    assert same(left.grad, both[0])
    assert same(right.grad, both[1])


# ---- IEEE values: forward ----------------------------------------------------------------------------------

EDGES = [
    ("pow", (0.0, 0.0), 1.0),
    ("pow", (0.0, 0.5), 0.0),
    ("pow", (0.0, -1.0), INF),
    ("pow", (-0.0, -1.0), -INF),
    ("pow", (10.0, 400.0), INF),
    ("pow", (-10.0, 401.0), -INF),
    ("pow", (-8.0, 1 / 3), NAN),
    ("pow", (NAN, 0.0), 1.0),
    ("pow", (1.0, NAN), 1.0),
    ("pow", (INF, -1.0), 0.0),
    ("log", (0.0,), -INF),
    ("log", (-1.0,), NAN),
    ("log", (INF,), INF),
    ("log1p", (-1.0,), -INF),
    ("log1p", (-2.0,), NAN),
    ("sqrt", (-1.0,), NAN),
    ("sqrt", (INF,), INF),
    ("exp", (1000.0,), INF),
    ("exp", (-1000.0,), 0.0),
    ("expm1", (1000.0,), INF),
    ("expm1", (-1000.0,), -1.0),
    ("tanh", (1e4,), 1.0),
    ("tanh", (-INF,), -1.0),
    ("sigmoid", (1e4,), 1.0),
    ("sigmoid", (-1e4,), 0.0),
    ("softplus", (1e4,), 1e4),
    ("softplus", (-1e4,), 0.0),
    ("softplus", (INF,), INF),
    ("softplus", (-INF,), 0.0),
    ("sinh", (1000.0,), INF),
    ("sinh", (-1000.0,), -INF),
    ("cosh", (-1000.0,), INF),
    ("sin", (INF,), NAN),
    ("cos", (INF,), NAN),
    ("tan", (-INF,), NAN),
    ("arcsin", (2.0,), NAN),
    ("arccos", (2.0,), NAN),
    ("arctan", (INF,), math.pi / 2),
    ("erf", (INF,), 1.0),
    ("erfc", (30.0,), 0.0),
    ("div", (1.0, 0.0), INF),
    ("div", (1.0, -0.0), -INF),
    ("div", (0.0, 0.0), NAN),
    ("div", (INF, INF), NAN),
    ("mul", (0.0, INF), NAN),
    ("sub", (INF, INF), NAN),
    ("maximum", (NAN, 1.0), NAN),
    ("maximum", (1.0, NAN), NAN),
    ("minimum", (NAN, 1.0), NAN),
    ("minimum", (1.0, NAN), NAN),
    ("relu", (-INF,), 0.0),
    ("relu", (INF,), INF),
    ("leaky_relu", (-INF,), -INF),
    ("elu", (-INF,), -1.0),
    ("elu", (1e4,), 1e4),
    ("gelu", (1e4,), 1e4),
    ("gelu", (-1e4,), 0.0),
    ("silu", (1e4,), 1e4),
    ("silu", (-1e4,), 0.0),
    ("sign", (0.0,), 0.0),
]


@pytest.mark.parametrize(("name", "operands", "expected"), EDGES)
def test_forward_at_the_edges(name: str, operands: tuple[float, ...], expected: float) -> None:
    assert same(OPS[name](*operands), expected)
    out = OPS[name](*map(Value, operands))
    assert same(out.data, expected)
    out.backward()  # whatever the slope is there, there is no exception


@pytest.mark.parametrize("name", sorted(n for n, op in ELEMENTWISE.items() if op.arity == 1))
def test_nan_stays_nan(name: str) -> None:
    assert math.isnan(OPS[name](NAN))
    OPS[name](Value(NAN)).backward()


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
@given(data=st.data())
def test_no_float_makes_an_op_raise(name: str, data: st.DataObject) -> None:
    operands = data.draw(
        st.tuples(*[st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, INF, -INF, NAN])] * ELEMENTWISE[name].arity)
    )
    values = [Value(operand) for operand in operands]
    out = OPS[name](*values)
    out.backward()
    assert all(type(value.grad) is float for value in values)
    assert same(OPS[name](*operands), out.data)


# ---- IEEE values: gradients --------------------------------------------------------------------------------

EDGE_SLOPES = [
    ("relu", (0.0,), (0.0,)),
    ("relu", (-0.0,), (0.0,)),
    ("abs", (0.0,), (0.0,)),
    ("leaky_relu", (-INF,), (0.01,)),
    ("maximum", (1.0, 1.0), (0.5, 0.5)),
    ("minimum", (1.0, 1.0), (0.5, 0.5)),
    ("maximum", (2.0, 1.0), (1.0, 0.0)),
    ("sign", (3.0,), (0.0,)),
    ("sqrt", (0.0,), (INF,)),
    ("log", (0.0,), (INF,)),
    ("log", (-0.0,), (-INF,)),
    ("log1p", (-1.0,), (INF,)),
    ("arcsin", (1.0,), (INF,)),
    ("arccos", (-1.0,), (-INF,)),
    ("exp", (1000.0,), (INF,)),
    ("exp", (-1000.0,), (0.0,)),
    ("tanh", (1e4,), (0.0,)),
    ("sigmoid", (1e4,), (0.0,)),
    ("sigmoid", (-1e4,), (0.0,)),
    ("softplus", (1e4,), (1.0,)),
    ("softplus", (-1e4,), (0.0,)),
    ("gelu", (1e4,), (1.0,)),
    ("gelu", (-1e4,), (0.0,)),
    ("silu", (1e4,), (1.0,)),
    ("silu", (-1e4,), (0.0,)),
    ("elu", (1e4,), (1.0,)),
    ("elu", (-1e4,), (0.0,)),
    ("erf", (1e4,), (0.0,)),
    ("arctan", (INF,), (0.0,)),
    ("div", (1.0, 0.0), (INF, -INF)),
    ("div", (0.0, 0.0), (INF, NAN)),
    ("div", (1.0, INF), (0.0, -0.0)),
    # 0**y is 1 at y = 0 and 0 to its right: no slope there, and 0 as in PyTorch
    ("pow", (0.0, 0.0), (0.0, 0.0)),
    ("pow", (0.0, 0.5), (INF, 0.0)),
    ("pow", (0.0, 1.0), (1.0, 0.0)),
    ("pow", (0.0, 2.0), (0.0, 0.0)),
    ("pow", (0.0, -1.0), (-INF, -INF)),
    ("pow", (10.0, 400.0), (INF, INF)),
    ("pow", (-8.0, 1 / 3), (NAN, NAN)),
    ("pow", (-2.0, 3.0), (12.0, NAN)),
]


@pytest.mark.parametrize(("name", "operands", "expected"), EDGE_SLOPES)
def test_slope_at_the_edges(name: str, operands: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert all(map(same, slope(name, *operands), expected)), slope(name, *operands)


def test_no_gradient_through_the_branch_that_was_not_chosen() -> None:
    x, y = Value(0.0), Value(2.0)
    engine.where(x > 0.0, engine.log(y), y * y).backward()
    assert (x.grad, y.grad) == (0.0, 4.0)
