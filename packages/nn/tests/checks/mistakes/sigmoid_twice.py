"""A sigmoid before a loss that applies it itself."""

import numpy as np

from micrograd.nn import Identity, Linear, ReLU, Sequential, Sigmoid, binary_cross_entropy_with_logits
from micrograd.nn.checks import check_training

KIND = "sigmoid before a loss of logits"


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    last = Sigmoid() if is_wrong else Identity()
    model = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 1, rng=1), last)
    return check_training(model, binary_cross_entropy_with_logits, (X, (X[:, :1] > 0).astype(float)))


if __name__ == "__main__":
    print(tensors())
