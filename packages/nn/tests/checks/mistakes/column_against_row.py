"""Predictions of shape (N, 1) beside targets of shape (N,), which broadcast to N x N."""

import numpy as np

from micrograd.nn import Linear, ReLU, Sequential
from micrograd.nn.checks import check_training

KIND = "(N, 1) against (N,)"


def loss(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    y = X[:, 0] * X[:, 1]
    model = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 1, rng=1))
    return check_training(model, loss, (X, y if is_wrong else y[:, None]))


if __name__ == "__main__":
    print(tensors())
