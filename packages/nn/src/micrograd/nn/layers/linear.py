"""`Linear`: the affine map that most layers begin with."""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.ops.neural.linear import affine, linear
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.layers.checks import require_features
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_number, yes_or_no


class Linear(Module):
    """x @ weight.T + bias.

    Args:
        in_features: How many numbers a sample has.
        out_features: How many it gets.
        bias: Whether to add one.
        dtype: The dtype of the parameters.
        rng: Where the initial numbers are drawn from, a NumPy generator or a seed: uniformly in ±1/sqrt(in_features),
            as in PyTorch.

    Attributes:
        weight: Shape (out_features, in_features).
        bias: Shape (out_features,), or None.

    Raises:
        MicrogradTypeError: If a size is no whole number, or bias neither True nor False.
        MicrogradValueError: If a size is below 1, or a call's last axis hasn't in_features entries.

    Example:
        >>> import numpy as np
        >>> layer = Linear(3, 2, rng=0)
        >>> layer
        Linear(3, 2)
        >>> layer(np.ones((4, 3))).shape
        (4, 2)
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, dtype: Any = None, rng: init.Rng = None
    ) -> None:
        self.in_features = whole_number(in_features, "in_features", "Linear(64, 10)")
        self.out_features = whole_number(out_features, "out_features", "Linear(64, 10)")
        has_bias = yes_or_no(bias, "bias", "Linear(64, 10, bias=False)")
        source = init.generator(rng)
        bound = 1.0 / math.sqrt(self.in_features)
        weight = init.uniform((self.out_features, self.in_features), -bound, bound, source)
        self.weight = Tensor(weight, requires_grad=True, dtype=dtype)
        self.bias = (
            Tensor(init.uniform((self.out_features,), -bound, bound, source), requires_grad=True, dtype=dtype)
            if has_bias
            else None
        )

    def forward(self, x: Any) -> Any:
        """Shape (..., in_features) to (..., out_features)."""
        x = require_features(x, self.in_features, self)
        return linear(x, self.weight) if self.bias is None else affine(x, self.weight, self.bias)

    def settings(self) -> str:
        """The sizes."""
        return f"{self.in_features}, {self.out_features}{'' if self.bias is not None else ', bias=False'}"
