"""The task of the jobs `digits`, in float64, and `digits_single`, in float32: a 64-128-10 net, SGD with momentum."""

from __future__ import annotations

import numpy as np

from jobs.task import Array, Task, images, uniform

HIDDEN = 128


class DigitsTask(Task):
    """Images as standardised vectors, (N, 64); the parameters are W1 (128, 64), b1, W2 (10, 128), b2."""

    learning_rate = 0.05
    momentum = 0.9

    def logits(self, X: Array) -> Array:
        W1, b1, W2, b2 = (p.astype(float) for p in self.initial)
        return np.asarray(np.maximum(X @ W1.T + b1, 0) @ W2.T + b2)


def make(dtype: str) -> DigitsTask:
    """The digits, standardised by mean and spread of those that are trained on."""
    rng = np.random.default_rng(0)
    X, y, X_test, y_test = images(rng)
    mean, spread = X.mean(axis=0), X.std(axis=0)
    X, X_test = (((part - mean) / np.where(spread > 0, spread, 1.0)).astype(dtype) for part in (X, X_test))
    initial = [*uniform(rng, 64, (HIDDEN, 64), (HIDDEN,)), *uniform(rng, HIDDEN, (10, HIDDEN), (10,))]
    return DigitsTask(X, y, X_test, y_test, [p.astype(dtype) for p in initial])
