"""Labels 0 and 1 for a hinge loss, which takes -1 and +1: the 0 wipes its sample out."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential
from micrograd.nn.checks import check_training

KIND = "labels 0 that teach nothing"


def hinge_of_values(scores, labels):
    return sum((1 - label * score).relu() for score, label in zip(scores, labels, strict=True)) / len(labels)


def values(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(12, 2))
    y = (X[:, 0] > 0).astype(int)
    batch = X.tolist(), (y if is_wrong else 2 * y - 1).tolist()
    return check_training(MLP(2, [4, 1], rng=random.Random(0)), hinge_of_values, batch, run_trials=False)


def hinge(scores, labels):
    return (1.0 - labels[:, None] * scores).relu().mean()


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 2))
    y = (X[:, 0] > 0).astype(float)
    model = Sequential(Linear(2, 16, rng=0), ReLU(), Linear(16, 1, rng=1))
    return check_training(model, hinge, (X, y if is_wrong else 2 * y - 1))


if __name__ == "__main__":
    print(tensors())
