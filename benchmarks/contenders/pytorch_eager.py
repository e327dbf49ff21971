"""PyTorch, eager, in float64: the step that its users write, with the cheapest calls for it."""

from __future__ import annotations

import os
from typing import Any

import torch

from jobs.contract import Chain, Train
from jobs.problem import Problem

LIBRARIES = ("torch",)

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def seed(problem: Problem) -> Train:
    X, y = torch.from_numpy(problem.X), torch.from_numpy(problem.y[:, None].astype(float))
    parameters = [torch.from_numpy(p).requires_grad_() for p in problem.parameters()]
    W0, b0, W1, b1, W2, b2 = parameters
    optimizer = torch.optim.SGD(parameters, lr=problem.learning_rate)

    def loss() -> torch.Tensor:
        hidden = torch.relu(torch.addmm(b0, X, W0))
        hidden = torch.relu(torch.addmm(b1, hidden, W1))
        scores = torch.addmm(b2, hidden, W2)
        penalty = sum(p.square().sum() for p in parameters)
        return torch.relu(1 - y * scores).mean() + problem.l2 * penalty

    def train(steps: int) -> float:
        for _ in range(steps):
            total = loss()
            optimizer.zero_grad()
            total.backward()  # type: ignore[no-untyped-call,unused-ignore]
            optimizer.step()
        return total.item()

    return train


def record(n: int) -> Any:
    y = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(record, lambda root: root.backward())
