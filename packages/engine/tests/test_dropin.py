"""Code that was written for micrograd 0.1.0 runs unchanged, and gives the numbers that it prints there."""

from __future__ import annotations

import math
from typing import Any

import pytest

from micrograd.engine import Value


def readme_example() -> tuple[Value, Value, Value]:
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return a, b, g


def test_the_readme_example() -> None:
    a, b, g = readme_example()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_its_own_sanity_check() -> None:
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


@pytest.mark.torch
def test_its_more_ops_against_torch() -> None:
    torch = pytest.importorskip("torch")
    a = torch.tensor(-4.0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    g.backward()
    ours = readme_example()
    assert [v.grad for v in ours[:2]] == pytest.approx([a.grad.item(), b.grad.item()], rel=1e-14)
    assert ours[2].data == pytest.approx(g.item(), rel=1e-14)


def test_prev_and_op() -> None:
    a, b = Value(2.0), Value(3.0)
    for out, children, op in [
        (a + b, {a, b}, "+"),
        (a * b, {a, b}, "*"),
        (a**2, {a}, "**2"),
        (a.relu(), {a}, "ReLU"),
        (a + a, {a}, "+"),
    ]:
        assert set(out._prev) == children
        assert out._prev == children
        assert len(out._prev) == len(children)
        assert out._op == op
    assert a._prev == set()
    assert a._op == ""


def test_the_constructor() -> None:
    a = Value(1.0)
    assert Value(2.0, (a,))._prev == {a}
    assert Value(2.0, (a,), "op")._op == "op"
    assert Value(2.0, {a}, "op", label="c").label == "c"
    assert Value(data=2.0, _children=(a,), _op="+", label="d").label == "d"
    a.label = "renamed"
    assert a.label == "renamed"


def topological(root: Value) -> list[Value]:
    """The sort as the lecture writes it."""
    topo: list[Value] = []
    visited = set()

    def build_topo(v: Value) -> None:
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)

    build_topo(root)
    return topo


def neuron() -> dict[str, Value]:
    """The lecture's neuron, with all its steps."""
    v = {"x1": Value(2.0), "x2": Value(0.0), "w1": Value(-3.0), "w2": Value(1.0), "b": Value(6.8813735870195432)}
    v["x1w1"] = v["x1"] * v["w1"]
    v["x2w2"] = v["x2"] * v["w2"]
    v["sum"] = v["x1w1"] + v["x2w2"]
    v["n"] = v["sum"] + v["b"]
    v["o"] = v["n"].tanh()
    for name, value in v.items():
        value.label = name
    return v


NEURON = {"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5, "n": 0.5, "sum": 0.5, "o": 1.0}


def test_stepping_by_hand_as_in_the_lecture() -> None:
    v = neuron()
    v["o"].grad = 1.0
    v["o"]._backward()
    v["n"]._backward()
    v["b"]._backward()
    v["sum"]._backward()
    v["x2w2"]._backward()
    v["x1w1"]._backward()
    assert {name: v[name].grad for name in NEURON} == pytest.approx(NEURON, abs=1e-9)


def test_the_lecture_own_loop_over_the_sort() -> None:
    v = neuron()
    v["o"].grad = 1.0
    for node in reversed(topological(v["o"])):
        node._backward()
    by_hand = {name: value.grad for name, value in v.items()}
    w = neuron()
    w["o"].backward()
    assert by_hand == {name: value.grad for name, value in w.items()}
    assert by_hand["w1"] == pytest.approx(1.0, abs=1e-9)


def test_stepping_accumulates_over_shared_nodes() -> None:
    a = Value(3.0)
    b = a + a
    b.grad = 1.0
    b._backward()
    assert a.grad == 2.0


def test_tanh_taken_apart() -> None:
    """The lecture's last step: (e**2n - 1) / (e**2n + 1) has the gradients of tanh."""
    n = Value(0.8813735870195432)
    e = (2 * n).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    assert o.data == pytest.approx(math.tanh(n.data), rel=1e-15)
    assert n.grad == pytest.approx(0.5, abs=1e-9)


def test_an_op_that_a_user_defines() -> None:
    def tanh(self: Value) -> Value:
        x = self.data
        t = (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)
        out = Value(t, (self,), "tanh")

        def _backward() -> None:
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    x = Value(0.5, label="x")
    y = tanh(x * 2.0) + x
    y.backward()
    assert x.grad == pytest.approx(2.0 / math.cosh(1.0) ** 2 + 1.0, rel=1e-15)


def test_gradient_descent_as_users_write_it() -> None:
    w, b = Value(0.0), Value(0.0)
    for _ in range(200):
        loss = sum(((w * x + b - (3.0 * x - 1.0)) ** 2 for x in (-1.0, 0.0, 1.0, 2.0)), Value(0.0))
        for p in (w, b):
            p.grad = 0
        loss.backward()
        for p in (w, b):
            p.data += -0.05 * p.grad
    assert (w.data, b.data) == (pytest.approx(3.0, abs=1e-6), pytest.approx(-1.0, abs=1e-6))


# ---- subclasses --------------------------------------------------------------------------------------------


class Counter(Value):
    """A subclass with state and an op of its own."""

    def __init__(self, data: float, name: str = "") -> None:
        super().__init__(data)
        self.name = name

    def cube(self) -> Value:
        out = Value(self.data**3, (self,), "cube")

        def _backward() -> None:
            self.grad += 3.0 * self.data**2 * out.grad

        out._backward = _backward
        return out


def test_a_subclass_takes_part() -> None:
    x = Counter(2.0, name="x")
    y = 3.0 * x.cube() + x * Value(4.0) - Value(1.0) / x
    y.backward()
    assert x.grad == 36.0 + 4.0 + 0.25
    assert x.name == "x"
    assert isinstance(x, Value)
    assert (x < 3.0) is True


def test_more_attributes_may_be_put_on_a_value() -> None:
    v: Any = Value(1.0)
    v.note = "mine"
    assert v.note == "mine"
