"""NumPy beside `Value`: scalars become floats, and object arrays of Values compute element by element."""

from __future__ import annotations

import math
import operator
from typing import Any

import pytest

from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.value import Value

np = pytest.importorskip("numpy")

SCALARS = [
    np.float64(2.0),
    np.float32(2.0),
    np.float16(2.0),
    np.int64(2),
    np.int8(2),
    np.uint32(2),
    np.array(2.0),
    np.array(2),
]
BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


def ident(scalar: Any) -> str:
    return f"{type(scalar).__name__}-{scalar.dtype}"


@pytest.mark.parametrize("scalar", [*SCALARS, np.bool_(True), np.longdouble(2.0)], ids=ident)
def test_a_numpy_scalar_as_data(scalar: Any) -> None:
    v = Value(scalar)
    assert type(v.data) is float
    assert v.data == float(scalar)
    v.data = scalar
    assert type(v.data) is float


@pytest.mark.parametrize("scalar", SCALARS, ids=ident)
@pytest.mark.parametrize("op", BINARY)
def test_a_numpy_scalar_on_either_side(op: Any, scalar: Any) -> None:
    x, y = Value(3.0), Value(3.0)
    right, left = op(x, scalar), op(scalar, y)
    assert type(right) is Value
    assert type(left) is Value
    assert type(right.data) is type(left.data) is float
    assert (right.data, left.data) == (op(3.0, 2.0), op(2.0, 3.0))
    left.backward()
    right.backward()
    assert type(x.grad) is type(y.grad) is float


@pytest.mark.parametrize("scalar", SCALARS, ids=ident)
def test_comparisons_with_a_numpy_scalar(scalar: Any) -> None:
    x = Value(3.0)
    assert x > scalar
    assert not scalar > x
    assert scalar < x


@pytest.mark.parametrize(
    "data",
    [
        np.array([1.0]),
        np.array([1.0, 2.0]),
        np.array([True, False]),
        np.array([[1]]),
        np.array([]),
        np.complex128(1j),
        np.complex64(1j),
        np.str_("1"),
        np.datetime64("2020-01-01"),
        np.array(None),
        np.array("a"),
    ],
)
def test_what_is_no_real_scalar_is_refused(data: Any) -> None:
    with pytest.raises(MicrogradTypeError):
        Value(data)


def test_an_array_times_a_value_is_an_array_of_values() -> None:
    v = Value(3.0)
    for products in (v * np.array([1.0, 2.0]), np.array([1.0, 2.0]) * v, np.arange(1, 3) * v):
        assert [p.data for p in products] == [3.0, 6.0]
        assert all(type(p) is Value for p in products)
    for powers in (np.array([1.0, 2.0]) ** v, np.array([1.0, 2.0]) / v, np.array([1.0, 2.0]) - v):
        assert all(type(p) is Value for p in powers)


def test_object_arrays() -> None:
    v, w = Value(3.0), Value(-2.0)
    a = np.array([v, w])
    assert a.dtype == object
    doubled = a * 2
    total = np.dot(a, np.array([4.0, 5.0])) + doubled.sum() + (a @ a) + np.sum(a**2)
    total.backward()
    assert total.data == 2.0 + 2.0 + 13.0 + 13.0
    assert (v.grad, w.grad) == (4.0 + 2.0 + 6.0 + 6.0, 5.0 + 2.0 - 4.0 - 4.0)


def test_a_matrix_of_values() -> None:
    weights = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    out = (weights @ np.array([1.0, -1.0])).sum()
    out.backward()
    assert [w.grad for w in weights.ravel()] == [1.0, -1.0, 1.0, -1.0]


@pytest.mark.parametrize(
    "name", ["exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "log1p", "expm1", "arctan"]
)
def test_numpy_functions_find_the_method(name: str) -> None:
    v = Value(0.5)
    out = getattr(np, name)(v)
    assert type(out) is Value
    assert out.data == pytest.approx(getattr(np, name)(0.5), rel=1e-15)
    assert [type(element) for element in getattr(np, name)(np.array([v, v]))] == [Value, Value]


def test_functions_of_the_package_take_numpy_scalars() -> None:
    from micrograd import engine

    assert engine.exp(np.float64(1.0)) == math.exp(1.0)
    out = engine.maximum(np.float64(1.0), Value(0.0))
    assert type(out) is Value
    assert type(out.data) is float
