"""What does the same with every row runs on blocks of rows and gives the same; what does not runs as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, jit, vmap  # noqa: E402
from micrograd.engine.arrays.functions import linear, max, maximum, mean, relu, softmax, tanh  # noqa: E402
from micrograd.engine.jit.backends import row_blocks  # noqa: E402
from micrograd.engine.jit.backends.in_blocks import InBlocks  # noqa: E402

RNG = np.random.default_rng(0)
ROWS = 7
X, W, SQUARE, BIAS = (RNG.normal(size=size) for size in ((ROWS, 4), (5, 4), (4, 4), 5))
STACK = RNG.normal(size=(ROWS, 3, 4))

Function = Callable[..., Any]

# Of arrays and of the parameter `w`.
IN_BLOCKS: dict[str, tuple[Any, Function]] = {
    "elementwise": ([X, X[::-1]], lambda w, x, y: tanh(x * y + w[0]) - y),
    "two layers": ([X], lambda w, x: relu(linear(x, w, BIAS)) @ w),
    "a product with a vector": ([X], lambda w, x: x @ w[0] + 1.0),
    "along the columns": ([X], lambda w, x: softmax(x @ w.T) + mean(x, axis=1, keepdims=True)),
    "the largest of each row": ([X], lambda w, x: max(x @ w.T, axis=-1)),
    "several results": ([X], lambda w, x: [x @ w.T, (x @ w[0]).reshape((ROWS, 1)) * x]),
    "stacks": ([STACK], lambda w, x: tanh(x * w[0]).sum(axis=(1, 2))),
    "truth values": ([X], lambda w, x: (x * w[0]) > 0.0),
    "columns that are as many as rows": ([X, RNG.normal(size=(ROWS, 4))], lambda w, x, y: (x * w[0]) @ y.T),
    "a function of the parameter alone": ([X], lambda w, x: x @ maximum(w, 0.0).T),
    "a result that is an argument": ([X], lambda w, x: [x, x + w[0]]),
}
AS_A_WHOLE: dict[str, tuple[Any, Function]] = {
    "centred columns": ([X], lambda w, x: x * w[0] - mean(x, axis=0)),
    "a row beside all": ([X], lambda w, x: (x @ w.T) @ (x @ w.T).T),
    "rows in the other order": ([X], lambda w, x: x[::-1] * w[0]),
    "an array of as many rows": ([X], lambda w, x: x * X[::-1] + w[0]),
    "a product of the parameter alone": ([X], lambda w, x: x @ (w.T @ w)),
    "a bias that has the rows": (
        [RNG.normal(size=(ROWS, 4)), RNG.normal(size=ROWS)],
        lambda w, x, b: linear(w[0], x, b),
    ),
    "a single number": ([X], lambda w, x: (x @ w.T).sum()),
    "results of two lengths": ([X], lambda w, x: [x @ w.T, w * 2.0]),
}


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_blocks, "_CACHED", 1)
    monkeypatch.setattr(row_blocks, "_FEWEST_ROWS", 3)
    monkeypatch.setattr(row_blocks, "_FEWEST_BLOCKS", 2)


def numbers_of(result: Any) -> list[Any]:
    leaves = result if isinstance(result, list) else [result]
    return [np.asarray(getattr(leaf, "data", leaf)) for leaf in leaves]


@pytest.mark.parametrize("backend", ["numpy", "auto"])
@pytest.mark.parametrize("name", [*IN_BLOCKS, *AS_A_WHOLE])
def test_blocks_give_what_the_whole_gives(name: str, backend: str) -> None:
    given, f = (IN_BLOCKS | AS_A_WHOLE)[name]
    w = Tensor(W)
    step = jit(lambda *arrays: f(w, *arrays), backend=backend)
    for arrays in (given, [array + 1.0 for array in given]):
        for found, right in zip(numbers_of(step(*arrays)), numbers_of(f(w, *map(Tensor, arrays))), strict=True):
            np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-14)
    assert isinstance(step._last.forward, InBlocks) == (name in IN_BLOCKS)


def test_scalar_code_over_rows_runs_in_blocks() -> None:
    w = [Value(0.5), Value(-2.0), Value(0.25)]
    f = vmap(lambda x: (w[0] * x[0] + w[1] * x[1] + w[2]).relu())
    step = jit(f, backend="numpy")
    np.testing.assert_allclose(step(X).data, f(X).data, rtol=1e-12)
    assert isinstance(step._last.forward, InBlocks)


def test_few_rows_run_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_blocks, "_FEWEST_BLOCKS", 3)
    step = jit(lambda x: tanh(x), backend="numpy")
    step(X)
    assert not isinstance(step._last.forward, InBlocks)
