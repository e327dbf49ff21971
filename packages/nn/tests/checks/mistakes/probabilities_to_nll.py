"""Probabilities for a loss that takes their logarithms."""

import numpy as np

from micrograd.nn import Linear, LogSoftmax, ReLU, Sequential, Softmax, nll_loss
from micrograd.nn.checks import check_training

KIND = "probabilities before nll_loss"


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    model = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 3, rng=1), Softmax() if is_wrong else LogSoftmax())
    return check_training(model, nll_loss, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
