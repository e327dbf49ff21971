"""PyTorch, eager, as its tutorials write it: a DataLoader that shuffles and collates."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

import torch_training
from jobs.contract import TrainEpochs
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask
from jobs.task import Task

LIBRARIES = ("torch",)


def digits(task: DigitsTask) -> TrainEpochs:
    return torch_training.digits(task, batches(task))


def convnet(task: ConvnetTask) -> TrainEpochs:
    return torch_training.convnet(task, batches(task))


def batches(task: Task) -> torch_training.Batches:
    data = TensorDataset(torch.from_numpy(task.X), torch.from_numpy(task.y))
    loader = DataLoader(data, batch_size=task.batch_size, shuffle=True)
    return lambda: loader
