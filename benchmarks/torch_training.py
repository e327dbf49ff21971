"""Trainings in PyTorch as its users write them; the contenders differ in who hands out the batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from jobs.contract import Tick, Trained, TrainEpochs
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask
from jobs.task import Task

Batches = Callable[[], Iterable[Any]]
"""X and y of each batch of an epoch."""


def digits(task: DigitsTask, batches: Batches) -> TrainEpochs:
    def train(epochs: int, tick: Tick) -> Trained:
        model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10)).to(getattr(torch, task.dtype))
        optimizer = torch.optim.SGD(model.parameters(), lr=task.learning_rate, momentum=task.momentum, fused=True)
        return _trained(task, model, optimizer, batches, epochs, tick)

    return train


def convnet(task: ConvnetTask, batches: Batches) -> TrainEpochs:
    def train(epochs: int, tick: Tick) -> Trained:
        convolutions = (nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU())
        first = (nn.Flatten(), nn.Dropout(task.dropout[0]), nn.Linear(512, 64), nn.ReLU())
        model = nn.Sequential(*convolutions, nn.MaxPool2d(2), *first, nn.Dropout(task.dropout[1]), nn.Linear(64, 10))
        optimizer = torch.optim.Adam(model.parameters(), lr=task.learning_rate, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=task.steps(epochs))
        return _trained(task, model, optimizer, batches, epochs, tick, schedule.step)

    return train


def _trained(
    task: Task,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: Batches,
    epochs: int,
    tick: Tick,
    after_step: Callable[[], None] = lambda: None,
) -> Trained:
    """Train from the initial weights, and look at the loss of each step, as a log does."""
    with torch.no_grad():
        for parameter, initial in zip(model.parameters(), task.parameters(), strict=True):
            parameter.copy_(torch.from_numpy(initial))
        first = cross_entropy(model.eval()(torch.from_numpy(task.X)), torch.from_numpy(task.y)).item()
    model.train()
    tick()
    for _ in range(epochs):
        losses = []
        for X, y in batches():
            loss = cross_entropy(model(X), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call,unused-ignore]
            optimizer.step()
            after_step()
            losses.append(loss.item())
        tick()
    with torch.no_grad():
        guesses = model.eval()(torch.from_numpy(task.X_test)).argmax(dim=1).numpy()
    return first, float((guesses == task.y_test).mean())
