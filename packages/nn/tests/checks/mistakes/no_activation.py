"""Two linear layers in a row, which are one."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "nothing between two linear layers"


def values(is_wrong=True):
    model = MLP(2, [4, 1], activation=None if is_wrong else "relu", rng=random.Random(0))
    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(model, mse_loss, (X, X[:, 0] - X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    between = [] if is_wrong else [ReLU()]
    X = np.random.default_rng(0).normal(size=(32, 4))
    model = Sequential(Linear(4, 16, rng=0), *between, Linear(16, 3, rng=1))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
