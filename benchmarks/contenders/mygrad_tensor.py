"""MyGrad, eager: tensors over NumPy."""

from __future__ import annotations

from typing import Any

import mygrad  # type: ignore[import-not-found,unused-ignore]
from mygrad.nnet import relu

from jobs.contract import Chain, Train
from jobs.problem import Problem

LIBRARIES = ("mygrad", "numpy")
LONGEST = 100_000  # ten times that takes minutes a round

mg: Any = mygrad  # its stubs say less than it has


def seed(problem: Problem) -> Train:
    X, y = problem.X, problem.y[:, None]
    parameters = [mg.tensor(p) for p in problem.parameters()]
    W0, b0, W1, b1, W2, b2 = parameters

    def loss() -> Any:
        hidden = relu(mg.matmul(X, W0) + b0)
        hidden = relu(mg.matmul(hidden, W1) + b1)
        margin = 1.0 - y * (mg.matmul(hidden, W2) + b2)
        return mg.mean(relu(margin)) + problem.l2 * sum(mg.sum(p**2) for p in parameters)

    def train(steps: int) -> float:
        for _ in range(steps):
            total = loss()
            total.backward()
            for p in parameters:
                p.data -= problem.learning_rate * p.grad
        return float(total.item())

    return train


def record(n: int) -> Any:
    y = mg.tensor(1.0)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(record, lambda root: root.backward())
