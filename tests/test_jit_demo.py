"""micrograd's demo, model and loss as in its notebook and only wrapped in `jit`: the same log, from a page of NumPy."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micrograd.datasets import moons
from micrograd.engine import Value, jit, vmap
from micrograd.nn import MLP, SGD, Adam, LinearLR, fit, hinge_loss, jit_train_step, l2_penalty, mse_loss

ROWS = json.loads((Path(__file__).parent / "data" / "micrograd_demo_log.json").read_text("utf-8"))["rows"]
LOSSES = [row["loss"] for row in ROWS]
ACCURACIES = [row["accuracy_percent"] for row in ROWS]
# The longest program that the demo's training step may become.
A_PAGE = 60


@pytest.fixture(scope="module")
def data() -> tuple[Any, Any]:
    dataset = moons(100, 0.1, 1337)
    return dataset.X, dataset.signed_labels


def demo(X: Any, y: Any) -> tuple[MLP, Callable[[], Any]]:
    """The notebook's cells."""
    random.seed(1337)
    model = MLP(2, [16, 16, 1])

    def loss() -> Any:
        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        return total_loss, scores

    return model, loss


@pytest.mark.parametrize(
    "backend",
    [
        "numpy",
        "numba",
        pytest.param("python", marks=pytest.mark.slow),
    ],
)
def test_the_published_log_comes_out_of_the_compiled_demo(data: tuple[Any, Any], backend: str) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")
    X, y = data
    model, loss = demo(X, y)
    compiled = jit(loss, backend=backend)
    losses, accuracies = [], []
    for k in range(100):
        total_loss, scores = compiled()
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        losses.append(total_loss.data)
        accuracies.append(100.0 * sum(accuracy) / len(accuracy))
    assert losses == pytest.approx(LOSSES, rel=1e-12, abs=0.0)
    assert accuracies == ACCURACIES


def test_the_demo_is_a_page(data: tuple[Any, Any]) -> None:
    _, loss = demo(*data)
    step = jit(lambda: loss()[0], backend="numpy")
    assert step().data == pytest.approx(LOSSES[0], rel=1e-12)
    # 65,818 scalar operations, lifted to 22 instructions forwards and 41 with the gradients.
    assert step.stats["trace"] > 65_000
    assert len(step.program) <= A_PAGE
    products = [i for i in step.program if i.op.name == "contract" and len(i.shape) == 2]
    assert [i.shape for i in products if i.shape[0] == 100][:2] == [(100, 16), (100, 16)]
    assert step.source.count("matmul(") == 8


@pytest.mark.parametrize(
    "make", [lambda ps: SGD(ps, lr=0.5, momentum=0.9, weight_decay=1e-3), lambda ps: Adam(ps, 0.01, eps=1e-3)]
)
def test_a_compiled_step_is_the_eager_one(data: tuple[Any, Any], make: Any) -> None:
    X, y = data[0][:20], data[1][:20].astype(float)
    models = [MLP(2, [4, 1], rng=random.Random(3)) for _ in range(2)]
    eager, compiled = (make(model.parameters()) for model in models)

    def loss_of(model: MLP) -> Any:
        def loss(X: Any, y: Any) -> Any:
            scores = [model(list(map(Value, row))) for row in X]
            return hinge_loss(scores, list(map(Value, y))) + l2_penalty(model.parameters())

        return loss

    step = jit_train_step(loss_of(models[1]), compiled, backend="numpy")
    for k in range(6):
        loss = loss_of(models[0])(X, y)
        eager.zero_grad()
        loss.backward()
        eager.step()
        assert step(X, y) == pytest.approx(loss.data, rel=1e-12)
        for p, q in zip(models[0].parameters(), models[1].parameters(), strict=True):
            assert q.data == pytest.approx(p.data, rel=1e-11, abs=1e-13)
        if k == 2:  # between steps parameters and rate are the user's
            for optimizer, model in zip((eager, compiled), models, strict=True):
                optimizer.lr /= 2.0
                model.parameters()[0].data += 0.5
    np.testing.assert_allclose(compiled.kept, eager.kept, rtol=1e-10, atol=1e-13)


def test_fit_compiles_its_step(data: tuple[Any, Any]) -> None:
    histories = []
    for compiled in (False, True):
        model = MLP(2, [4, 1], rng=random.Random(1))
        optimizer = SGD(model.parameters(), lr=0.5)
        decay = LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=8)
        histories.append(
            fit(
                model,
                data,
                hinge_loss,
                optimizer,
                steps=8,
                batch_size=30,
                scheduler=decay,
                progress=False,
                jit=compiled,
            )
        )
    assert histories[1].loss == pytest.approx(histories[0].loss, rel=1e-12)
    assert histories[1].accuracy == histories[0].accuracy


def test_values_that_array_code_reads_are_trained_by_a_compiled_step() -> None:
    models = [MLP(2, [3, 1], rng=random.Random(0)) for _ in range(2)]
    X = np.ones((4, 2))
    step = jit_train_step(lambda X: vmap(models[0])(X).mean(), SGD(models[0].parameters(), lr=0.1), backend="numpy")
    eager = SGD(models[1].parameters(), lr=0.1)
    vmap(models[1])(X).mean().backward()
    eager.step()
    step(X)
    assert [p.data for p in models[0].parameters()] == pytest.approx(
        [p.data for p in models[1].parameters()], rel=1e-12
    )


def test_a_loss_over_vmap_is_the_program_of_a_loss_over_a_loop() -> None:
    small = moons(20, 0.1, 0)

    def losses(predict: Callable[[MLP, Any], Any]) -> tuple[list[float], int]:
        model = MLP(2, [3, 1], rng=random.Random(0))
        optimizer = SGD(model.parameters(), lr=0.1)
        step = jit_train_step(lambda X, y: mse_loss(predict(model, X), y), optimizer, backend="numpy")
        return [step(small.X, small.signed_labels.astype(float)) for _ in range(5)], len(step.program)

    over_rows, length = losses(lambda model, X: vmap(model)(X))
    in_a_loop, expected = losses(lambda model, X: list(map(model, X)))
    assert over_rows == pytest.approx(in_a_loop, rel=1e-12)
    assert length < expected + 10
