"""Training that goes on after `model.eval()`."""

import numpy as np

from micrograd.nn import Dropout, Linear, ReLU, Sequential, cross_entropy
from micrograd.nn.checks import check_training

KIND = "evaluation mode"


def tensors(is_wrong=True):
    model = Sequential(Linear(4, 32, rng=0), ReLU(), Dropout(0.2, rng=1), Linear(32, 3, rng=2)).eval()
    if not is_wrong:
        model.train()
    X = np.random.default_rng(0).normal(size=(32, 4))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
