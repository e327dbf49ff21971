"""A softmax before a loss that applies it itself."""

import numpy as np

from micrograd.engine import softmax
from micrograd.nn import Linear, Module, ReLU, Sequential, cross_entropy
from micrograd.nn.checks import check_training

KIND = "softmax before cross-entropy"


class Classifier(Module):
    def __init__(self, is_wrong):
        self.net, self.is_wrong = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 3, rng=1)), is_wrong

    def forward(self, x):
        return softmax(self.net(x)) if self.is_wrong else self.net(x)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    return check_training(Classifier(is_wrong), cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
