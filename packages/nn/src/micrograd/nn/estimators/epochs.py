"""`Trainer`: pass after pass through the data, each step one call of a compiled program of NumPy code.

Compiling takes some hundredths of a second; to machine code it would take tenths, by when many fits are over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micrograd.nn.estimators.networks import dense, training_scores
from micrograd.nn.layers.containers import Sequential
from micrograd.nn.layers.dropout import Dropout
from micrograd.nn.layers.linear import Linear
from micrograd.nn.layers.normalization import BatchNorm1d
from micrograd.nn.training.compiled_steps import jit_train_step

Losses = Callable[[Any, Any], Any]
"""From scores and targets to the loss of each sample, shape (samples,)."""


@dataclass(frozen=True)
class Samples:
    """What is learned from.

    Args:
        X: Shape (samples, features), sparse or not.
        targets: Shape (samples, ...).
        weights: How much each sample counts, shape (samples,); None for 1 each.
    """

    X: Any
    targets: NDArray[Any]
    weights: NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.targets)


class Trainer:
    """A net, its optimiser, and the compiled step of both.

    Args:
        net: As `networks.build` makes it.
        losses: The loss of each sample.
        optimizer: What moves the net's parameters.
        alpha: The strength of the L2 penalty, alpha / 2 times the sum of squares of the weights, divided by the samples
            of a batch.
        rng: Draws the masks of dropout.

    Attributes:
        alpha: The strength of the L2 penalty; it may be written between epochs.
        dtype: Of parameters and data.
    """

    def __init__(
        self, net: Sequential, losses: Losses, optimizer: Any, alpha: float, rng: np.random.RandomState
    ) -> None:
        self.net, self.optimizer, self.rng = net, optimizer, rng
        self._losses, self.alpha = losses, alpha
        self._weights = [layer.weight for layer in net if isinstance(layer, Linear)]
        self._norms = [layer for layer in net if isinstance(layer, BatchNorm1d)]
        self.dtype = self._weights[0].dtype
        self._drops = [(layer.p, weight.shape[0]) for layer, weight in zip(_dropouts(net), self._weights, strict=False)]
        self._step: Any = None
        self._is_penalized = bool(alpha)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_step": None}

    def epoch(self, samples: Samples, size: int, order: NDArray[Any]) -> float:
        """Go through the samples once in this order, `size` at a time; the mean loss on the way.

        Raises:
            FloatingPointError: If a loss is nan or infinite.
        """
        total = 0.0
        for start, end in _bounds(len(samples), size, needs_two=bool(self._norms)):
            loss = self._take(*self._arguments(samples, order[start:end]))
            total += loss * (end - start)
        if not np.isfinite(total):
            raise FloatingPointError(total)
        return total / len(samples)

    def _arguments(self, samples: Samples, rows: NDArray[Any]) -> tuple[Any, ...]:
        count = len(rows)
        if samples.weights is None:
            mean, weights = 1.0, np.full(count, 1.0 / count, self.dtype)
        else:
            # By the mean of all rather than of the batch, so that a sample counts the same whatever batch it is in.
            mean = float(samples.weights.mean())
            weights = (samples.weights[rows] / (mean * count)).astype(self.dtype)
        X = np.ascontiguousarray(dense(samples.X[rows]), dtype=self.dtype)
        decay = np.array(0.5 * self.alpha / (mean * count), self.dtype)
        return X, samples.targets[rows], weights, decay, *self._masks(count)

    def _masks(self, count: int) -> Iterator[NDArray[Any]]:
        for p, width in self._drops:
            yield (self.rng.random_sample((count, width)) >= p).astype(self.dtype) / self.dtype.type(1.0 - p)

    def _take(self, *args: Any) -> float:
        if self._step is None or self._is_penalized != bool(self.alpha):
            self._is_penalized = bool(self.alpha)
            self._step = jit_train_step(self._loss, self.optimizer, backend="numpy")
        if not self._norms:
            loss: float = self._step(*args)
            return loss
        running = [part for norm in self._norms for part in (norm.running_mean, norm.running_var)]
        loss, updated = self._step.with_results(*args, *running)
        for norm, mean, variance in zip(self._norms, updated[::2], updated[1::2], strict=True):
            norm.running_mean, norm.running_var = mean, variance
            norm.num_batches_tracked = norm.num_batches_tracked + 1
        return loss

    def _loss(self, X: Any, targets: Any, weights: Any, decay: Any, *rest: Any) -> Any:
        masks, running = rest[: len(self._drops)], rest[len(self._drops) :]
        scores, updated = training_scores(self.net, X, masks, running)
        loss = (self._losses(scores, targets) * weights).sum()
        if self._is_penalized:
            loss = loss + decay * reduce(add, ((weight * weight).sum() for weight in self._weights))
        return (loss, updated) if updated else loss


def _dropouts(net: Sequential) -> list[Dropout]:
    return [layer for layer in net if isinstance(layer, Dropout)]


def _bounds(count: int, size: int, needs_two: bool) -> list[tuple[int, int]]:
    """Where batches begin and end; a last batch of a single sample joins the one before it if `needs_two`."""
    starts = list(range(0, count, size))
    if needs_two and len(starts) > 1 and count - starts[-1] == 1:
        starts.pop()
    return list(zip(starts, [*starts[1:], count], strict=True))
