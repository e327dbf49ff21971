"""A column that is there twice."""

import numpy as np

from micrograd.nn import Linear, ReLU, Sequential, cross_entropy
from micrograd.nn.checks import check_training

KIND = "duplicate feature"


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 3))
    if is_wrong:
        X[:, 2] = X[:, 0]
    model = Sequential(Linear(3, 16, rng=0), ReLU(), Linear(16, 2, rng=1))
    return check_training(model, cross_entropy, (X, (X[:, 0] > 0).astype(int)))


if __name__ == "__main__":
    print(tensors())
