"""PyTorch, eager, in float64: the step that its users write, with the cheapest calls for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from jobs.contract import Chain, DigitsTrain, Tick, Train, Trained
from jobs.digits_task import DigitsTask
from jobs.problem import Problem

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

    def penalty() -> float:
        with torch.no_grad():
            return problem.l2 * sum(p.square().sum().item() for p in parameters)

    def train(steps: int) -> float:
        for step in range(steps):
            total = loss()
            reported = total.item() + penalty() if step == steps - 1 else 0.0
            optimizer.zero_grad()
            total.backward()  # type: ignore[no-untyped-call,unused-ignore]
            optimizer.step()
        return reported

    return train


def digits(task: DigitsTask) -> DigitsTrain:
    X, y = torch.from_numpy(task.X), torch.from_numpy(task.y)

    def batches() -> Any:
        # Faster than a DataLoader, which collates sample by sample: see pytorch_loader.
        for rows in torch.randperm(len(X)).split(task.batch_size):
            yield X[rows], y[rows]

    def train(epochs: int, tick: Tick) -> Trained:
        return trained(task, epochs, tick, batches)

    return train


def trained(task: DigitsTask, epochs: int, tick: Tick, batches: Callable[[], Any]) -> Trained:
    """Train on these batches of each epoch, and look at the loss of each step, as a log does."""
    model = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)).double()
    with torch.no_grad():
        for parameter, initial in zip(model.parameters(), task.parameters(), strict=True):
            parameter.copy_(torch.from_numpy(initial))
        first = cross_entropy(model(torch.from_numpy(task.X)), torch.from_numpy(task.y)).item()
    optimizer = torch.optim.SGD(model.parameters(), lr=task.learning_rate, momentum=task.momentum)
    tick()
    for _ in range(epochs):
        losses = []
        for X, y in batches():
            loss = cross_entropy(model(X), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call,unused-ignore]
            optimizer.step()
            losses.append(loss.item())
        tick()
    with torch.no_grad():
        guesses = model(torch.from_numpy(task.X_test)).argmax(dim=1).numpy()
    return first, float((guesses == task.y_test).mean())


def record(n: int) -> Any:
    y = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(record, lambda root: root.backward())
