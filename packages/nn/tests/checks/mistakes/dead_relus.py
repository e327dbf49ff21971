"""Biases far below zero: no sample lifts a unit above it."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "dead relu units"


def values(is_wrong=True):
    model = MLP(2, [4, 1], rng=random.Random(0))
    for neuron in model.layers[0].neurons:
        neuron.b.data = -10.0 if is_wrong else 0.1
    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(model, mse_loss, (X, X[:, 0] - X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    hidden = Linear(4, 16, rng=0)
    if is_wrong:
        hidden.bias.data -= 10.0
    X = np.random.default_rng(0).normal(size=(32, 4))
    model = Sequential(hidden, ReLU(), Linear(16, 3, rng=1))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
