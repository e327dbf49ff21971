"""PyTorch, eager, in float64, as its tutorials write it: a DataLoader that shuffles and collates."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

from contenders.pytorch_eager import trained
from jobs.contract import DigitsTrain, Tick, Trained
from jobs.digits_task import DigitsTask

LIBRARIES = ("torch",)


def digits(task: DigitsTask) -> DigitsTrain:
    data = TensorDataset(torch.from_numpy(task.X), torch.from_numpy(task.y))
    loader = DataLoader(data, batch_size=task.batch_size, shuffle=True)

    def train(epochs: int, tick: Tick) -> Trained:
        return trained(task, epochs, tick, lambda: loader)

    return train
