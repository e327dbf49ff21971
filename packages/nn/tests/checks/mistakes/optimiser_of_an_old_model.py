"""A model that is made anew after its optimiser."""

import numpy as np

from micrograd.nn import Adam, Linear, cross_entropy
from micrograd.nn.checks import check_training

KIND = "optimiser of another model"


def tensors(is_wrong=True):
    model = Linear(4, 3, rng=0)
    optimizer = Adam(model.parameters(), lr=0.01)
    if is_wrong:
        model = Linear(4, 3, rng=0)
    X = np.random.default_rng(0).normal(size=(32, 4))
    return check_training(model, cross_entropy, (X, X[:, :3].argmax(axis=1)), optimizer=optimizer)


if __name__ == "__main__":
    print(tensors())
