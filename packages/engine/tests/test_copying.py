"""Copies and pickles keep the graph: gradients, labels, sharing, and the power to go on."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from micrograd import engine
from micrograd.engine.graph import topological_order
from micrograd.engine.value import Value


def through_pickle(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


def through_old_pickle(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing, protocol=2))


def through_pure_python_pickle(thing: Any) -> Any:
    """The pickler that joblib and dill build on, which takes the items of a list in batches."""
    return pickle.loads(pickle._dumps(thing))  # type: ignore[attr-defined]


WAYS = [copy.deepcopy, through_pickle, through_old_pickle, through_pure_python_pickle]
every_way = pytest.mark.parametrize("copied", WAYS, ids=lambda way: way.__name__)
Copier = Callable[[Any], Any]


def state(node: Value) -> tuple[Any, ...]:
    return node.data, node.grad, node.label, node._op, node.params


@every_way
def test_a_leaf(copied: Copier) -> None:
    x = Value(2.0, label="x")
    x.grad = 3.0
    y = copied(x)
    assert y is not x
    assert state(y) == (2.0, 3.0, "x", "", None)
    y.data = 5.0
    assert x.data == 2.0


@every_way
def test_in_mid_graph_the_whole_history_goes_along(copied: Copier) -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = (a * b + a**2).tanh() + engine.where(a > b, a, b) + engine.leaky_relu(b, negative_slope=0.3) + a.sigmoid()
    c.backward()
    twin = copied(c)
    before, after = topological_order(c), topological_order(twin)
    assert list(map(state, after)) == list(map(state, before))
    assert not set(after) & set(before)
    twin.backward()
    copied_a = next(node for node in after if node.label == "a")
    assert copied_a.grad == 2.0 * a.grad
    (twin * 2.0).backward()
    assert list(map(state, topological_order(c))) == list(map(state, before))


@every_way
def test_shared_leaves_stay_shared(copied: Copier) -> None:
    a, b = Value(2.0), Value(5.0)
    model = {"parameters": [a, b], "loss": a * b + a, "regular": a * a}
    twin = copied(model)
    p, q = twin["parameters"]
    twin["loss"].backward()
    assert (p.grad, q.grad) == (6.0, 2.0)
    twin["regular"].backward()
    assert p.grad == 10.0
    assert (a.grad, b.grad) == (0.0, 0.0)


def test_shared_interior_nodes_stay_shared_in_a_deep_copy() -> None:
    a = Value(2.0)
    hidden = a * a
    loss = hidden * 3.0
    twin_hidden, twin_loss = copy.deepcopy([hidden, loss])
    twin_loss.backward()
    assert twin_hidden.grad == 3.0
    assert twin_hidden in topological_order(twin_loss)


@every_way
def test_the_same_value_twice_in_a_list(copied: Copier) -> None:
    y = Value(2.0) * 3.0
    first, second = copied([y, y])
    assert first is second


@every_way
def test_an_operand_used_twice(copied: Copier) -> None:
    x = Value(3.0)
    twin = copied(x * x)
    twin.backward()
    (leaf,) = twin._prev
    assert leaf.grad == 6.0


@every_way
def test_data_that_was_read_is_kept_after_a_leaf_was_written(copied: Copier) -> None:
    x = Value(3.0)
    y = x * x
    x.data = 100.0
    twin = copied(y)
    twin.backward()
    (leaf,) = twin._prev
    assert (leaf.data, leaf.grad) == (100.0, 6.0)


@every_way
def test_attributes_that_a_user_put_on_it(copied: Copier) -> None:
    v: Any = Value(1.0)
    v.note = ["mine"]
    w: Any = v.exp()
    w.note = v.note
    twin = copied(w)
    (leaf,) = twin._prev
    assert twin.note == ["mine"]
    assert leaf.note is twin.note


class Named(Value):
    def __init__(self, data: float, name: str) -> None:
        super().__init__(data)
        self.name = name


def test_a_subclass_stays_one() -> None:
    twin = copy.deepcopy(Named(2.0, "n") * 3.0)
    (leaf,) = [node for node in twin._prev if isinstance(node, Named)]
    assert (type(leaf), leaf.name) == (Named, "n")


@every_way
def test_primitives_are_kept_by_reference(copied: Copier) -> None:
    assert copied(engine.tanh) is engine.tanh
    assert copied(Value(1.0).tanh()).op is engine.tanh


@every_way
def test_nan_and_infinities(copied: Copier) -> None:
    x = Value(0.0)
    y = (x / x) + x.log()
    y.backward()
    twin = copied(y)
    assert twin.data != twin.data
    assert repr(twin) == repr(y)


def test_a_shallow_copy_of_a_leaf_is_a_leaf_of_its_own() -> None:
    x = Value(2.0)
    y = copy.copy(x)
    y.data = 3.0
    assert (x.data, y.data) == (2.0, 3.0)


@every_way
@pytest.mark.parametrize("length", [999, 1000, 1001, 2000, 3500])
def test_more_nodes_than_a_pickler_takes_at_once(copied: Copier, length: int) -> None:
    x = Value(1.001)
    y = x
    for _ in range(length):
        y = y * x
    y.backward()
    twin = copied(y)
    leaf = topological_order(twin)[0]
    twin.backward()
    assert leaf.grad == 2.0 * x.grad


@pytest.mark.parametrize("way", WAYS[1:], ids=lambda way: way.__name__)
def test_a_failed_pickle_does_not_spoil_the_next(way: Copier) -> None:
    bad: Any = Value(1.0).exp()
    bad.note = lambda: None  # what pickle can't take
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        way((bad * 2.0).tanh())
    x = Value(2.0)
    first, second = way([x, x.exp()])
    second.backward()
    assert first.grad == second.data
