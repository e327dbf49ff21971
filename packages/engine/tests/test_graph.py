"""The recorded graph: what a node remembers, and the order in which everybody walks it."""

from __future__ import annotations

from micrograd import engine
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.ops.op import OPS
from micrograd.engine.value import Value


def test_a_value_is_a_node() -> None:
    assert issubclass(Value, Node)


def test_inputs_in_order_and_with_repetition() -> None:
    a, b = Value(1.0), Value(2.0)
    assert (a - b).inputs == (a, b)
    assert (a * a).inputs == (a, a)
    assert a.exp().inputs == (a,)
    assert a.inputs == ()
    assert (a**2).inputs == (a,)
    assert engine.where(a, b, a).inputs == (a, b, a)
    assert engine.where(True, 3.0, a).inputs == (a,)


def test_a_node_names_its_primitive() -> None:
    a = Value(1.0)
    assert (a + a).op is OPS["add"]
    assert a.tanh().op is engine.tanh
    assert a.op is None
    assert engine.leaky_relu(a, negative_slope=0.2).params == {"negative_slope": 0.2}
    assert engine.leaky_relu(a).params == {"negative_slope": 0.01}


def test_a_diamond() -> None:
    a = Value(1.0, label="a")
    left, right = a + 1.0, a * 2.0
    top = left * right
    order = topological_order(top)
    assert order[0] is a
    assert order[-1] is top
    assert [node for node in order if node in (a, left, right, top)] == [a, left, right, top]


def test_order_of_a_leaf() -> None:
    a = Value(1.0)
    assert topological_order(a) == [a]


def test_exponentially_many_paths_are_walked_once() -> None:
    y = x = Value(1.0)
    for _ in range(200):
        y = y + y
    assert len(topological_order(y)) == 201
    y.backward()
    assert x.grad == 2.0**200


def test_the_order_follows_from_the_expression_alone() -> None:
    def order(padding: int) -> list[str]:
        keep = [Value(0.0) for _ in range(padding)]  # moves what follows about in memory
        names = [Value(float(i), label=str(i)) for i in range(20)]
        out = sum((a * b for a, b in zip(names, reversed(names), strict=True)), Value(0.0))
        del keep
        return [node.label for node in topological_order(out)]

    assert order(0) == order(1) == order(1000)
