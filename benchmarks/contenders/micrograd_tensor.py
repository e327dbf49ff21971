"""Ours on eager Tensors: linear, relu, hinge loss, and an optimiser that has the penalty as its weight decay."""

from __future__ import annotations

from typing import Any

from jobs.contract import Chain, Train
from jobs.problem import Problem
from micrograd.engine import Tensor, hinge_loss, keep_memory, linear, no_grad
from micrograd.nn import SGD

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numpy")


def seed(problem: Problem) -> Train:
    keep_memory()  # which shows where arrays are large: --samples 10000 --hidden 256
    X, y = Tensor(problem.X), Tensor(problem.y[:, None].astype(float))
    parameters = [Tensor(p.T, requires_grad=True) for p in problem.parameters()]
    W0, b0, W1, b1, W2, b2 = parameters
    optimizer = SGD(parameters, lr=problem.learning_rate, weight_decay=2 * problem.l2)

    def loss() -> Any:
        hidden = linear(linear(X, W0, b0).relu(), W1, b1).relu()
        return hinge_loss(linear(hidden, W2, b2), y)

    def penalty() -> float:
        with no_grad():
            return problem.l2 * sum((p * p).sum().item() for p in parameters)

    def train(steps: int) -> float:
        for step in range(steps):
            total = loss()
            reported = total.item() + penalty() if step == steps - 1 else 0.0
            optimizer.zero_grad()
            total.backward()
            optimizer.step()
        return reported

    return train


def record(n: int) -> Any:
    y = Tensor(1.0, requires_grad=True)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(record, lambda root: root.backward())
