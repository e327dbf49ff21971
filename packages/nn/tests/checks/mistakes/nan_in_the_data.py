"""A hole in the table."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, cross_entropy, mse_loss
from micrograd.nn.checks import check_training

KIND = "nan or inf in the data"


def table(rows, is_wrong):
    X = np.random.default_rng(0).normal(size=(rows, 3))
    X[5, 2] = np.nan
    return X if is_wrong else X[np.isfinite(X).all(axis=1)]


def values(is_wrong=True):
    X = table(12, is_wrong)
    return check_training(MLP(3, [4, 1], rng=random.Random(0)), mse_loss, (X, X[:, 0]), run_trials=False)


def tensors(is_wrong=True):
    X = table(32, is_wrong)
    model = Sequential(Linear(3, 16, rng=0), ReLU(), Linear(16, 2, rng=1))
    return check_training(model, cross_entropy, (X, (X[:, 0] > 0).astype(int)))


if __name__ == "__main__":
    print(tensors())
