"""`Neuron`, `Layer` and `MLP` on scalar Values: a neural net in which you can see every single number.

Drop-ins for micrograd's: the same constructors, reprs and, draw for draw, the same initial weights.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from operator import mul
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value
from micrograd.nn.activations import Activation, activation_name, as_activation
from micrograd.nn.inputs import as_inputs
from micrograd.nn.module import Module
from micrograd.nn.scalar_init import UniformSource, uniform
from micrograd.nn.validation import whole_number


class Neuron(Module):
    """activation(w · x + b).

    Args:
        nin: How many inputs it takes.
        nonlin: False leaves the activation out.
        activation: The name of any elementwise function of the engine, a function from Value to Value, or
            None.
        rng: Where the initial weights are drawn from, uniformly in [-1, 1]; the bias begins at 0.

    Raises:
        MicrogradTypeError, MicrogradValueError: If a setting can't be used, or a call has another number of
            inputs.

    Example:
        >>> neuron = Neuron(2, activation="tanh")
        >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 2.0, -3.0, 4.0
        >>> neuron, neuron([1.0, 2.0])
        (TanhNeuron(2), Value(data=0.0, grad=0.0))
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: str | Activation | None = "relu",
        rng: UniformSource = random,
    ) -> None:
        self.w = [Value(weight) for weight in uniform(whole_number(nin, "nin", "Neuron(2)"), _source(rng))]
        self.b = Value(0.0)
        self.activation = as_activation(activation)
        self.nonlin = nonlin and self.activation is not None

    def __call__(self, x: Any) -> Any:
        """The neuron's output for the `nin` inputs x."""
        if x.__class__ is not list or len(x) != len(self.w):
            x = as_inputs(x, len(self.w), "Neuron", "Neuron({})")
        # From the bias on and from left to right: the order decides the last bits, and these are micrograd's.
        act = sum(map(mul, self.w, x), self.b)
        return self.activation(act) if self.nonlin and self.activation is not None else act

    def __repr__(self) -> str:
        return f"{activation_name(self.activation if self.nonlin else None)}Neuron({len(self.w)})"


class Layer(Module):
    """Several neurons that read the same inputs.

    Args:
        nin: How many inputs each takes.
        nout: How many neurons there are.
        nonlin: False leaves the activation out.
        activation: As in `Neuron`.
        rng: As in `Neuron`.

    Example:
        >>> Layer(2, 3, nonlin=False)
        Layer of [LinearNeuron(2), LinearNeuron(2), LinearNeuron(2)]
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        *,
        activation: str | Activation | None = "relu",
        rng: UniformSource = random,
    ) -> None:
        count = whole_number(nout, "nout", "Layer(2, 16)")
        self.neurons = [Neuron(nin, nonlin, activation=activation, rng=rng) for _ in range(count)]

    @property
    def nin(self) -> int:
        """How many inputs the layer takes."""
        return len(self.neurons[0].w)

    def __call__(self, x: Any) -> Any:
        """The list of the neurons' outputs; of a single neuron, its output itself, as in micrograd."""
        x = as_inputs(x, self.nin, "Layer", f"Layer({{}}, {len(self.neurons)})")
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multi-layer perceptron: layers one after the other, the last one linear.

    Args:
        nin: How many inputs a sample has.
        nouts: How many neurons each layer has; the last number is that of the outputs.
        activation: That of every layer but the last; as in `Neuron`.
        rng: Where the initial weights are drawn from. `random.seed(1337)` before, or
            `rng=random.Random(1337)`, make them repeatable.

    Raises:
        MicrogradTypeError, MicrogradValueError: If a setting can't be used, or a call has another number of
            inputs; the message names the layer.

    Example:
        >>> model = MLP(2, [2, 1])
        >>> model
        MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]
        >>> for parameter in model.parameters():
        ...     parameter.data = 0.5
        >>> model([1.0, 2.0]).data
        2.5

    Reference: Rosenblatt's perceptron in layers, trained by back-propagation as in Rumelhart, Hinton and
        Williams,
    "Learning representations by back-propagating errors", Nature 323 (1986).
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: str | Activation | None = "relu",
        rng: UniformSource = random,
    ) -> None:
        sizes = _sizes(nin, nouts)
        last = len(sizes) - 2
        self.layers = [
            Layer(sizes[i], sizes[i + 1], nonlin=i != last, activation=activation, rng=rng) for i in range(last + 1)
        ]

    def __call__(self, x: Any) -> Any:
        """The list of outputs for one sample x of `nin` numbers or Values; a single output by itself."""
        for position, layer in enumerate(self.layers):
            who = f"Layer {position} of {type(self).__name__}"
            x = layer(as_inputs(x, layer.nin, who, self._rebuilt(position)))
        return x

    def to_tensors(self) -> Any:
        """A Sequential of Linear with the same numbers, for whole batches; needs NumPy.

        Example:
            >>> MLP(2, [3, 1]).to_tensors()([[1.0, 2.0], [3.0, 4.0]]).shape
            (2, 1)
        """
        from micrograd.nn.conversion import to_tensors

        return to_tensors(self)

    @classmethod
    def from_tensors(cls, model: Any) -> MLP:
        """The scalar MLP with the numbers of a Sequential of Linear layers and activations; `to_tensors` turned round.

        Raises:
            MicrogradTypeError: If the model holds anything else.

        Example:
            >>> MLP.from_tensors(MLP(2, [3, 1]).to_tensors())
            MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(3)]]
        """
        from micrograd.nn.conversion import from_tensors

        scalar: MLP = from_tensors(model, cls)
        return scalar

    def _rebuilt(self, position: int) -> str:
        widths = [len(layer.neurons) for layer in self.layers]
        return f"{type(self).__name__}({{}}, {widths})" if position == 0 else f"Layer({{}}, {widths[position]})"

    def __repr__(self) -> str:
        return f"{type(self).__name__} of [{', '.join(map(str, self.layers))}]"


def _sizes(nin: int, nouts: Sequence[int]) -> list[int]:
    """How wide the net is at each step, from the inputs to the outputs."""
    if isinstance(nouts, (str, bytes)) or not hasattr(nouts, "__iter__"):
        raise MicrogradTypeError(
            f"nouts is a list, one width per layer, but was given the {type(nouts).__name__} {nouts!r:.60}. "
            f"Write MLP({nin!r:.20}, [{nouts!r:.20}]), or MLP(2, [16, 16, 1])."
        )
    widths = [whole_number(width, "a layer's width", "MLP(2, [16, 16, 1])") for width in nouts]
    if not widths:
        raise MicrogradValueError("nouts is empty, but a net needs at least one layer. Write MLP(2, [1]).")
    return [whole_number(nin, "nin", "MLP(2, [16, 16, 1])"), *widths]


def _source(rng: UniformSource) -> UniformSource:
    if callable(getattr(rng, "uniform", None)):
        return rng
    raise MicrogradTypeError(
        f"rng is a source of random numbers, but was given the {type(rng).__name__} {rng!r:.60}. "
        "Write rng=random.Random(1337)."
    )
