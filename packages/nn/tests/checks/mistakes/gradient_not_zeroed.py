"""A loop without `zero_grad()`: each step follows the sum of all gradients so far."""

import random

import numpy as np

from micrograd.nn import MLP, SGD, Linear, ReLU, Sequential, mse_loss
from micrograd.nn.checks import check_training

KIND = "gradient not zeroed"


def values(is_wrong=True):
    model = MLP(2, [4, 1], rng=random.Random(0))
    optimizer = SGD(model.parameters(), lr=0.001)
    X = np.random.default_rng(0).normal(size=(12, 2)).tolist()
    y = [x[0] - x[1] for x in X]
    for _ in range(4):
        if not is_wrong:
            optimizer.zero_grad()
        mse_loss([model(x) for x in X], y).backward()
        optimizer.step()
    return check_training(model, mse_loss, (X, y), optimizer=optimizer, run_trials=False)


def tensors(is_wrong=True):
    model = Sequential(Linear(2, 8, rng=0), ReLU(), Linear(8, 1, rng=1))
    optimizer = SGD(model.parameters(), lr=0.01)
    X = np.random.default_rng(0).normal(size=(32, 2))
    y = X[:, :1] - X[:, 1:]

    def step():
        if not is_wrong:
            optimizer.zero_grad()
        mse_loss(model(X), y).backward()
        optimizer.step()

    return check_training(model, mse_loss, (X, y), optimizer=optimizer, step=step)


if __name__ == "__main__":
    print(tensors())
