"""`Dropout`: in training, numbers are zeroed at random, so that no unit relies on another."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.neural.regularization import dropout
from micrograd.nn.init import Rng, generator
from micrograd.nn.layers.checks import as_input
from micrograd.nn.module import Module
from micrograd.nn.validation import real_number


class Dropout(Module):
    """In training, each number is 0 with probability p, and the others are divided by 1 - p; else nothing happens.

    Args:
        p: The probability, from 0 to 1.
        rng: A NumPy generator or a seed; part of what a checkpoint of the training keeps.

    Raises:
        MicrogradValueError: If p isn't a probability.

    Example:
        >>> import numpy as np
        >>> layer = Dropout(0.5, rng=0)
        >>> layer(np.ones(4)), layer.eval()(np.ones(4))
        (array([2., 2., 2., 0.]), array([1., 1., 1., 1.]))

    Reference: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014).
    """

    def __init__(self, p: float = 0.5, rng: Rng = None) -> None:
        self.p = real_number(p, "p", "Dropout(0.5)")
        if not 0.0 <= self.p <= 1.0:
            raise MicrogradValueError(f"p is a probability, from 0 to 1, but is {p}. Write Dropout(0.5).")
        self.rng = generator(rng)

    def forward(self, x: Any) -> Any:
        """The same shape."""
        return dropout(as_input(x, self), self.p, rng=self.rng, training=self.training)

    def settings(self) -> str:
        """The probability."""
        return f"p={self.p}"
