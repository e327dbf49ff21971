"""The task of the job `convnet`: the net of `examples/digits_convnet.py`, by Adam along a half cosine, in float32."""

from __future__ import annotations

from itertools import product

import numpy as np

from jobs.task import Array, Task, images, uniform


class ConvnetTask(Task):
    """Images of one channel, pixels from 0 to 1, (N, 1, 8, 8).

    Two convolutions 3 x 3 of 16 and 32 channels, each with relu, a pool of 2 x 2, and two linear layers 512-64-10 with
    relu between them and dropout before each. The parameters are kernels, biases, kernels, biases, W1, b1, W2, b2.
    """

    learning_rate = 3e-3
    dropout = (0.5, 0.3)

    def logits(self, X: Array) -> Array:
        K1, c1, K2, c2, W1, b1, W2, b2 = (p.astype(float) for p in self.initial)
        maps = _convolved(_convolved(X, K1, c1), K2, c2)
        pooled = maps.reshape(len(X), 32, 4, 2, 4, 2).max(axis=(3, 5)).reshape(len(X), 512)
        return np.asarray(np.maximum(pooled @ W1.T + b1, 0) @ W2.T + b2)


def _convolved(X: Array, kernels: Array, bias: Array) -> Array:
    """relu of the convolution with kernels 3 x 3 that keeps the size."""
    padded = np.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1)))
    parts = (
        np.einsum("nchw,oc->nohw", padded[:, :, i : i + 8, j : j + 8], kernels[:, :, i, j])
        for i, j in product(range(3), repeat=2)
    )
    return np.asarray(np.maximum(sum(parts) + bias[:, None, None], 0))


def make() -> ConvnetTask:
    """The digits as pictures."""
    rng = np.random.default_rng(0)
    X, y, X_test, y_test = images(rng)
    X, X_test = ((part / 16).reshape(-1, 1, 8, 8).astype(np.float32) for part in (X, X_test))
    initial = [
        *uniform(rng, 9, (16, 1, 3, 3), (16,)),
        *uniform(rng, 144, (32, 16, 3, 3), (32,)),
        *uniform(rng, 512, (64, 512), (64,)),
        *uniform(rng, 64, (10, 64), (10,)),
    ]
    return ConvnetTask(X, y, X_test, y_test, [p.astype(np.float32) for p in initial])
