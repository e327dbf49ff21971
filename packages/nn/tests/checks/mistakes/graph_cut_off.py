"""A `.data` in the middle, which cuts the first layer off from the loss."""

import numpy as np

from micrograd.engine import Tensor, relu
from micrograd.nn import Linear, Module, cross_entropy
from micrograd.nn.checks import check_training

KIND = "parameter without gradient"


class Net(Module):
    def __init__(self, is_wrong):
        self.first, self.last, self.is_wrong = Linear(4, 8, rng=0), Linear(8, 3, rng=2), is_wrong

    def forward(self, x):
        hidden = relu(self.first(x))
        return self.last(Tensor(hidden.data) if self.is_wrong else hidden)


def tensors(is_wrong=True):
    X = np.random.default_rng(0).normal(size=(32, 4))
    return check_training(Net(is_wrong), cross_entropy, (X, X[:, :3].argmax(axis=1)))


if __name__ == "__main__":
    print(tensors())
