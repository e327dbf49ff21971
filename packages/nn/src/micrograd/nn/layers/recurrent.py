"""Recurrent cells: one step of a sequence at a time, with a state that is handed on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.activations import relu, sigmoid
from micrograd.engine.ops.neural.linear import linear
from micrograd.engine.ops.trigonometry import tanh
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.layers.checks import require_features
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_number


class _Cell(Module):
    """What the cells share: maps of the input and of the state, `gates` of them one above the other."""

    gates = 1

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, dtype: Any = None, rng: init.Rng = None
    ) -> None:
        example = f"{type(self).__name__}(8, 32)"
        self.input_size = whole_number(input_size, "input_size", example)
        self.hidden_size = whole_number(hidden_size, "hidden_size", example)
        source = init.generator(rng)
        bound = 1.0 / math.sqrt(self.hidden_size)
        rows = self.gates * self.hidden_size

        def drawn(*shape: int) -> Tensor:
            return Tensor(init.uniform(shape, -bound, bound, source), requires_grad=True, dtype=dtype)

        self.weight_ih, self.weight_hh = drawn(rows, self.input_size), drawn(rows, self.hidden_size)
        self.bias_ih = drawn(rows) if bias else None
        self.bias_hh = drawn(rows) if bias else None

    def _state(self, x: Any, state: Any) -> Any:
        """The state, zeros unless given."""
        shape = (*x.shape[:-1], self.hidden_size)
        if state is None:
            return np.zeros(shape, dtype=self.weight_hh.dtype)
        if tuple(getattr(state, "shape", ())) != shape:
            raise MicrogradValueError(
                f"{self.title()} expects a state of shape {shape} for an input of shape {tuple(x.shape)}, but "
                f"was given {tuple(getattr(state, 'shape', ()))}."
            )
        return state

    def _maps(self, x: Any, h: Any) -> tuple[Any, Any]:
        return linear(x, self.weight_ih, self.bias_ih), linear(h, self.weight_hh, self.bias_hh)

    def _parts(self, mapped: Any) -> list[Any]:
        size = self.hidden_size
        return [mapped[..., n * size : (n + 1) * size] for n in range(self.gates)]

    def settings(self) -> str:
        """The sizes."""
        return f"{self.input_size}, {self.hidden_size}"


class RNNCell(_Cell):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Args:
        input_size: How many numbers each step has.
        hidden_size: How many the state has.
        bias: Whether to add biases.
        nonlinearity: "tanh" or "relu".
        dtype: The dtype of the parameters.
        rng: Where they are drawn from: uniformly in ±1/sqrt(hidden_size).

    Raises:
        MicrogradValueError: If a shape doesn't fit, or the nonlinearity is another.

    Example:
        >>> import numpy as np
        >>> cell, h = RNNCell(3, 4, rng=0), None
        >>> for x in np.zeros((6, 2, 3)):
        ...     h = cell(x, h)
        >>> h.shape
        (2, 4)

    Reference: Elman, "Finding structure in time", Cognitive Science 14 (1990).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, dtype, rng)
        if nonlinearity not in ("tanh", "relu"):
            raise MicrogradValueError(f'nonlinearity={nonlinearity!r}: choose "tanh" or "relu"')
        self.nonlinearity = nonlinearity

    def forward(self, x: Any, h: Any = None) -> Any:
        """Shapes (samples, input_size) and (samples, hidden_size) to the next state."""
        x = require_features(x, self.input_size, self)
        from_input, from_state = self._maps(x, self._state(x, h))
        mapped = from_input + from_state
        return tanh(mapped) if self.nonlinearity == "tanh" else relu(mapped)


class LSTMCell(_Cell):
    """Long short-term memory: gates decide what the cell keeps, takes in and shows.

    i, f, g, o = sigmoid, sigmoid, tanh, sigmoid of W_ih x + b_ih + W_hh h + b_hh;  c' = f c + i g;  h' = o tanh(c').
    The arguments are those of `RNNCell`, less the nonlinearity.

    Example:
        >>> import numpy as np
        >>> cell, state = LSTMCell(3, 4, rng=0), None
        >>> for x in np.zeros((6, 2, 3)):
        ...     state = cell(x, state)
        >>> h, c = state
        >>> h.shape, c.shape
        ((2, 4), (2, 4))

    Reference: Hochreiter & Schmidhuber, "Long short-term memory", Neural Computation 9 (1997); Gers et al. (2000).
    """

    gates = 4

    def forward(self, x: Any, state: Any = None) -> tuple[Any, Any]:
        """An input and a pair (h, c), None for zeros, to the next pair."""
        x = require_features(x, self.input_size, self)
        if state is not None and (not isinstance(state, (tuple, list)) or len(state) != 2):
            raise MicrogradTypeError(f"{self.title()} takes a pair (h, c) for a state: h, c = cell(x, (h, c)).")
        h, c = (None, None) if state is None else state
        h, c = self._state(x, h), self._state(x, c)
        from_input, from_state = self._maps(x, h)
        keep_in, forget, new, show = self._parts(from_input + from_state)
        c = sigmoid(forget) * c + sigmoid(keep_in) * tanh(new)
        return sigmoid(show) * tanh(c), c


class GRUCell(_Cell):
    """Gated recurrent unit: one gate for what is looked at, one for how much is new.

    r, z = sigmoid of W_ih x + b_ih + W_hh h + b_hh;  n = tanh(W_in x + b_in + r (W_hn h + b_hn));
    h' = (1 - z) n + z h. The arguments are those of `RNNCell`, less the nonlinearity.

    Example:
        >>> import numpy as np
        >>> GRUCell(3, 4, rng=0)(np.zeros((2, 3))).shape
        (2, 4)

    Reference: Cho et al. (2014), arXiv:1406.1078, in PyTorch's form.
    """

    gates = 3

    def forward(self, x: Any, h: Any = None) -> Any:
        """Shapes (samples, input_size) and (samples, hidden_size) to the next state."""
        x = require_features(x, self.input_size, self)
        h = self._state(x, h)
        from_input, from_state = self._maps(x, h)
        (r, z, n), (hr, hz, hn) = self._parts(from_input), self._parts(from_state)
        new = tanh(n + sigmoid(r + hr) * hn)
        update = sigmoid(z + hz)
        return new + update * (h - new)
