"""Ops that a user writes by hand, in micrograd's manner, inside a graph of primitives."""

from __future__ import annotations

import copy
import math
import pickle

import pytest

from micrograd.engine.checking import check_gradients
from micrograd.engine.errors import GraphError
from micrograd.engine.value import Value


def square(x: Value) -> Value:
    out = Value(x.data * x.data, (x,), "square")

    def _backward() -> None:
        x.grad += 2.0 * x.data * out.grad

    out._backward = _backward
    return out


def product(x: Value, y: Value) -> Value:
    out = Value(x.data * y.data, (x, y), "product")

    def _backward() -> None:
        x.grad += y.data * out.grad
        y.grad += x.data * out.grad

    out._backward = _backward
    return out


def test_inside_a_graph_of_primitives() -> None:
    check_gradients(lambda x, y: (product(square(x), y.tanh()) + x * square(x)).exp(), 0.7, -0.4)


def test_the_same_value_twice() -> None:
    x = Value(3.0)
    product(x, x).backward()
    assert x.grad == 6.0


def test_it_shows_as_in_micrograd() -> None:
    x = Value(3.0)
    y = square(x)
    assert (y._op, y._prev, y.data) == ("square", {x}, 9.0)


def test_a_second_backward_is_right() -> None:
    x = Value(3.0)
    y = product(square(x), x)
    for _ in range(2):
        x.grad = 0.0
        y.backward()
        assert x.grad == 27.0


def test_it_accumulates_into_leaves_like_any_other() -> None:
    x = Value(3.0)
    x.grad = 100.0
    y = square(x)
    y.backward()
    y.backward()
    assert x.grad == 112.0
    assert y.grad == 1.0


def test_its_closure_may_assign_where_it_should_add() -> None:
    x = Value(3.0)
    out = Value(9.0, (x,), "square")

    def _backward() -> None:
        x.grad = 6.0 * out.grad

    out._backward = _backward
    (out + x).backward()
    assert x.grad == 7.0


def test_a_closure_replaces_the_rule_of_a_computed_value() -> None:
    x = Value(3.0)
    y = x * 2.0
    seen = []

    def _backward() -> None:
        seen.append(y.grad)
        x.grad += 10.0 * y.grad  # a straight-through estimator, say

    y._backward = _backward
    (y * 5.0).backward()
    assert (seen, x.grad) == ([5.0], 50.0)


def test_stepping_by_hand_through_it() -> None:
    x = Value(3.0)
    y = square(x)
    y.grad = 1.0
    y._backward()
    assert x.grad == 6.0


def test_a_missing_backward_is_an_error_and_not_a_lost_gradient() -> None:
    x = Value(3.0)
    x.grad = 1.0
    y = Value(9.0, (x,), "square") * 2.0
    with pytest.raises(GraphError, match=r"out\._backward = _backward"):
        y.backward()
    assert (x.grad, y.grad) == (1.0, 0.0)


def test_a_long_chain() -> None:
    x = y = Value(1.0)
    for _ in range(5_000):
        y = product(y, x)
    y.backward()
    assert x.grad == 5001.0


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, pickle.dumps], ids=lambda f: f.__name__)
def test_it_refuses_to_be_copied(copied) -> None:
    with pytest.raises(GraphError, match=r"Copy the leaves and run the expression again"):
        copied(square(Value(3.0)))


@pytest.mark.parametrize("copied", [copy.deepcopy, pickle.dumps], ids=lambda f: f.__name__)
def test_so_does_a_graph_that_contains_it(copied) -> None:
    with pytest.raises(GraphError, match=r"Copy the leaves and run the expression again"):
        copied(square(Value(3.0)) * 2.0 + 1.0)


def test_a_shallow_copy_above_it_shares_it() -> None:
    x = Value(3.0)
    twin = copy.copy(square(x) * 2.0)
    twin.backward()
    assert x.grad == 12.0


def test_check_gradients_finds_a_wrong_closure() -> None:
    def wrong(x: Value) -> Value:
        out = Value(math.sin(x.data), (x,), "sin")

        def _backward() -> None:
            x.grad += math.sin(x.data) * out.grad

        out._backward = _backward
        return out

    with pytest.raises(AssertionError, match="disagree"):
        check_gradients(wrong, 0.3)


def test_a_leaf_has_nothing_to_hand_on() -> None:
    x = Value(3.0)
    with pytest.raises(GraphError, match="with the Values that it was computed from"):
        x._backward = lambda: None
