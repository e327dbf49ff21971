"""Ours as its users write it: `fit(jit=True)` on layers of Tensors, a compiled step."""

from __future__ import annotations

from contenders import micrograd_fit
from jobs.contract import TrainEpochs
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numpy")


def digits(task: DigitsTask) -> TrainEpochs:
    return micrograd_fit.digits(task, jit=True)


def convnet(task: ConvnetTask) -> TrainEpochs:
    return micrograd_fit.convnet(task, jit=True)
