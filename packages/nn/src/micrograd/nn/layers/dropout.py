"""`Dropout`: in training, numbers are zeroed at random, so that no unit relies on another."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.neural.regularization import dropout
from micrograd.nn.init import Rng, generator
from micrograd.nn.layers.checks import as_input
from micrograd.nn.module import Module
from micrograd.nn.validation import share


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
        self.p = share(p, "p", f"{type(self).__name__}(0.5)")
        self.rng = generator(rng)

    def forward(self, x: Any) -> Any:
        """The same shape."""
        return self._dropped(as_input(x, self))

    def _dropped(self, x: Any) -> Any:
        """Some of the numbers, made larger by what the others were; with p = 1 none of them."""
        if self.training and self.p == 1.0:
            return x * 0.0
        return dropout(x, self.p, rng=self.rng, training=self.training)

    def settings(self) -> str:
        """The probability."""
        return f"p={self.p}"


class _ChannelDropout(Dropout):
    """What drops whole channels: all numbers of one, or none."""

    spatial: tuple[str, ...] = ()

    def forward(self, x: Any) -> Any:
        """The same shape."""
        x = as_input(x, self)
        if len(x.shape) != 2 + len(self.spatial):
            raise MicrogradValueError(
                f"{self.title()} drops channels of shape (samples, channels, {', '.join(self.spatial)}), but was given "
                f"shape {tuple(x.shape)}. Write Dropout({self.p}) to drop numbers one by one."
            )
        if not self.training or self.p == 0.0:
            return x
        return x * self._dropped(np.ones((*x.shape[:2], *(1,) * len(self.spatial)), x.dtype))


class Dropout1d(_ChannelDropout):
    """In training, each channel of a sequence is 0 as a whole with probability p; the arguments are those of `Dropout`.

    Example:
        >>> import numpy as np
        >>> Dropout1d(0.5, rng=0)(np.ones((1, 4, 2)))[0, :, 0]
        array([2., 2., 2., 0.])

    Reference: Tompson et al., "Efficient object localization using convolutional networks" (2015), arXiv:1411.4280.
    """

    spatial = ("length",)


class Dropout2d(_ChannelDropout):
    """In training, each channel of an image is 0 as a whole with probability p; the arguments are those of `Dropout`.

    Example:
        >>> import numpy as np
        >>> Dropout2d(0.5, rng=0)(np.ones((1, 4, 2, 2)))[0, :, 0, 0]
        array([2., 2., 2., 0.])
    """

    spatial = ("height", "width")
