"""A training as its users write it, as data: digits to read, the initial weights of a net, and what it must give.

Whoever takes part gets these numbers from one file, so that all start from the same bits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
T = TypeVar("T", bound="Task")

HELD_OUT = 360


@dataclass(frozen=True)
class Task(ABC):
    """Reading digits: cross-entropy, batches in a new order each epoch.

    Attributes:
        X: Training images, (1437, ...).
        y: Their digits, integers.
        X_test: Those that nobody is trained on, (360, ...).
        y_test: Their digits.
        initial: The net's weights and biases, layer by layer, as PyTorch lays them out.
    """

    X: Array
    y: Array
    X_test: Array
    y_test: Array
    initial: list[Array]

    batch_size = 64

    @property
    def dtype(self) -> str:
        """That of the parameters."""
        return str(self.initial[0].dtype)

    @abstractmethod
    def logits(self, X: Array) -> Array:
        """What the net says of these images before it is trained, (N, 10); the plainest code that computes it."""

    def first_loss(self) -> float:
        """The loss of all training images before the first step."""
        logits = self.logits(self.X)
        logits = logits - logits.max(axis=1, keepdims=True)
        right = logits[np.arange(len(self.y)), self.y]
        return float((np.log(np.exp(logits).sum(axis=1)) - right).mean())

    def parameters(self) -> list[Array]:
        """Fresh copies of the initial ones."""
        return [p.copy() for p in self.initial]

    def steps(self, epochs: int) -> int:
        """How many batches so many epochs have."""
        return epochs * -(-len(self.y) // self.batch_size)

    def save(self, path: Path) -> None:
        data = {name: getattr(self, name) for name in ("X", "y", "X_test", "y_test")}
        np.savez(path, **data, **{f"p{i}": p for i, p in enumerate(self.initial)})

    @classmethod
    def load(cls: type[T], path: Path) -> T:
        with np.load(path) as file:
            initial = [file[f"p{i}"] for i in range(len(file.files) - 4)]
            return cls(*(file[name] for name in ("X", "y", "X_test", "y_test")), initial)


def images(rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """scikit-learn's 1,797 digits, shuffled, pixels from 0 to 16: X, y and, put aside, X_test, y_test."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    order = rng.permutation(len(X))
    test, train = order[:HELD_OUT], order[HELD_OUT:]
    return X[train], y[train], X[test], y[test]


def uniform(rng: np.random.Generator, fan_in: int, *shapes: tuple[int, ...]) -> list[Array]:
    """Uniform in ±1/sqrt(fan_in), as PyTorch's layers begin."""
    return [rng.uniform(-(fan_in**-0.5), fan_in**-0.5, shape) for shape in shapes]
