"""A layer that `forward` leaves out."""

import random

import numpy as np

from micrograd.engine import relu
from micrograd.nn import Layer, Linear, Module, cross_entropy, hinge_loss
from micrograd.nn.checks import check_training

KIND = "parameter without gradient"


class Net(Module):
    def __init__(self, is_wrong):
        self.first, self.second, self.last = Linear(4, 8, rng=0), Linear(8, 8, rng=1), Linear(8, 3, rng=2)
        self.is_wrong = is_wrong

    def forward(self, x):
        hidden = relu(self.first(x))
        return self.last(hidden if self.is_wrong else relu(self.second(hidden)))


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    return check_training(Net(is_wrong), cross_entropy, (X, X[:, :3].argmax(axis=1)))


class ScalarNet(Module):
    def __init__(self, is_wrong):
        source = random.Random(0)
        self.first, self.last = Layer(2, 4, rng=source), Layer(4, 1, nonlin=False, rng=source)
        self.spare = Layer(4, 4, rng=source) if is_wrong else None

    def forward(self, x):
        return self.last(self.first(x))


def values(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(ScalarNet(is_wrong), hinge_loss, (X, np.sign(X[:, 0])), run_trials=False)


if __name__ == "__main__":
    print(tensors())
