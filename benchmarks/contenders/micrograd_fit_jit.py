"""Ours as its users write it: `fit(jit=True)` on layers of Tensors, a compiled step."""

from __future__ import annotations

from contenders import micrograd_fit
from jobs.contract import TrainEpochs, Unavailable
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask
from micrograd.engine import TracingError

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numpy")


def digits(task: DigitsTask) -> TrainEpochs:
    return micrograd_fit.digits(task, jit=True)


def convnet(task: ConvnetTask) -> TrainEpochs:
    train = micrograd_fit.convnet(task, jit=True)
    try:
        train(1, lambda: None)
    except TracingError as refusal:
        raise Unavailable(f"a compiled step can't draw dropout anew: {type(refusal).__name__}") from refusal
    return train
