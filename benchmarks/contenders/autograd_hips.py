"""HIPS autograd: NumPy code, and `value_and_grad` of it."""

from __future__ import annotations

from typing import Any

import autograd.numpy as np  # type: ignore[import-untyped,import-not-found,unused-ignore]
from autograd import value_and_grad  # type: ignore[import-untyped,import-not-found,unused-ignore]

from jobs.contract import Train
from jobs.problem import Problem

LIBRARIES = ("autograd", "numpy")


def seed(problem: Problem) -> Train:
    X, y = problem.X, problem.y[:, None]
    parameters: Any = problem.parameters()

    def loss(parameters: Any) -> Any:
        W0, b0, W1, b1, W2, b2 = parameters
        hidden = np.maximum(np.dot(X, W0) + b0, 0.0)
        hidden = np.maximum(np.dot(hidden, W1) + b1, 0.0)
        margin = 1.0 - y * (np.dot(hidden, W2) + b2)
        return np.mean(np.maximum(margin, 0.0)) + problem.l2 * sum(np.sum(p * p) for p in parameters)

    step = value_and_grad(loss)

    def train(steps: int) -> float:
        for _ in range(steps):
            total, gradients = step(parameters)
            for p, g in zip(parameters, gradients, strict=True):
                np.subtract(p, problem.learning_rate * g, out=p)
        return float(total)

    return train
