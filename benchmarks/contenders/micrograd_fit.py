"""Ours as its users write it: `fit` on layers of Tensors, recorded step by step."""

from __future__ import annotations

from jobs.contract import DigitsTrain, Tick, Trained
from jobs.digits_task import DigitsTask
from micrograd.nn import SGD, Linear, ReLU, Sequential, cross_entropy, evaluate, fit

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numpy")


def digits(task: DigitsTask, jit: bool = False) -> DigitsTrain:
    def train(epochs: int, tick: Tick) -> Trained:
        model = Sequential(Linear(64, 128), ReLU(), Linear(128, 10))
        for parameter, initial in zip(model.parameters(), task.parameters(), strict=True):
            parameter.data = initial
        data, held_out = (task.X, task.y), (task.X_test, task.y_test)
        first = evaluate(model, data, cross_entropy)["loss"]
        optimizer = SGD(model.parameters(), lr=task.learning_rate, momentum=task.momentum)
        clock = Clock(tick)
        options = {"epochs": epochs, "batch_size": task.batch_size, "metrics": (), "progress": False, "jit": jit}
        fit(model, data, cross_entropy, optimizer, callbacks=[clock], **options)  # type: ignore[arg-type]
        return first, evaluate(model, held_out)["accuracy"]

    return train


class Clock:
    """The callback that tells the time of every epoch."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick

    def on_begin(self, _run: object) -> None:
        self._tick()

    def on_epoch(self, _run: object) -> None:
        self._tick()
