"""Batch normalisation over a single sample."""

import numpy as np

from micrograd.nn import BatchNorm1d, Linear, ReLU, Sequential, cross_entropy
from micrograd.nn.checks import check_training

KIND = "batch of one under batch normalisation"


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(1 if is_wrong else 32, 4))
    model = Sequential(Linear(4, 16, rng=0), BatchNorm1d(16), ReLU(), Linear(16, 3, rng=1))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
