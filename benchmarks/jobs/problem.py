"""The jobs `seed` and `rows` as data: two moons, a 2-H-H-1 net's initial weights, and what it must give.

Whoever takes part gets these numbers from one file, so that all start from the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NOISE = 0.1
SEED = 1337


@dataclass(frozen=True)
class Problem:
    """One training run.

    The loss is mean(max(0, 1 - y * score)) + l2 * sum(p**2) over all parameters p, biases included.

    Attributes:
        X: Samples, (N, 2).
        y: Labels -1 and 1, (N,), integers.
        weights: One (n_in, n_out) matrix per layer; relu follows each layer but the last.
        biases: One (n_out,) vector per layer.
        learning_rate: Of plain gradient descent on the full batch.
        l2: The factor of the penalty.
    """

    X: Floats
    y: NDArray[np.int64]
    weights: list[Floats]
    biases: list[Floats]
    learning_rate: float = 0.1
    l2: float = 1e-4

    @property
    def hidden(self) -> int:
        return int(self.weights[0].shape[1])

    @property
    def multiplications(self) -> int:
        """How many products of an input and a weight one forward pass computes."""
        return len(self.X) * sum(W.size for W in self.weights)

    @property
    def nodes(self) -> int:
        """How many scalars the graph of the loss has, written in micrograd's way."""
        weights, parameters = sum(W.size for W in self.weights), sum(p.size for p in self.parameters())
        return len(self.X) * (2 * weights + 2 * self.hidden + 8) + 3 * parameters + 7

    def parameters(self) -> list[Floats]:
        """Fresh copies: W0, b0, W1, b1, W2, b2."""
        return [p.copy() for layer in zip(self.weights, self.biases, strict=True) for p in layer]

    def save(self, path: Path) -> None:
        layers = {f"p{i}": p for i, p in enumerate(self.parameters())}
        np.savez(path, X=self.X, y=self.y, learning_rate=self.learning_rate, l2=self.l2, **layers)  # type: ignore[arg-type]


def load(path: Path) -> Problem:
    with np.load(path) as file:
        parameters = [file[name] for name in sorted(file.files) if name.startswith("p")]
        settings = {name: float(file[name]) for name in ("learning_rate", "l2")}
        return Problem(file["X"], file["y"], parameters[::2], parameters[1::2], **settings)


def make(samples: int, hidden: int) -> Problem:
    """Two moons and weights uniform in [-1, 1] / sqrt(n_in / 2): in the first layer micrograd's own, then tamer."""
    rng = np.random.default_rng(SEED)
    X, y = _moons(samples, rng)
    sizes = list(pairwise((2, hidden, hidden, 1)))
    weights = [rng.uniform(-1, 1, size) / np.sqrt(size[0] / 2) for size in sizes]
    return Problem(X, y, weights, [np.zeros(n_out) for _, n_out in sizes])


def views(flat: Floats, like: list[Floats]) -> list[Floats]:
    """Consecutive parts of one vector, in the shapes of `like`."""
    ends = np.cumsum([p.size for p in like])
    return [flat[end - p.size : end].reshape(p.shape) for end, p in zip(ends, like, strict=True)]


def _moons(samples: int, rng: np.random.Generator) -> tuple[Floats, Any]:
    """Two interleaving half circles; drawn here, so that no contender's data set is needed to run the others."""
    angle = np.linspace(0, np.pi, samples // 2), np.linspace(0, np.pi, samples - samples // 2)
    upper = np.stack([np.cos(angle[0]), np.sin(angle[0])], axis=1)
    lower = np.stack([1 - np.cos(angle[1]), 0.5 - np.sin(angle[1])], axis=1)
    X = np.concatenate([upper, lower]) + rng.normal(scale=NOISE, size=(samples, 2))
    return X, np.repeat([-1, 1], [len(upper), len(lower)])


def reference_scores(problem: Problem) -> Floats:
    """The net's output for each row, (N,), before any training; the plainest code that computes it."""
    W0, b0, W1, b1, W2, b2 = problem.parameters()
    hidden = np.maximum(np.maximum(problem.X @ W0 + b0, 0) @ W1 + b1, 0)
    return (hidden @ W2 + b2)[:, 0]


def reference_losses(problem: Problem) -> Iterator[float]:
    """The loss at each step of the training, one after the other; the plainest code that computes it."""
    X, y = problem.X, problem.y[:, None].astype(float)
    W0, b0, W1, b1, W2, b2 = parameters = problem.parameters()
    while True:
        hidden0 = np.maximum(X @ W0 + b0, 0)
        hidden1 = np.maximum(hidden0 @ W1 + b1, 0)
        margin = 1 - y * (hidden1 @ W2 + b2)
        yield float(np.maximum(margin, 0).mean() + problem.l2 * sum((p * p).sum() for p in parameters))

        d_score = -y * (margin > 0) / len(X)
        d_hidden1 = d_score @ W2.T * (hidden1 > 0)
        d_hidden0 = d_hidden1 @ W1.T * (hidden0 > 0)
        gradients = [
            g for x, d in ((X, d_hidden0), (hidden0, d_hidden1), (hidden1, d_score)) for g in (x.T @ d, d.sum(0))
        ]
        for p, gradient in zip(parameters, gradients, strict=True):
            p[:] -= problem.learning_rate * (gradient + 2 * problem.l2 * p)
