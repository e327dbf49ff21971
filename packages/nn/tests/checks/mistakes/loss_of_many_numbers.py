"""A loss that isn't reduced to a single number."""

import numpy as np

from micrograd.nn import Linear, mse_loss
from micrograd.nn.checks import check_training

KIND = "loss of many numbers"


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 2))

    def loss(predictions, targets):
        return mse_loss(predictions, targets) if not is_wrong else (predictions - targets) ** 2

    return check_training(Linear(2, 1, rng=0), loss, (X, X[:, :1] + X[:, 1:]))


if __name__ == "__main__":
    print(tensors())
