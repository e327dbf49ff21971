"""A single neuron for an exclusive or: no line parts its samples."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, mse_loss
from micrograd.nn.checks import check_training

KIND = "can't learn eight samples"


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.1, 0.1], [0.1, 0.9], [0.9, 0.1], [0.9, 0.9]])
LABELS = np.array([-1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0])


def values(is_wrong=True):
    model = MLP(2, [1] if is_wrong else [8, 1], rng=random.Random(0))
    return check_training(model, mse_loss, (CORNERS, LABELS))


def tensors(is_wrong=True):
    layers = [Linear(2, 1, rng=0)] if is_wrong else [Linear(2, 16, rng=0), ReLU(), Linear(16, 1, rng=1)]
    return check_training(Sequential(*layers), mse_loss, (CORNERS, LABELS[:, None]))


if __name__ == "__main__":
    print(tensors())
