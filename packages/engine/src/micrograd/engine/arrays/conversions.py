"""The numbers of a Tensor as Python's and NumPy's, for code that steps out of the graph.

Whoever watches hears of it: a compiled program can't hold what such code makes of the numbers of today.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.arrays.data import seen
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import reading, watchers


class ArrayNumbers(Node):
    """What makes numbers of a Tensor."""

    __slots__ = ()

    data: np.ndarray

    def _asked(self) -> np.ndarray:
        """The array, for code that asks for its numbers."""
        if watchers:
            reading(self)
        array: np.ndarray = self._data
        return array

    def item(self) -> Any:
        """The single number that this Tensor holds, as a Python number; an error if it holds several or none."""
        data = self._asked()
        if data.size != 1:
            raise MicrogradValueError(
                f"item() of a Tensor of shape {data.shape}, which doesn't hold a single number. Reduce it first, "
                "t.sum().item(), or take all of them, t.tolist()."
            )
        return data.item()

    def tolist(self) -> Any:
        """The numbers as Python's, in nested lists."""
        return self._asked().tolist()

    def __contains__(self, number: Any) -> bool:
        return number in self._asked()

    def numpy(self) -> np.ndarray:
        """The numbers as an array of one's own, which may be written freely."""
        return self._asked().copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self._requires_grad:
            raise MicrogradTypeError(
                "making a NumPy array of a Tensor would cut it off from its graph without a word. Write t.data for the "
                "numbers; to join Tensors, micrograd.engine.stack([a, b])."
            )
        return seen(self.data, dtype) if copy is False else np.array(self._asked(), dtype=dtype)

    def __bool__(self) -> bool:
        data = self._asked()
        if data.size != 1:
            raise MicrogradValueError(
                f"the truth of a Tensor of shape {data.shape} is ambiguous: write (condition).all(), .any(), or where()"
            )
        return bool(data.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        data = self._asked()
        if data.dtype.kind not in "iu" or data.ndim:
            raise MicrogradTypeError(
                f"only a single integer can be an index, not a Tensor of {data.dtype} {data.shape}"
            )
        return int(data)
