"""The loops of `c_by_hand.c` in Numba, one call from Python for each step.

One function, since a call with arrays counts references; and sizes that the compiler does not know, since it
would unroll the loops over 16 and then no longer see how to run them side by side.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from jobs.contract import Train
from jobs.problem import Floats, Problem, views

LIBRARIES = ("numba", "llvmlite", "numpy")


@numba.njit(fastmath=True)  # type: ignore[untyped-decorator,unused-ignore]
def step(X: Floats, y: Floats, p: Floats, W: Any, g: Floats, gW: Any, rate: float, l2: float) -> float:
    W0, b0, W1, b1, W2, b2 = W
    gW0, gb0, gW1, gb1, gW2, gb2 = gW
    W1T = W1.T.copy()  # each inner loop runs along a row
    (N, _), H, hinge, squares = X.shape, len(b0), 0.0, 0.0
    h0, h1, d1 = np.empty(H), np.empty(H), np.empty(H)
    for k in range(len(p)):
        squares += p[k] * p[k]
        g[k] = 2.0 * l2 * p[k]
    for n in range(N):
        for j in range(H):
            h0[j] = max(b0[j] + X[n, 0] * W0[0, j] + X[n, 1] * W0[1, j], 0.0)
        score = b2[0]
        for j in range(H):
            total = b1[j]
            for i in range(H):
                total += h0[i] * W1T[j, i]
            h1[j] = max(total, 0.0)
            score += h1[j] * W2[j, 0]
        # Zeros too are sent back, so that a step takes as long at the end of the training as at its beginning.
        margin = 1.0 - y[n] * score
        hinge += max(margin, 0.0)
        d = -y[n] / N if margin > 0.0 else 0.0
        gb2[0] += d
        for j in range(H):
            gW2[j, 0] += d * h1[j]
            d1[j] = d * W2[j, 0] if h1[j] > 0.0 else 0.0
            gb1[j] += d1[j]
        for i in range(H):
            total = 0.0
            for j in range(H):
                gW1[i, j] += h0[i] * d1[j]
                total += W1[i, j] * d1[j]
            d0 = total if h0[i] > 0.0 else 0.0
            gb0[i] += d0
            gW0[0, i] += X[n, 0] * d0
            gW0[1, i] += X[n, 1] * d0
    for k in range(len(p)):
        p[k] -= rate * g[k]
    return float(hinge / N + l2 * squares)


def seed(problem: Problem) -> Train:
    shapes = problem.parameters()
    p = np.concatenate([part.ravel() for part in shapes])
    g = np.empty_like(p)
    arguments = (problem.X, problem.y.astype(float), p, tuple(views(p, shapes)), g, tuple(views(g, shapes)))

    def train(steps: int) -> float:
        for _ in range(steps):
            loss: float = step(*arguments, problem.learning_rate, problem.l2)
        return loss

    return train
