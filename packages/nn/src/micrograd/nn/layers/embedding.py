"""`Embedding`: a table of vectors, one for each word (or whatever is counted from 0)."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradIndexError
from micrograd.engine.ops.neural.lookup import embedding
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_number


class Embedding(Module):
    """The rows of a table at given numbers.

    Args:
        num_embeddings: How many rows: numbers go from 0 to num_embeddings - 1.
        embedding_dim: How long each is.
        padding_idx: A number whose row stays 0 and gets no gradient.
        dtype: The dtype of the table.
        rng: Where the rows are drawn from, normally with standard deviation 1.

    Raises:
        MicrogradTypeError: If a call is given something other than integers.
        MicrogradIndexError: If one of them is out of range.

    Example:
        >>> words = Embedding(10, 4, rng=0)
        >>> words(np.array([[1, 5, 1]])).shape
        (1, 3, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        rows = whole_number(num_embeddings, "num_embeddings", "Embedding(1000, 16)")
        width = whole_number(embedding_dim, "embedding_dim", "Embedding(1000, 16)")
        table = init.normal((rows, width), rng=rng)
        self.padding_idx = padding_idx if padding_idx is None else _row(padding_idx, rows)
        if self.padding_idx is not None:
            table[self.padding_idx] = 0.0
        self.weight = Tensor(table, requires_grad=True, dtype=dtype)

    def forward(self, x: Any) -> Any:
        """Integers of any shape to (*shape, embedding_dim)."""
        numbers = x if hasattr(x, "dtype") else np.asarray(x)
        return embedding(numbers, self.weight, padding_idx=self.padding_idx)

    def settings(self) -> str:
        """The sizes of the table."""
        rows, width = self.weight.shape
        return f"{rows}, {width}{'' if self.padding_idx is None else f', padding_idx={self.padding_idx}'}"


def _row(padding_idx: int, rows: int) -> int:
    number = whole_number(padding_idx, "padding_idx", "Embedding(1000, 16, padding_idx=0)", least=-rows)
    if number >= rows:
        raise MicrogradIndexError(
            f"padding_idx={number} is no row of a table of {rows}, numbered from 0 to {rows - 1}. Write "
            f"Embedding({number + 1}, ..., padding_idx={number})."
        )
    return number % rows
