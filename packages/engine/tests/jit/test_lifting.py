"""Scalar programs that lift, and how far: nothing that lifts today may stop lifting unseen."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Value, jit  # noqa: E402

ROWS = 30
rng = np.random.default_rng(0)
X = rng.normal(size=(ROWS, 3))
Y = rng.normal(size=ROWS)


def weights(*shape: int) -> Any:
    """Nested lists of leaf Values."""
    numbers = iter(np.random.default_rng(shape).uniform(-1.0, 1.0, size=shape).ravel())
    return nested(numbers, shape)


def nested(numbers: Any, shape: tuple[int, ...]) -> Any:
    return [nested(numbers, shape[1:]) for _ in range(shape[0])] if shape else Value(next(numbers))


def layer(W: Any, b: Any, x: Any, f: Any) -> list[Any]:
    return [f(sum((w * xi for w, xi in zip(row, x, strict=True)), bias)) for row, bias in zip(W, b, strict=True)]


def tanh_net() -> Any:
    W, b, v = weights(8, 3), weights(8), weights(8)

    def loss(X: Any, y: Any) -> Any:
        total = 0.0
        for row, target in zip(X, y, strict=True):
            hidden = layer(W, b, row, lambda h: h.tanh())
            out = sum(w * h for w, h in zip(v, hidden, strict=True))
            total = total + (out - target) ** 2
        return total * (1.0 / len(X))

    return loss


def softmax_classifier() -> Any:
    W, b = weights(4, 3), weights(4)

    def loss(X: Any, y: Any) -> Any:
        losses = []
        for row in X:
            logits = layer(W, b, row, lambda z: z)
            exponentials = [z.exp() for z in logits]
            losses.append(-(exponentials[0] / sum(exponentials)).log())
        return sum(losses) * (1.0 / len(losses))

    return loss


def residual_net() -> Any:
    W, b = weights(3, 3), weights(3)
    V, c = weights(3, 3), weights(3)

    def loss(X: Any, y: Any) -> Any:
        outs = []
        for row in X:
            first = [h + x for h, x in zip(layer(W, b, row, lambda h: h.relu()), row, strict=True)]
            second = [h + x for h, x in zip(layer(V, c, first, lambda h: h.relu()), first, strict=True)]
            outs.append(sum(second))
        return sum(outs) * (1.0 / len(outs))

    return loss


def recurrent_net() -> Any:
    W, U, b = weights(4, 1), weights(4, 4), weights(4)

    def loss(X: Any, y: Any) -> Any:
        total = 0.0
        for row in X:
            state = [0.1, 0.2, 0.3, 0.4]
            for t in range(5):
                x = row[t % 3]
                state = [
                    sum((u * s for u, s in zip(U[k], state, strict=True)), W[k][0] * x + b[k]).tanh() for k in range(4)
                ]
            total = total + sum(s * s for s in state)
        return total

    return loss


def polynomial_fit() -> Any:
    a = weights(4)

    def loss(X: Any, y: Any) -> Any:
        errors = []
        for row, target in zip(X, y, strict=True):
            x = row[0]
            errors.append((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - target) ** 2)
        return sum(errors) * (1.0 / len(errors))

    return loss


NETS = {f.__name__: f for f in (tanh_net, softmax_classifier, residual_net, recurrent_net, polynomial_fit)}
# Scalar entries; instructions forwards; instructions with the gradients.
LENGTHS = {
    "tanh_net": (2503, 11, 21),
    "softmax_classifier": (1249, 12, 24),
    "residual_net": (1737, 17, 28),
    "recurrent_net": (7525, 32, 81),
    "polynomial_fit": (517, 14, 21),
}


@pytest.mark.parametrize("name", NETS)
def test_how_far_it_lifts(name: str) -> None:
    compiled = jit(NETS[name](), backend="numpy")
    compiled(X, Y)
    assert compiled.program
    found = compiled.stats["trace"], compiled.stats["lifting, dead"], compiled.stats["reverse, dead"]
    assert found == LENGTHS[name]


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("backend", ["numpy", "python"])
def test_it_computes_what_eager_computes(name: str, backend: str) -> None:
    f = NETS[name]()
    compiled = jit(f, backend=backend)
    for rows in (X, X * 0.5):
        assert by_and_gradients(compiled, f, rows) == pytest.approx(by_and_gradients(f, f, rows), rel=1e-12, abs=1e-13)


def by_and_gradients(f: Any, plain: Any, rows: Any) -> list[float]:
    leaves = [leaf for cell in plain.__closure__ for leaf in flat(cell.cell_contents)]
    for leaf in leaves:
        leaf.grad = 0.0
    out = f(rows, Y)
    out.backward()
    return [out.data, *(leaf.grad for leaf in leaves)]


def flat(tree: Any) -> list[Value]:
    return [leaf for branch in tree for leaf in flat(branch)] if isinstance(tree, list) else [tree]


def test_lifting_takes_about_as_long_for_each_node() -> None:
    def entries(rows: int) -> tuple[float, int]:
        compiled = jit(tanh_net(), backend="numpy")
        compiled(np.resize(X, (rows, 3)), np.resize(Y, rows))
        return compiled.stats["trace"], compiled.stats["lifting, dead"]

    (few, short), (many, long) = entries(30), entries(600)
    assert many == pytest.approx(20 * few, rel=0.05)
    assert long == short  # the program doesn't grow with the data
