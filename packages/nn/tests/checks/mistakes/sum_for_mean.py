"""A sum over the samples where a mean belongs."""

import random

import numpy as np

from micrograd.nn import MLP, Linear, ReLU, Sequential, cross_entropy, l2_penalty
from micrograd.nn.checks import check_training

KIND = "loss that grows with the batch"


def values(is_wrong=True):
    model = MLP(2, [4, 1], rng=random.Random(0))

    def loss(predictions, targets):
        total = sum((p - t) ** 2 for p, t in zip(predictions, targets, strict=True))
        return (total if is_wrong else total / len(targets)) + l2_penalty(model.parameters())

    X = np.random.default_rng(0).normal(size=(12, 2))
    return check_training(model, loss, (X, X[:, 0] - X[:, 1]), run_trials=False)


def tensors(is_wrong=True):
    def loss(logits, targets):
        return cross_entropy(logits, targets, reduction="sum" if is_wrong else "mean")

    X = np.random.default_rng(0).normal(size=(32, 4))
    model = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 3, rng=1))
    return check_training(model, loss, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
