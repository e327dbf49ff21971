"""The net of an estimator: how it is built, and how a compiled step runs it.

In a compiled program there is no chance and nothing is written on the side, so that a step is handed the masks of
dropout and the running statistics of batch norm, and hands the new statistics back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from micrograd.engine.observing.recording import no_grad
from micrograd.engine.ops.neural.normalization import batch_norm_training
from micrograd.nn.layers import activation_layers
from micrograd.nn.layers.containers import Sequential
from micrograd.nn.layers.dropout import Dropout
from micrograd.nn.layers.linear import Linear
from micrograd.nn.layers.normalization import BatchNorm1d
from micrograd.nn.layers.reshaping import Identity
from micrograd.nn.module import Module

ACTIVATIONS: dict[str, type[Module]] = {
    "identity": Identity,
    "logistic": activation_layers.Sigmoid,
    "tanh": activation_layers.Tanh,
    "relu": activation_layers.ReLU,
    "leaky_relu": activation_layers.LeakyReLU,
    "elu": activation_layers.ELU,
    "selu": activation_layers.SELU,
    "gelu": activation_layers.GELU,
    "silu": activation_layers.SiLU,
    "softplus": activation_layers.Softplus,
}

_CHUNK = 4096  # samples at a time when nothing is learned: what bounds the memory of a prediction


def build(
    sizes: Sequence[int],
    activation: str,
    dropout: float,
    batch_norm: bool,
    dtype: Any,
    rng: np.random.RandomState,
) -> Sequential:
    """Linear layers of these sizes, and between them batch norm, activation and dropout, as far as they are wanted.

    Args:
        sizes: Of the input, the hidden layers and the output.
        activation: A name among `ACTIVATIONS`.
        dropout: The probability of a zero.
        batch_norm: Whether to normalize what the activations are given.
        dtype: Of all parameters.
        rng: Draws the initial weights, in the order in which scikit-learn draws them.

    Example:
        >>> build([2, 8, 1], "relu", 0.0, False, float, np.random.RandomState(0))
        Sequential(
          (0): Linear(2, 8)
          (1): ReLU()
          (2): Linear(8, 1)
        )
    """
    layers: list[Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [_linear(fan_in, fan_out, activation, dtype, rng)]
        layers += [BatchNorm1d(fan_out, dtype=dtype)] if batch_norm else []
        layers += [ACTIVATIONS[activation]()]
        layers += [Dropout(dropout, rng=int(rng.randint(2**31 - 1)))] if dropout else []
    last = max(place for place, layer in enumerate(layers) if isinstance(layer, Linear))
    return Sequential(*layers[: last + 1]).eval()


def _linear(fan_in: int, fan_out: int, activation: str, dtype: Any, rng: np.random.RandomState) -> Linear:
    """Weights and biases uniform within the bound of Glorot & Bengio (2010), as scikit-learn has it."""
    bound = math.sqrt((2.0 if activation == "logistic" else 6.0) / (fan_in + fan_out))
    layer = Linear(fan_in, fan_out, dtype=dtype, rng=0)
    layer.weight.data = np.ascontiguousarray(rng.uniform(-bound, bound, (fan_in, fan_out)).T)
    bias: Any = layer.bias
    bias.data = rng.uniform(-bound, bound, fan_out)
    return layer


def training_scores(net: Sequential, x: Any, masks: Iterable[Any], running: Iterable[Any]) -> tuple[Any, list[Any]]:
    """What the net gives in training.

    Args:
        net: As `build` makes it.
        x: Shape (samples, features).
        masks: For each dropout what to multiply by.
        running: For each batch norm the running mean and the running variance.

    Returns:
        The scores, and what the running statistics become, one after the other.
    """
    masks, running, updated = iter(masks), iter(running), []
    for layer in net:
        if isinstance(layer, Dropout):
            x = x * next(masks)
        elif isinstance(layer, BatchNorm1d):
            x, *new = batch_norm_training(x, next(running), next(running), layer.weight, layer.bias)
            updated += new
        else:
            x = layer(x)
    return x, updated


def scores(net: Sequential, X: Any) -> np.ndarray[Any, Any]:
    """What the net gives for an array or a sparse matrix, in evaluation mode, shape (samples, outputs)."""
    with no_grad():
        parts = [net(dense(X[start : start + _CHUNK])) for start in range(0, X.shape[0], _CHUNK)]
    return np.concatenate([part._data for part in parts])


def dense(X: Any) -> Any:
    """A part of the data as an array."""
    return X.toarray() if hasattr(X, "toarray") else X
