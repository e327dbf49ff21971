"""Steps that move nothing in any time that one would wait."""

import numpy as np

from micrograd.nn import SGD, Linear, ReLU, Sequential, mse_loss
from micrograd.nn.checks import check_training

KIND = "learning rate too low"


def tensors(is_wrong=True):
    model = Sequential(Linear(2, 16, rng=0), ReLU(), Linear(16, 1, rng=1))
    optimizer = SGD(model.parameters(), lr=1e-12 if is_wrong else 0.05)
    X = np.random.default_rng(0).normal(size=(32, 2))
    return check_training(model, mse_loss, (X, X[:, :1] - X[:, 1:]), optimizer=optimizer)


if __name__ == "__main__":
    print(tensors())
