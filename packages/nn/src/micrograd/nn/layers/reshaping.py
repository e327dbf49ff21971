"""Layers that only change a shape, or nothing: `Flatten`, `Unflatten` and `Identity`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.nn.layers.checks import as_input, require_axis
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_number, whole_numbers


class Identity(Module):
    """Returns what it is given; takes any settings, so that it can stand in for another layer.

    Example:
        >>> Identity()(3.0)
        3.0
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def forward(self, x: Any) -> Any:
        """The input itself."""
        return x


class Flatten(Module):
    """Makes the axes from `start_dim` to `end_dim` one.

    Args:
        start_dim: The first of them; 1 keeps the samples apart.
        end_dim: The last.

    Raises:
        MicrogradValueError: If the input has no such axes.

    Example:
        >>> import numpy as np
        >>> Flatten()(np.zeros((5, 3, 8, 8))).shape
        (5, 192)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = whole_number(start_dim, "start_dim", "Flatten()", least=-64)
        self.end_dim = whole_number(end_dim, "end_dim", "Flatten()", least=-64)

    def forward(self, x: Any) -> Any:
        """The same numbers, in a flatter shape."""
        x = as_input(x, self)
        ndim = len(x.shape)
        first, last = (axis + ndim if axis < 0 else axis for axis in (self.start_dim, self.end_dim))
        if not 0 <= first <= last < ndim:
            raise MicrogradValueError(
                f"{self.title()} was given shape {tuple(x.shape)}: it has no axes {self.start_dim} to {self.end_dim}."
            )
        return reshape(x, shape=(*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :]))

    def settings(self) -> str:
        """The axes, unless they are the usual ones."""
        return "" if (self.start_dim, self.end_dim) == (1, -1) else f"{self.start_dim}, {self.end_dim}"


class Unflatten(Module):
    """Makes one axis several: what `Flatten` made one, of an autoencoder's images say.

    Args:
        dim: The axis.
        unflattened_size: The lengths that it becomes, of which one may be -1 for whatever is left.

    Raises:
        MicrogradValueError: If the input has no such axis, or another number of entries along it.

    Example:
        >>> import numpy as np
        >>> Unflatten(1, (1, 8, 8))(np.zeros((5, 64))).shape
        (5, 1, 8, 8)
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        example = "Unflatten(1, (1, 8, 8))"
        self.dim = whole_number(dim, "dim", example, least=-64)
        self.unflattened_size = tuple(whole_numbers(unflattened_size, "unflattened_size", example, least=-1))
        if self.unflattened_size.count(-1) > 1 or not self.unflattened_size:
            raise MicrogradValueError(
                f"unflattened_size={unflattened_size} is of at least one length, of which one may be -1. Write "
                f"{example}."
            )

    def forward(self, x: Any) -> Any:
        """The same numbers, in a deeper shape."""
        x = require_axis(x, self.dim, self)
        axis, sizes = self.dim % len(x.shape), self.unflattened_size
        known = math.prod(size for size in sizes if size != -1)
        is_open = -1 in sizes
        if (known == 0 or x.shape[axis] % known) if is_open else known != x.shape[axis]:
            raise MicrogradValueError(
                f"{self.title()} was given shape {tuple(x.shape)}, whose axis {self.dim} has {x.shape[axis]} entries, "
                f"which don't fill {sizes}."
            )
        filled = tuple(x.shape[axis] // known if size == -1 else size for size in sizes)
        return reshape(x, shape=(*x.shape[:axis], *filled, *x.shape[axis + 1 :]))

    def settings(self) -> str:
        """The axis and its lengths."""
        return f"{self.dim}, {self.unflattened_size}"
