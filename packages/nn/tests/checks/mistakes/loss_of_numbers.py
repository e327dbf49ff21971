"""A loss that is computed from `.data`."""

import random

import numpy as np

from micrograd.engine import Tensor, Value
from micrograd.nn import MLP, Linear, mse_loss
from micrograd.nn.checks import check_training

KIND = "loss without a graph"


def values(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(12, 2))

    def loss(predictions, targets):
        if is_wrong:
            return Value(sum((p.data - t) ** 2 for p, t in zip(predictions, targets, strict=True)) / len(targets))
        return mse_loss(predictions, targets)

    return check_training(MLP(2, [4, 1], rng=random.Random(0)), loss, (X, X[:, 0] + X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 2))

    def loss(predictions, targets):
        error = Tensor(predictions.data) - targets if is_wrong else predictions - targets
        return (error * error).mean()

    return check_training(Linear(2, 1, rng=0), loss, (X, X[:, :1] + X[:, 1:]))


if __name__ == "__main__":
    print(tensors())
