"""Fewer targets than rows."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "rows without targets"


def values(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(12, 2))
    y = X[:, 0] - X[:, 1]
    model = MLP(2, [4, 1], rng=random.Random(0))
    return check_training(model, mse_loss, (X, y[:10] if is_wrong else y), run_trials=False)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    y = X[:, :3].argmax(axis=1)
    return check_training(Linear(4, 3, rng=0), cross_entropy, (X, y[:30] if is_wrong else y))


if __name__ == "__main__":
    print(tensors())
