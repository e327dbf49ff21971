"""Functions under vmap run once for all rows, with the numbers and gradients of a loop over them."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine import Tensor, grad, vmap  # noqa: E402
from micrograd.engine.batching import rules  # noqa: E402

RNG = np.random.default_rng(0)
VECTORS, MATRICES = RNG.normal(size=(4, 6)), RNG.normal(size=(4, 3, 3))
IMAGES = RNG.normal(size=(4, 2, 3, 6, 6))
WELL = MATRICES @ MATRICES.transpose(0, 2, 1) + 3 * np.eye(3)
MANY, BIAS_6 = RNG.normal(size=(2, 5, 3, 3)), RNG.normal(size=6)
KERNELS, WEIGHT, BIAS = RNG.normal(size=(2, 3, 3, 3)), RNG.normal(size=(5, 6)), RNG.normal(size=5)

CASES = {
    "affine": (lambda x: engine.linear(x, WEIGHT, BIAS), VECTORS),
    "avg_pool2d": (lambda x: engine.avg_pool2d(x, 2), IMAGES),
    "cholesky": (lambda x: engine.cholesky(x), WELL),
    "concatenate": (lambda x: engine.concatenate([x, x * 2.0, np.ones((3, 3))], axis=1), MATRICES),
    "conv2d": (lambda x: engine.conv2d(x, KERNELS, padding=1), IMAGES),
    "conv_transpose2d": (lambda x: engine.conv_transpose2d(x[:, :2], KERNELS), IMAGES),
    "det": (lambda x: engine.det(x), WELL),
    "einsum": (lambda x: engine.einsum("ij,kj->ik", x, x), MATRICES),
    "flip": (lambda x: engine.flip(x, axis=0), MATRICES),
    "interp": (lambda x: engine.interp(x, np.array([-1.0, 0.0, 2.0]), WEIGHT[0, :3]), MATRICES),
    "inv": (lambda x: engine.inv(x), WELL),
    "layer_norm": (lambda x: engine.layer_norm(x, (6,)), VECTORS),
    "masked_softmax": (lambda x: engine.scaled_dot_product_attention(x, x, x, is_causal=True), MATRICES),
    "matmul of a row with itself": (lambda x: x @ x, VECTORS),
    "matmul of a row with one vector": (lambda x: x @ BIAS_6 + BIAS_6 @ x, VECTORS),
    "matmul of a row with its matrix": (lambda x: (x @ x[0]) + (x[1] @ x), MATRICES),
    "matmul of matrices with vectors": (lambda x: (x @ WEIGHT[0, :3]) + (WEIGHT[1, :3] @ x), MATRICES),
    "matmul of stacks on the left": (lambda x: MANY @ x, MATRICES),
    "matmul of stacks on the right": (lambda x: x @ MANY, MATRICES),
    "matmul of stacks with vectors": (lambda x: (MANY @ x[0]) + (x[1] @ MANY), MATRICES),
    "matmul of unequal stacks": (lambda x: x @ x[0, 0, :, :1], IMAGES),
    "max_pool2d": (lambda x: engine.max_pool2d(x, 2), IMAGES),
    "norm": (lambda x: engine.norm(x), VECTORS),
    "pad": (lambda x: engine.pad(x, ((1, 0), (0, 2))), MATRICES),
    "roll": (lambda x: engine.roll(x, 1, axis=1), MATRICES),
    "slogdet": (lambda x: engine.slogdet(x)[1], WELL),
    "solve": (lambda x: engine.solve(x, x * x), WELL),
    "stack": (lambda x: engine.stack([x, np.zeros(6), -x], axis=1), VECTORS),
    "take": (lambda x: engine.take(x, np.array([2, 0, 2]), axis=0), MATRICES),
    "take_along_axis": (lambda x: engine.take_along_axis(x, engine.argsort(x, axis=0), axis=0), MATRICES),
    "tril": (lambda x: engine.tril(x), MATRICES),
    "unfold": (lambda x: engine.unfold(x, 2), IMAGES),
}


@pytest.fixture(autouse=True)
def nothing_runs_row_by_row(request, monkeypatch):
    def refuse(op, values, mine, settings):
        raise AssertionError(f"{op.name} ran row by row")

    if "falls_back" not in request.node.name:
        monkeypatch.setattr(rules, "_row_by_row", refuse)


@pytest.mark.parametrize("name", CASES)
def test_all_rows_at_once(name: str) -> None:
    function, rows = CASES[name]
    expected = np.stack([np.asarray(getattr(out := function(Tensor(row)), "_data", out)) for row in rows])
    np.testing.assert_allclose(vmap(function)(rows), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", CASES)
def test_gradients_of_all_rows_at_once(name: str) -> None:
    function, rows = CASES[name]

    def loss(x):
        out = function(x)
        return (out * out).sum()

    expected = np.stack([grad(loss)(row) for row in rows])
    np.testing.assert_allclose(vmap(grad(loss))(rows), expected, rtol=1e-10, atol=1e-12)


def test_weights_that_differ_from_row_to_row() -> None:
    weights = RNG.normal(size=(4, 5, 6))
    found = vmap(lambda x, w: engine.linear(x, w, BIAS))(VECTORS, weights)
    np.testing.assert_allclose(found, np.einsum("ni,noi->no", VECTORS, weights) + BIAS, rtol=1e-12)
    shared = vmap(lambda w: engine.linear(VECTORS[0], w, BIAS))(weights)
    np.testing.assert_allclose(shared, weights @ VECTORS[0] + BIAS, rtol=1e-12)


def test_a_table_that_all_rows_share() -> None:
    table, places = RNG.normal(size=(7, 2)), np.array([[1, 1], [6, 0], [3, 2]])
    np.testing.assert_array_equal(vmap(lambda i: engine.embedding(i, Tensor(table)))(places), table[places])
    np.testing.assert_array_equal(vmap(lambda i: engine.take(table, i, axis=0))(places), table[places])


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_labels_one_for_each_row(reduction: str) -> None:
    labels = np.array([3, -100, 0, 5])

    def loss(x, t):
        return engine.cross_entropy(x, t, reduction=reduction)

    expected = [loss(Tensor(x), t).item() for x, t in zip(VECTORS, labels, strict=True)]
    np.testing.assert_allclose(vmap(loss)(Tensor(VECTORS), Tensor(labels))._data, expected, rtol=1e-12)


def test_what_has_no_rule_for_all_rows_falls_back() -> None:
    places = np.array([[0, 1], [2, 0], [1, 1], [2, 2]])
    found = vmap(lambda x, i: engine.take(x, i, axis=0))(MATRICES, places)
    np.testing.assert_array_equal(found, np.stack([x[i] for x, i in zip(MATRICES, places, strict=True)]))
