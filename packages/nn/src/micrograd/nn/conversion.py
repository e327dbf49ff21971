"""A scalar MLP as layers of Tensors, with the same numbers, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.tensor import Tensor
from micrograd.nn.activations import Activation, Elementwise, as_activation
from micrograd.nn.layers import activation_layers
from micrograd.nn.layers.containers import Sequential
from micrograd.nn.layers.linear import Linear

_LAYERS = {
    "celu": activation_layers.CELU,
    "elu": activation_layers.ELU,
    "gelu": activation_layers.GELU,
    "leaky_relu": activation_layers.LeakyReLU,
    "relu": activation_layers.ReLU,
    "sigmoid": activation_layers.Sigmoid,
    "silu": activation_layers.SiLU,
    "softplus": activation_layers.Softplus,
    "tanh": activation_layers.Tanh,
}
"""The layers that are, at their usual settings, the function of this name."""


def to_tensors(model: Any) -> Sequential:
    """A Sequential of Linear with the numbers of a scalar MLP.

    Example:
        >>> import random
        >>> from micrograd.nn import MLP
        >>> model = MLP(2, [3, 1], rng=random.Random(0))
        >>> tensors = to_tensors(model)
        >>> tensors
        Sequential(
          (0): Linear(2, 3)
          (1): ReLU()
          (2): Linear(3, 1)
        )
        >>> tensors([[1.0, 2.0]]).item() == model([1.0, 2.0]).data
        True
    """
    modules: list[Any] = []
    for layer in model.layers:
        linear = Linear(layer.nin, len(layer.neurons), rng=0)
        linear.weight = _leaf([[w.data for w in neuron.w] for neuron in layer.neurons])
        linear.bias = _leaf([neuron.b.data for neuron in layer.neurons])
        modules.append(linear)
        first = layer.neurons[0]
        if first.nonlin:
            modules.append(_layer_of(first.activation))
    return Sequential(*modules)


def _leaf(numbers: list[Any]) -> Tensor:
    return Tensor(np.array(numbers), requires_grad=True)


def _layer_of(activation: Any) -> Any:
    kind = _LAYERS.get(activation.op.name) if isinstance(activation, Elementwise) else None
    return activation if kind is None else kind()


def from_tensors(model: Sequential, kind: type) -> Any:
    """A scalar MLP, of the class `kind`, with the numbers of a Sequential of Linear and activations.

    Raises:
        MicrogradTypeError: If it holds anything else, or its last layer has an activation.

    Example:
        >>> from micrograd.nn import MLP
        >>> from_tensors(Sequential(Linear(2, 3, rng=0), activation_layers.Tanh(), Linear(3, 1, rng=1)), MLP)
        MLP of [Layer of [TanhNeuron(2), TanhNeuron(2), TanhNeuron(2)], Layer of [LinearNeuron(3)]]
    """
    linears = [module for module in model if isinstance(module, Linear)]
    between = [module for module in model if not isinstance(module, Linear)]
    alternating = all(isinstance(module, Linear) == (k % 2 == 0) for k, module in enumerate(model))
    if not linears or not alternating or len(model) != 2 * len(linears) - 1:
        raise MicrogradTypeError(
            "a scalar MLP is made of Linear layers with one activation between each two, but was given "
            f"{' '.join(repr(model).split()):.100}. Write Sequential(Linear(2, 16), ReLU(), Linear(16, 1))."
        )
    out = kind(linears[0].in_features, [linear.out_features for linear in linears])
    activations: list[Activation | None] = [_activation_of(module) for module in between]
    for layer, linear, activation in zip(out.layers, linears, [*activations, None], strict=True):
        weights = linear.weight._data.tolist()
        biases = [0.0] * len(weights) if linear.bias is None else linear.bias._data.tolist()
        for neuron, row, bias in zip(layer.neurons, weights, biases, strict=True):
            neuron.activation, neuron.nonlin, neuron.b.data = activation, activation is not None, bias
            for w, number in zip(neuron.w, row, strict=True):
                w.data = number
    return out


def _activation_of(module: Any) -> Activation | None:
    names = [name for name, kind in _LAYERS.items() if type(module) is kind and repr(module) == repr(kind())]
    return as_activation(names[0]) if names else module
