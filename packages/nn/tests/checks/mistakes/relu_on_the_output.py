"""A relu on the output of a regression: what is negative is never reached."""

import random

import numpy as np

from micrograd.nn import Identity, Layer, Linear, Module, ReLU, Sequential, mse_loss
from micrograd.nn.checks import check_training

KIND = "relu on the output of a regression"


class Net(Module):
    def __init__(self, is_wrong):
        source = random.Random(2)
        self.first, self.last = Layer(2, 4, rng=source), Layer(4, 1, nonlin=is_wrong, rng=source)

    def forward(self, x):
        return self.last(self.first(x))


def values(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(Net(is_wrong), mse_loss, (X, X[:, 0] - X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 2))
    model = Sequential(Linear(2, 16, rng=0), ReLU(), Linear(16, 1, rng=1), ReLU() if is_wrong else Identity())
    return check_training(model, mse_loss, (X, X[:, :1] - X[:, 1:]))


if __name__ == "__main__":
    print(tensors())
