"""`Value` as a Python object: what it takes in, what it refuses and how, operators, comparisons, text."""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine.errors import GraphError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
ORDER = [operator.lt, operator.le, operator.gt, operator.ge]
FINITE = st.floats(-1e6, 1e6)


# ---- what can be data --------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [3, 3.0, True, Fraction(3, 2), -0.0, math.inf, 10**300])
def test_takes_real_numbers_as_floats(data: Any) -> None:
    v = Value(data)
    assert type(v.data) is float
    assert v.data == float(data)
    assert (v.grad, v.label, v.op) == (0.0, "", None)


def test_a_subclass_of_float_becomes_a_float() -> None:
    class Celsius(float):
        pass

    assert type(Value(Celsius(3.0)).data) is float


REFUSED = [
    (None, "return"),
    ("3.0", r"Value\(float\(text\)\)"),
    (b"3", r"Value\(float\(text\)\)"),
    (1 + 2j, r"Value\(1.0\)"),
    ([1.0, 2.0], r"\[Value\(x\) for x in data\]"),
    ((1.0,), r"\[Value\(x\) for x in data\]"),
    ({1.0}, r"\[Value\(x\) for x in data\]"),
    (Value(1.0), r"value\.data"),
    (Decimal(1), "Decimal"),
    (math.exp, "builtin_function"),
    (object(), "object"),
]


@pytest.mark.parametrize(("data", "advice"), REFUSED)
def test_refuses_what_is_no_real_number(data: Any, advice: str) -> None:
    with pytest.raises(MicrogradTypeError, match=advice):
        Value(data)


@pytest.mark.parametrize(("data", "advice"), REFUSED)
def test_writing_data_refuses_the_same(data: Any, advice: str) -> None:
    v = Value(2.0)
    with pytest.raises(MicrogradTypeError, match=advice):
        v.data = data
    assert v.data == 2.0


@pytest.mark.parametrize("sign", [1, -1])
def test_an_integer_beyond_all_floats(sign: int) -> None:
    with pytest.raises(MicrogradValueError, match=r"Value\(float\('inf'\)\)"):
        Value(sign * 10**400)
    with pytest.raises(MicrogradValueError, match="larger than any float"):
        Value(1.0) + sign * 10**400


def test_errors_are_the_builtins_that_one_expects() -> None:
    with pytest.raises(TypeError):
        Value("3")
    with pytest.raises(ValueError, match="larger"):
        Value(10**400)


@pytest.mark.parametrize("children", ["ab", [1.0], (Value(1.0), 2.0), [None]])
def test_children_must_be_values(children: Any) -> None:
    with pytest.raises(MicrogradTypeError, match=r"label="):
        Value(1.0, children)


# ---- operators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("other", [None, "2", b"2", [1.0], (1.0,), {}, {1.0}, 1j])
def test_an_operand_that_is_no_number(op: Any, other: Any) -> None:
    for call in (lambda: op(Value(2.0), other), lambda: op(other, Value(2.0))):
        with pytest.raises(MicrogradTypeError, match="one real number"):
            call()


@pytest.mark.parametrize("op", [*BINARY, *ORDER])
def test_an_operand_of_a_class_that_knows_values_decides(op: Any) -> None:
    class Knows:
        def answer(self, other: Any) -> str:
            return "mine"

        __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = answer
        __lt__ = __le__ = __gt__ = __ge__ = answer

    assert op(Value(2.0), Knows()) == "mine"


@pytest.mark.parametrize("op", BINARY)
def test_an_operand_of_a_foreign_class_is_a_type_error(op: Any) -> None:
    with pytest.raises(TypeError):
        op(Value(2.0), object())


@given(x=FINITE, y=FINITE)
def test_arithmetic_is_that_of_floats(x: float, y: float) -> None:
    for op in (operator.add, operator.sub, operator.mul):
        for a, b in ((Value(x), Value(y)), (x, Value(y)), (Value(x), y)):
            assert op(a, b).data == op(x, y)
    if y:
        assert (Value(x) / y).data == (x / Value(y)).data == x / y
    assert (-Value(x)).data == -x
    assert abs(Value(x)).data == abs(x)
    assert +Value(x) is not None


@given(x=st.floats(), y=st.floats())
def test_comparisons_are_by_data(x: float, y: float) -> None:
    for relation in ORDER:
        assert relation(Value(x), Value(y)) is relation(x, y)
        assert relation(Value(x), y) is relation(x, y)
        assert relation(x, Value(y)) is relation(x, y)


def test_equality_and_hash_are_by_identity() -> None:
    a, b = Value(1.0), Value(1.0)
    assert a == a
    assert a != b
    assert a != 1.0
    assert len({a, b, a}) == 2
    seen = {a}
    a.data = 5.0
    assert a in seen


def test_sorted_and_max_follow_the_data() -> None:
    values = [Value(3.0), Value(-1.0), Value(2.0)]
    assert [v.data for v in sorted(values)] == [-1.0, 2.0, 3.0]
    assert max(values) is values[0]


def test_sum_starts_from_zero() -> None:
    values = [Value(float(i)) for i in range(5)]
    total = sum(values)
    total.backward()
    assert total.data == 10.0
    assert [v.grad for v in values] == [1.0] * 5
    assert math.prod(values, start=Value(1.0)).data == 0.0


def test_augmented_assignment_makes_a_new_value() -> None:
    x = total = Value(2.0)
    total += 1.0
    total *= x
    total.backward()
    assert (x.data, total.data, x.grad) == (2.0, 6.0, 5.0)


@pytest.mark.parametrize(("exponent", "symbol"), [(2, "**2"), (2.0, "**2"), (0.5, "**0.5"), (-1, "**-1")])
def test_a_plain_exponent_belongs_to_the_op(exponent: float, symbol: str) -> None:
    x = Value(4.0)
    y = x**exponent
    assert (y._op, set(y._prev), y.data) == (symbol, {x}, 4.0**exponent)


def test_value_to_a_value() -> None:
    x, y = Value(2.0), Value(3.0)
    out = x**y
    out.backward()
    assert out.data == 8.0
    assert x.grad == 12.0
    assert y.grad == 8.0 * math.log(2.0)
    z = Value(3.0)
    (2**z).backward()
    assert z.grad == 8.0 * math.log(2.0)


# ---- data that is written ----------------------------------------------------------------------------------


def test_a_leaf_may_be_written() -> None:
    p = Value(1.0)
    p.grad = 4.0
    p.data -= 0.25 * p.grad
    p.data += 1
    assert p.data == 1.0
    assert type(p.data) is float


def test_a_computed_value_may_not() -> None:
    x = Value(3.0)
    y = x * 2.0
    with pytest.raises(GraphError, match=r"Write to a leaf"):
        y.data = 7.0
    assert y.data == 6.0


def test_data_written_after_forward_does_not_falsify_the_gradient() -> None:
    x, w = Value(3.0), Value(-2.0)
    y = (x * w + x**2).tanh() * x.exp() / w
    expected = y.data
    y.backward()
    right = (x.grad, w.grad)
    x.grad = w.grad = 0.0
    x.data, w.data = 100.0, 200.0
    y.backward()
    assert (x.grad, w.grad) == right
    assert y.data == expected


# ---- as text -----------------------------------------------------------------------------------------------


def test_text() -> None:
    v = Value(-4, label="a")
    assert repr(v) == "Value(data=-4.0, grad=0.0)"
    assert f"{v:.2f}" == "-4.00"
    assert f"{v}" == str(v) == repr(v)


@pytest.mark.parametrize("call", [float, math.exp, math.sqrt])
def test_a_value_does_not_turn_into_a_float_without_a_word(call: Any) -> None:
    with pytest.raises(MicrogradTypeError, match=r"v\.data.*v\.exp\(\)"):
        call(Value(2.0))


def test_the_functions_refuse_what_they_cannot_take() -> None:
    from micrograd import engine

    with pytest.raises(MicrogradTypeError, match=r"for x in xs"):
        engine.exp([1.0, 2.0])
    with pytest.raises(MicrogradTypeError):
        engine.exp("1")
    with pytest.raises(MicrogradTypeError):
        engine.maximum(Value(1.0), None)
    with pytest.raises(MicrogradTypeError, match=r"negative_slope\.data"):
        engine.leaky_relu(Value(1.0), negative_slope=Value(0.1))
    with pytest.raises(TypeError):
        engine.exp()
    with pytest.raises(TypeError):
        engine.exp(Value(1.0), Value(2.0))
