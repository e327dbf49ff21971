"""The job `digits` as data: scikit-learn's 1,797 digits, the initial weights of a 64-128-10 net, and its first loss."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HIDDEN = 128


@dataclass(frozen=True)
class DigitsTask:
    """Reading digits: cross-entropy, SGD with momentum, batches in a new order each epoch.

    Attributes:
        X: Training images, standardised, (1437, 64).
        y: Their digits, integers.
        X_test: Those that nobody is trained on, (360, 64).
        y_test: Their digits.
        W1: Weights, (128, 64), as PyTorch lays them out; relu follows.
        b1: Biases.
        W2: Weights, (10, 128).
        b2: Biases.
    """

    X: Floats
    y: NDArray[np.int64]
    X_test: Floats
    y_test: NDArray[np.int64]
    W1: Floats
    b1: Floats
    W2: Floats
    b2: Floats

    batch_size = 64
    learning_rate = 0.05
    momentum = 0.9

    def parameters(self) -> list[Floats]:
        """Fresh copies: W1, b1, W2, b2."""
        return [p.copy() for p in (self.W1, self.b1, self.W2, self.b2)]

    def save(self, path: Path) -> None:
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]


def load(path: Path) -> DigitsTask:
    with np.load(path) as file:
        return DigitsTask(**{name: file[name] for name in file.files})


def make() -> DigitsTask:
    """A fifth of the digits put aside, the rest standardised by its own mean and spread."""
    from sklearn.datasets import load_digits

    rng = np.random.default_rng(0)
    X, y = load_digits(return_X_y=True)
    order = rng.permutation(len(X))
    test, train = order[:360], order[360:]
    mean, spread = X[train].mean(axis=0), X[train].std(axis=0)
    X = (X - mean) / np.where(spread > 0, spread, 1.0)
    return DigitsTask(X[train], y[train], X[test], y[test], *_weights(rng))


def _weights(rng: Any) -> tuple[Floats, Floats, Floats, Floats]:
    """Uniform in ±1/sqrt(fan_in), as PyTorch's Linear begins."""
    first, second = 64**-0.5, HIDDEN**-0.5
    return (
        rng.uniform(-first, first, (HIDDEN, 64)),
        rng.uniform(-first, first, HIDDEN),
        rng.uniform(-second, second, (10, HIDDEN)),
        rng.uniform(-second, second, 10),
    )


def first_loss(task: DigitsTask) -> float:
    """The loss of all training images before the first step; the plainest code that computes it."""
    logits = np.maximum(task.X @ task.W1.T + task.b1, 0) @ task.W2.T + task.b2
    logits -= logits.max(axis=1, keepdims=True)
    right = logits[np.arange(len(task.y)), task.y]
    return float((np.log(np.exp(logits).sum(axis=1)) - right).mean())
