"""PyTorch, eager, in float64, the convnet in float32: the step that its users write, with the cheapest calls for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

import torch_training
from jobs.contract import Chain, Predict, Train, TrainEpochs
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask
from jobs.problem import Floats, Problem
from jobs.task import Task

LIBRARIES = ("torch",)

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def seed(problem: Problem) -> Train:
    X, y = torch.from_numpy(problem.X), torch.from_numpy(problem.y[:, None].astype(float))
    parameters = [torch.from_numpy(p).requires_grad_() for p in problem.parameters()]
    W0, b0, W1, b1, W2, b2 = parameters
    optimizer = torch.optim.SGD(parameters, lr=problem.learning_rate, weight_decay=2 * problem.l2, fused=True)

    def loss() -> torch.Tensor:
        hidden = torch.relu(torch.addmm(b0, X, W0))
        hidden = torch.relu(torch.addmm(b1, hidden, W1))
        scores = torch.addmm(b2, hidden, W2)
        return torch.relu(1 - y * scores).mean()

    def train(steps: int) -> float:
        for step in range(steps):
            total = loss()
            reported = total.item() + penalty(problem, parameters) if step == steps - 1 else 0.0
            optimizer.zero_grad()
            total.backward()  # type: ignore[no-untyped-call,unused-ignore]
            optimizer.step()
        return reported

    return train


@torch.no_grad()
def penalty(problem: Problem, parameters: list[torch.Tensor]) -> float:
    """What the optimisers know as weight decay, for the loss that is reported."""
    return problem.l2 * sum(p.square().sum().item() for p in parameters)


def rows(problem: Problem) -> Predict:
    X, *parameters = (torch.from_numpy(array) for array in (problem.X, *problem.parameters()))
    W0, b0, W1, b1, W2, b2 = parameters

    @torch.no_grad()
    def predict(steps: int) -> Floats:
        for _ in range(steps):
            hidden = torch.addmm(b0, X, W0).relu_()
            hidden = torch.addmm(b1, hidden, W1).relu_()
            scores = torch.addmm(b2, hidden, W2)
        return scores[:, 0].numpy()

    return predict


def digits(task: DigitsTask) -> TrainEpochs:
    return torch_training.digits(task, partial(shuffled, task))


def convnet(task: ConvnetTask) -> TrainEpochs:
    return torch_training.convnet(task, partial(shuffled, task))


def shuffled(task: Task) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Rows in a new order each time; faster than a DataLoader, which collates sample by sample: see pytorch_loader."""
    X, y = torch.from_numpy(task.X), torch.from_numpy(task.y)
    return ((X[rows], y[rows]) for rows in torch.randperm(len(X)).split(task.batch_size))


def record(n: int) -> Any:
    y = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(record, lambda root: root.backward())
