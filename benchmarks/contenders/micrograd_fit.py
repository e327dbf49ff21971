"""Ours as its users write it: `fit` on layers of Tensors, recorded step by step."""

from __future__ import annotations

from typing import Any

from jobs.contract import Tick, Trained, TrainEpochs
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask
from jobs.task import Task
from micrograd.nn import (
    SGD,
    Adam,
    Conv2d,
    CosineAnnealingLR,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    cross_entropy,
    evaluate,
    fit,
)

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numpy")


def digits(task: DigitsTask, jit: bool = False) -> TrainEpochs:
    def train(epochs: int, tick: Tick) -> Trained:
        model = Sequential(Linear(64, 128), ReLU(), Linear(128, 10)).to(task.dtype)
        optimizer = SGD(model.parameters(), lr=task.learning_rate, momentum=task.momentum)
        return _trained(task, model, optimizer, epochs, tick, jit=jit)

    return train


def convnet(task: ConvnetTask, jit: bool = False) -> TrainEpochs:
    def train(epochs: int, tick: Tick) -> Trained:
        model = Sequential(
            *(Conv2d(1, 16, 3, padding=1), ReLU(), Conv2d(16, 32, 3, padding=1), ReLU(), MaxPool2d(2), Flatten()),
            *(Dropout(task.dropout[0]), Linear(512, 64), ReLU(), Dropout(task.dropout[1]), Linear(64, 10)),
        ).float()
        optimizer = Adam(model.parameters(), lr=task.learning_rate)
        scheduler = CosineAnnealingLR(optimizer, T_max=task.steps(epochs))
        return _trained(task, model, optimizer, epochs, tick, jit=jit, scheduler=scheduler)

    return train


def _trained(task: Task, model: Any, optimizer: Any, epochs: int, tick: Tick, **options: Any) -> Trained:
    for parameter, initial in zip(model.parameters(), task.parameters(), strict=True):
        parameter.data = initial
    data, held_out = (task.X, task.y), (task.X_test, task.y_test)
    first = evaluate(model, data, cross_entropy)["loss"]
    options |= {"epochs": epochs, "batch_size": task.batch_size, "metrics": (), "progress": False}
    fit(model, data, cross_entropy, optimizer, callbacks=[Clock(tick)], **options)
    return first, evaluate(model, held_out)["accuracy"]


class Clock:
    """The callback that tells the time of every epoch."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick

    def on_begin(self, _run: object) -> None:
        self._tick()

    def on_epoch(self, _run: object) -> None:
        self._tick()
