"""Outputs that are clipped beyond where they lie: the slope is 0 everywhere."""

import random

import numpy as np

from micrograd.engine import clip
from micrograd.nn import MLP, Linear, mse_loss
from micrograd.nn.checks import check_training

KIND = "gradient of 0"


def values(is_wrong=True):
    net = MLP(2, [4, 1], rng=random.Random(0))
    low = 50.0 if is_wrong else -50.0
    X = np.random.default_rng(0).normal(size=(12, 2))
    batch = X, X[:, 0] - X[:, 1]
    return check_training(lambda x: clip(net(x), low, 100.0), mse_loss, batch, parameters=net, run_trials=False)


def tensors(is_wrong=True):
    net, low = Linear(2, 1, rng=0), 50.0 if is_wrong else -50.0
    X = np.random.default_rng(0).normal(size=(32, 2))
    return check_training(lambda x: clip(net(x), low, 100.0), mse_loss, (X, X[:, :1] - X[:, 1:]), parameters=net)


if __name__ == "__main__":
    print(tensors())
