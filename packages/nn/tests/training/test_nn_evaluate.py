"""`evaluate` gives the loss of all samples, in whatever batches the model computes them."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.nn import (  # noqa: E402
    SGD,
    CrossEntropyLoss,
    Linear,
    accuracy,
    cross_entropy,
    evaluate,
    fit,
)

X = np.random.default_rng(0).normal(size=(50, 3))
Y = np.arange(50) % 2
IGNORED = np.where(np.arange(50) < 25, -100, Y)
LOSSES: dict[str, tuple[Any, Any]] = {
    "a mean": (cross_entropy, Y),
    "a sum": (CrossEntropyLoss(reduction="sum"), Y),
    "weighted classes": (CrossEntropyLoss(weight=np.array([1.0, 5.0])), Y),
    "ignored samples": (cross_entropy, IGNORED),
    "a loss that calls methods of Tensors": (lambda scores, y: scores.sigmoid().square().sum().sqrt(), Y),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_size_of_the_batches_does_not_matter(name: str) -> None:
    loss, y = LOSSES[name]
    model = Linear(3, 2, rng=0)
    expected = loss(model(X), y).item()
    for size in (7, 20, 50, 256):
        found = evaluate(model, (X, y), loss, batch_size=size)
        assert found["loss"] == pytest.approx(expected, rel=1e-14)
        assert found["accuracy"] == accuracy(model(X), y)


def test_nor_does_it_of_validation_data() -> None:
    model = Linear(3, 2, rng=0)
    optimizer = SGD(model.parameters(), lr=0.0)
    big = np.concatenate([X] * 8), np.concatenate([IGNORED] * 8)
    history = fit(model, (X, Y), cross_entropy, optimizer, epochs=1, batch_size=7, validation=big, progress=False)
    assert history.validation["loss"] == [pytest.approx(cross_entropy(model(big[0]), big[1]).item(), rel=1e-14)]


def test_what_has_no_loss_is_refused() -> None:
    model = Linear(3, 2, rng=0)
    with pytest.raises(MicrogradValueError, match=r"returned shape \(50,\).*reduction=\"mean\""):
        evaluate(model, (X, Y), CrossEntropyLoss(reduction="none"))
    with pytest.raises(MicrogradTypeError, match="has parameters"):
        evaluate(lambda x: x, (X, Y), cross_entropy)
