"""`jit(vmap(f))` of code written for arrays: one row is traced, and the numbers are those of `vmap` without jit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, grad, jit, vmap  # noqa: E402
from micrograd.engine.arrays.functions import (  # noqa: E402
    concatenate,
    conv2d,
    einsum,
    layer_norm,
    linear,
    max_pool2d,
    relu,
    softmax,
    stack,
    take,
    tanh,
    where,
)
from micrograd.engine.errors import TracingError  # noqa: E402

RNG = np.random.default_rng(0)
VECTORS, MATRICES = RNG.normal(size=(6, 4)), RNG.normal(size=(6, 3, 4))
IMAGES = RNG.normal(size=(6, 2, 1, 6, 6))
RIGHT, LEFT, BIAS = RNG.normal(size=(4, 5)), RNG.normal(size=(5, 4)), RNG.normal(size=5)
KERNELS = RNG.normal(size=(2, 1, 3, 3))

Row = Callable[[Any, Any], Any]

# Of a row and of what all rows share.
FUNCTIONS: dict[str, tuple[Any, Any, Row]] = {
    "a vector times a matrix": (VECTORS, RIGHT, lambda x, w: x @ w + BIAS),
    "a matrix times a vector": (VECTORS, LEFT, lambda x, w: w @ x + BIAS),
    "matrices times a matrix": (MATRICES, RIGHT, lambda x, w: x @ w + BIAS),
    "a matrix times matrices": (MATRICES, RNG.normal(size=(5, 3)), lambda x, w: w @ x),
    "matrices times themselves": (MATRICES, RIGHT, lambda x, w: (x @ x.T) @ (x @ w)),
    "a dot": (VECTORS, RIGHT[:, 0], lambda x, w: x @ w + w @ x + x @ x),
    "stacks of matrices": (MATRICES, RNG.normal(size=(2, 5, 3)), lambda x, w: w @ x),
    "a linear layer": (VECTORS, LEFT, lambda x, w: relu(linear(x, w, BIAS))),
    "two layers": (VECTORS, LEFT, lambda x, w: tanh(relu(linear(x, w, BIAS)) @ w).sum()),
    "softmax": (VECTORS, RIGHT, lambda x, w: softmax(x @ w)),
    "layer_norm": (VECTORS, RIGHT, lambda x, w: layer_norm(x @ w, (5,))),
    "einsum": (MATRICES, RIGHT, lambda x, w: einsum("ij,jk->k", x, w)),
    "max and mean": (MATRICES, RIGHT, lambda x, w: (x @ w).max(axis=0) + (x @ w).mean()),
    "where": (VECTORS, RIGHT, lambda x, w: where(x > 0.0, x, -2.0 * x) @ w),
    "joined": (VECTORS, RIGHT, lambda x, w: stack([concatenate([x, x * 2.0]), concatenate([w[:, 0], x])])),
    "slices": (MATRICES, RIGHT, lambda x, w: x[1:, ::2] @ w[:2]),
    "taken": (VECTORS, RIGHT, lambda x, w: take(x @ w, np.array([0, 0, 3]), axis=0)),
    "convolution": (IMAGES, KERNELS, lambda x, w: max_pool2d(relu(conv2d(x, w)), 2)),
    "an inner derivative": (VECTORS, RIGHT, lambda x, w: grad(lambda t: tanh(t @ w).sum())(x)),
    "an inner derivative of a part": (VECTORS, RIGHT, lambda x, w: grad(lambda t: (t[1:3] ** 2).sum() * t[0])(x)),
}


@pytest.mark.parametrize("backend", ["numpy", "auto"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_rows_of_array_code_are_as_without_jit(name: str, backend: str) -> None:
    rows, shared, f = FUNCTIONS[name]
    mapped = vmap(f, in_axes=(0, None))
    both = []
    for g in (mapped, jit(mapped, backend=backend)):
        x, w = Tensor(rows, requires_grad=True), Tensor(shared, requires_grad=True)
        out = g(x, w)
        (out * out).sum().backward()
        both.append((out.numpy(), x.grad, w.grad))
    for expected, found in zip(*both, strict=True):
        np.testing.assert_allclose(found, np.zeros(()) if expected is None else expected, rtol=1e-10, atol=1e-12)


def test_the_size_of_the_program_does_not_grow_with_the_rows() -> None:
    sizes = []
    for count in (3, 300):
        f = jit(vmap(lambda x: relu(x @ RIGHT) @ LEFT), backend="numpy")
        f(RNG.normal(size=(count, 4)))
        sizes.append(len(f.program))
    assert sizes[0] == sizes[1]


def test_what_would_run_row_by_row_is_refused() -> None:
    f = jit(vmap(lambda x: np.array([[2.0, 1.0], [1.0, 3.0]]) @ x[0, :2] + x.roll(1).sum()), backend="numpy")
    with pytest.raises(TracingError, match="roll"):
        f(MATRICES)
