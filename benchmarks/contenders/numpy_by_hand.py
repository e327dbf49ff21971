"""What an expert writes in NumPy: both passes by hand, every array made once, all parameters in one vector."""

from __future__ import annotations

import numpy as np

from jobs.contract import Predict, Train
from jobs.problem import Floats, Problem, views

LIBRARIES = ("numpy",)


class Net:
    """The parameters, their gradients, and a place for each intermediate result."""

    def __init__(self, problem: Problem) -> None:
        N, H = len(problem.X), problem.hidden
        self.X, self.l2, self.learning_rate = problem.X, problem.l2, problem.learning_rate
        self.minus_y = -problem.y[:, None].astype(float)
        self.minus_y_over_n = self.minus_y / N
        shapes = problem.parameters()
        self.flat = np.concatenate([p.ravel() for p in shapes])
        self.flat_gradient, self.decay = np.empty_like(self.flat), np.empty_like(self.flat)
        self.parameters = views(self.flat, shapes)
        self.gradients = views(self.flat_gradient, shapes)
        self.hidden0, self.hidden1, self.d_hidden0, self.d_hidden1 = (np.empty((N, H)) for _ in range(4))
        self.score, self.d_score = np.empty((N, 1)), np.empty((N, 1))
        self.on0, self.on1, self.on = (np.empty((N, width), bool) for width in (H, H, 1))

    def scores(self) -> Floats:
        W0, b0, W1, b1, W2, b2 = self.parameters
        hidden0, hidden1, score = self.hidden0, self.hidden1, self.score
        np.matmul(self.X, W0, out=hidden0)
        np.add(hidden0, b0, out=hidden0)
        np.maximum(hidden0, 0.0, out=hidden0)
        np.matmul(hidden0, W1, out=hidden1)
        np.add(hidden1, b1, out=hidden1)
        np.maximum(hidden1, 0.0, out=hidden1)
        np.matmul(hidden1, W2, out=score)
        return np.add(score, b2, out=score)

    def forward(self) -> float:
        score = self.scores()
        np.multiply(score, self.minus_y, out=score)
        np.add(score, 1.0, out=score)
        np.maximum(score, 0.0, out=score)
        return float(np.add.reduce(score, axis=None)) / len(score) + self.l2 * float(self.flat.dot(self.flat))

    def backward(self) -> None:
        _, _, W1, _, W2, _ = self.parameters
        gW0, gb0, gW1, gb1, gW2, gb2 = self.gradients
        hidden0, hidden1, d_hidden0, d_hidden1 = self.hidden0, self.hidden1, self.d_hidden0, self.d_hidden1
        d_score = self.d_score
        np.multiply(np.greater(self.score, 0.0, out=self.on), self.minus_y_over_n, out=d_score)
        np.matmul(hidden1.T, d_score, out=gW2)
        np.add.reduce(d_score, axis=0, out=gb2)
        np.multiply(d_score, W2.T, out=d_hidden1)
        np.multiply(d_hidden1, np.greater(hidden1, 0.0, out=self.on1), out=d_hidden1)
        np.matmul(hidden0.T, d_hidden1, out=gW1)
        np.add.reduce(d_hidden1, axis=0, out=gb1)
        np.matmul(d_hidden1, W1.T, out=d_hidden0)
        np.multiply(d_hidden0, np.greater(hidden0, 0.0, out=self.on0), out=d_hidden0)
        np.matmul(self.X.T, d_hidden0, out=gW0)
        np.add.reduce(d_hidden0, axis=0, out=gb0)

    def update(self) -> None:
        p, g = self.flat, self.flat_gradient
        np.multiply(p, 2 * self.l2, out=self.decay)
        np.add(g, self.decay, out=g)
        np.multiply(g, self.learning_rate, out=g)
        np.subtract(p, g, out=p)


def seed(problem: Problem) -> Train:
    net = Net(problem)

    def train(steps: int) -> float:
        for _ in range(steps):
            loss = net.forward()
            net.backward()
            net.update()
        return loss

    return train


def rows(problem: Problem) -> Predict:
    net = Net(problem)

    def predict(steps: int) -> Floats:
        for _ in range(steps):
            scores = net.scores()
        return scores[:, 0]

    return predict
