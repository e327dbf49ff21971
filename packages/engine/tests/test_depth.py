"""A chain of a million operations, at Python's default recursion limit."""

from __future__ import annotations

import copy
import math
import pickle
import sys
from collections.abc import Iterator

import pytest

from micrograd.engine.graph import topological_order
from micrograd.engine.value import Value

pytestmark = pytest.mark.slow

LENGTH = 1_000_000
FACTOR = 1.0000001


@pytest.fixture(autouse=True)
def _default_recursion_limit() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


def chain(x: Value, length: int) -> Value:
    y = x
    for _ in range(length):
        y = y * x
    return y


def test_a_million_operations() -> None:
    x = Value(FACTOR)
    y = chain(x, LENGTH)
    assert y.data == pytest.approx(math.exp((LENGTH + 1) * math.log(FACTOR)), rel=1e-9)
    y.backward()
    assert x.grad == pytest.approx((LENGTH + 1) * FACTOR**LENGTH, rel=1e-9)
    assert repr(y) == f"Value(data={y.data}, grad=1.0)"
    assert len(y._prev) == 2

    twin = copy.deepcopy(y)
    x.grad = 0.0
    assert (twin.data, twin.grad) == (y.data, y.grad)
    del y  # without recursion, too
    twin.backward()
    leaf = topological_order(twin)[0]
    assert leaf is not x
    assert leaf.grad == pytest.approx(2 * (LENGTH + 1) * FACTOR**LENGTH, rel=1e-9)
    assert x.grad == 0.0


def test_a_long_chain_through_pickle() -> None:
    x = Value(FACTOR)
    y = chain(x, LENGTH // 10)
    y.backward()
    twin = pickle.loads(pickle.dumps(y))
    leaf = topological_order(twin)[0]
    assert (twin.data, leaf.grad) == (y.data, x.grad)
    twin.backward()
    assert leaf.grad == 2.0 * x.grad


def test_a_long_sum_and_a_long_chain_of_functions() -> None:
    x = Value(0.5)
    y = sum((x for _ in range(LENGTH // 10)), Value(0.0))
    for _ in range(LENGTH // 10):
        y = (y * 1e-6).sin() + x
    y.backward()
    assert x.grad == pytest.approx(1.0, rel=1e-5)
