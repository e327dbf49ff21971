"""Hidden units that begin with the same weights, and stay equal for ever."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, Sequential, Tanh, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "units that are all alike"


def values(is_wrong=True):
    model = MLP(2, [4, 1], activation="tanh", rng=random.Random(0))
    if is_wrong:
        for parameter in model.parameters():
            parameter.data = 0.5
    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(model, mse_loss, (X, X[:, 0] - X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    hidden = Linear(4, 16, rng=0)
    if is_wrong:
        hidden.weight.data[:] = 0.1
    X = np.random.default_rng(0).normal(size=(32, 4))
    model = Sequential(hidden, Tanh(), Linear(16, 3, rng=1))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
