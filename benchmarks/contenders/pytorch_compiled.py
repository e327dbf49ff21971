"""PyTorch's `torch.compile` in float64: the eager contender's loss and its optimiser's step, both compiled."""

from __future__ import annotations

import os

import torch

from contenders.pytorch_eager import penalty
from jobs.contract import Train, Unavailable
from jobs.problem import Problem

LIBRARIES = ("torch",)

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def seed(problem: Problem) -> Train:
    X, y = torch.from_numpy(problem.X), torch.from_numpy(problem.y[:, None].astype(float))
    parameters = [torch.from_numpy(p).requires_grad_() for p in problem.parameters()]
    W0, b0, W1, b1, W2, b2 = parameters
    optimizer = torch.optim.SGD(parameters, lr=problem.learning_rate, weight_decay=2 * problem.l2)

    @torch.compile
    def loss() -> torch.Tensor:
        hidden = torch.relu(torch.addmm(b0, X, W0))
        hidden = torch.relu(torch.addmm(b1, hidden, W1))
        return torch.relu(1 - y * torch.addmm(b2, hidden, W2)).mean()

    update = torch.compile(optimizer.step)

    def train(steps: int) -> float:
        for step in range(steps):
            total = loss()
            reported = total.item() + penalty(problem, parameters) if step == steps - 1 else 0.0
            optimizer.zero_grad()
            total.backward()  # type: ignore[no-untyped-call,unused-ignore]
            update()
        return reported

    try:
        loss()
    except Exception as error:  # what it needs beside itself, a C++ compiler say, it tells in many ways
        raise Unavailable(f"torch.compile doesn't work here: {type(error).__name__}") from error
    return train
