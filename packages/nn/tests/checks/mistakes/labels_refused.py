"""Labels 0 and 1 for our own hinge loss, which refuses them."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, binary_cross_entropy_with_logits, hinge_loss
from micrograd.nn.checks import check_training

KIND = "step that can't be taken"


def values(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(12, 2))
    y = (X[:, 0] > 0).astype(int)
    model = MLP(2, [4, 1], rng=random.Random(0))
    return check_training(model, hinge_loss, (X, y if is_wrong else 2 * y - 1), run_trials=False)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 2))
    y = np.sign(X[:, :1])
    model = Sequential(Linear(2, 16, rng=0), ReLU(), Linear(16, 1, rng=1))
    return check_training(model, binary_cross_entropy_with_logits, (X, y if is_wrong else (y + 1) / 2))


if __name__ == "__main__":
    print(tensors())
