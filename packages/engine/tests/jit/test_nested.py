"""`vmap` of scalar code inside traced code, and scalars among arrays: lifted, with the numbers of eager code."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, jit, vmap  # noqa: E402
from micrograd.engine.arrays.functions import dropout, relu, sum  # noqa: E402

X = np.random.default_rng(0).normal(size=(7, 3))
Y = np.random.default_rng(1).normal(size=7)


class Net:
    """Two layers of scalars."""

    def __init__(self) -> None:
        rng = np.random.default_rng(2)
        self.w = [[Value(rng.normal()) for _ in range(3)] for _ in range(4)]
        self.v = [Value(rng.normal()) for _ in range(4)]
        self.b = Value(0.5)

    @property
    def values(self) -> list[Value]:
        return [*(w for row in self.w for w in row), *self.v, self.b]

    def hidden(self, x: Any) -> list[Any]:
        return [(row[0] * x[0] + row[1] * x[1] + row[2] * x[2]).relu() for row in self.w]

    def __call__(self, x: Any) -> Any:
        h = self.hidden(x)
        return self.v[0] * h[0] + self.v[1] * h[1] + self.v[2] * h[2] + self.v[3] * h[3] + self.b


def penalty(net: Net) -> Any:
    total = Value(0.0)
    for value in net.values:
        total = total + value * value
    return total * 0.1


def scaled(net: Net, x: Any, s: Any) -> Any:
    return vmap(lambda row: net(row) * s)(x)


LOSSES = {
    "rows": lambda net, x: sum(relu(1.0 - Y * vmap(net)(x))),
    "with a penalty": lambda net, x: sum(relu(1.0 - Y * vmap(net)(x))) + penalty(net),
    "twice": lambda net, x: sum(vmap(net)(x) * Y) + sum(vmap(net)(x * 2.0)),
    "in another order": lambda net, x: sum(vmap(lambda r: net.b * r[0] + net.v[3])(x)) + sum(vmap(net)(x)),
    "and a loop": lambda net, x: sum(vmap(net)(x)) + net([0.5, 1.5, 2.5]),
    "several results": lambda net, x: sum(vmap(lambda r: [net(r), r[0] * net.b])(x)[1] * Y),
    "a layer": lambda net, x: sum(vmap(net.hidden)(x)[2] * Y),
    "a shared argument": lambda net, x: sum(vmap(lambda r, t: net(r) * t[1], in_axes=(0, None))(x, x[0])),
    "a constant": lambda net, x: sum(vmap(lambda r: net.b * 2.0)(x) * Y) + sum(x),
    "a number traced around it": lambda net, x: sum(scaled(net, x, net.b * net.v[0])),
    "an array traced around it": lambda net, x: sum(scaled(net, x, sum(x))),
    "code of arrays": lambda net, x: sum(vmap(lambda r: (r * r).mean() * net.b)(x)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_values_and_gradients_as_without_jit(name: str) -> None:
    eager, compiled = Net(), Net()
    x, y = Tensor(X, requires_grad=True), Tensor(X, requires_grad=True)
    expected, f = LOSSES[name](eager, x), jit(lambda t: LOSSES[name](compiled, t), backend="numpy")
    for _ in range(2):
        out = f(y)
    expected.backward(), out.backward()
    assert out.item() == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(y.grad, x.grad, rtol=1e-10, atol=1e-13)
    found, wanted = ([value.grad for value in net.values] for net in (compiled, eager))
    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-13)


def test_it_lifts() -> None:
    net = Net()
    f = jit(lambda x: LOSSES["with a penalty"](net, x), backend="numpy")
    f(Tensor(X))
    assert len(f._last.compilation.forward) < 25
    assert "contract" in str(f.program)


def test_dropout_within_scalar_rows_draws_as_without_jit() -> None:
    def run(transform: Any) -> Any:
        rng, b = np.random.default_rng(0), Value(2.0)
        f = transform(lambda x: sum(vmap(lambda row: dropout(row, 0.5, rng)[0] * b)(x)))
        return [f(Tensor(X)).item() for _ in range(3)], rng.bit_generator.state

    (found, state), (expected, after) = run(lambda f: jit(f, backend="numpy")), run(lambda f: f)
    np.testing.assert_allclose(found, expected)
    assert state == after
