"""Ours on eager Tensors: the step that a user writes with the engine's functions alone."""

from __future__ import annotations

from typing import Any

from jobs.contract import Chain, Train
from jobs.problem import Problem
from micrograd.engine import Tensor, hinge_loss, linear

LIBRARIES = ("micrograd-engine", "numpy")


def seed(problem: Problem) -> Train:
    X, y = Tensor(problem.X), Tensor(problem.y[:, None].astype(float))
    parameters = [Tensor(p.T, requires_grad=True) for p in problem.parameters()]
    W0, b0, W1, b1, W2, b2 = parameters

    def loss() -> Any:
        hidden = linear(linear(X, W0, b0).relu(), W1, b1).relu()
        penalty = sum((p * p).sum() for p in parameters)
        return hinge_loss(linear(hidden, W2, b2), y) + problem.l2 * penalty

    def train(steps: int) -> float:
        for _ in range(steps):
            total = loss()
            for p in parameters:
                p.grad = None
            total.backward()
            for p in parameters:
                p.data -= problem.learning_rate * p.grad
        return float(total.item())

    return train


def record(n: int) -> Any:
    y = Tensor(1.0, requires_grad=True)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(record, lambda root: root.backward())
