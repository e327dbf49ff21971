"""An optimiser that was made before the last layer was added."""

import random

import numpy as np

from micrograd.nn import MLP, SGD, Linear, ReLU, Sequential, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "parameter not in the optimiser"


def values(is_wrong=True):
    model = MLP(2, [4, 1], rng=random.Random(0))
    known = model.layers[0].parameters() if is_wrong else model.parameters()
    X = np.random.default_rng(0).normal(size=(12, 2))
    batch = X, X[:, 0] - X[:, 1]
    return check_training(model, mse_loss, batch, optimizer=SGD(known, lr=0.01), run_trials=False)


def tensors(is_wrong=True):
    body, head = Sequential(Linear(4, 8, rng=0), ReLU()), Linear(8, 3, rng=1)
    model = Sequential(body, head)
    optimizer = SGD((body if is_wrong else model).parameters(), lr=0.1)
    X = np.random.default_rng(0).normal(size=(32, 4))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)), optimizer=optimizer)


if __name__ == "__main__":
    print(tensors())
