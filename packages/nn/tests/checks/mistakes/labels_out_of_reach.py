"""Labels -1 and +1 for an output that goes from 0 to 1."""

import random

import numpy as np

from micrograd.engine import sigmoid
from micrograd.nn import MLP, Linear, ReLU, Sequential, Sigmoid, mse_loss
from micrograd.nn.checks import check_training

KIND = "targets out of reach"


def values(is_wrong=True):
    net = MLP(2, [4, 1], rng=random.Random(0))
    X = np.random.default_rng(0).normal(size=(12, 2))
    y = np.sign(X[:, 0])
    batch = X, y if is_wrong else (y + 1) / 2
    return check_training(lambda x: sigmoid(net(x)), mse_loss, batch, parameters=net, run_trials=False)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 2))
    y = np.sign(X[:, :1])
    model = Sequential(Linear(2, 16, rng=0), ReLU(), Linear(16, 1, rng=1), Sigmoid())
    return check_training(model, mse_loss, (X, y if is_wrong else (y + 1) / 2))


if __name__ == "__main__":
    print(tensors())
