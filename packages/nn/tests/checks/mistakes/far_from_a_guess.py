"""A last layer so large that the model begins by being sure of what is wrong."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "loss far from a guess"


def values(is_wrong=True):
    model = MLP(2, [4, 1], rng=random.Random(0))
    for parameter in model.layers[1].parameters():
        parameter.data *= 30.0 if is_wrong else 1.0
    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(model, mse_loss, (X, X[:, 0] - X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    last = Linear(16, 10, rng=1)
    last.weight.data *= 100.0 if is_wrong else 1.0
    X = np.random.default_rng(0).normal(size=(32, 12))
    model = Sequential(Linear(12, 16, rng=0), ReLU(), last)
    return check_training(model, cross_entropy, (X, X[:, :10].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
