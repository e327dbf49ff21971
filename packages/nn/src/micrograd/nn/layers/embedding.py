"""`Embedding`: a table of vectors, one for each word (or whatever is counted from 0)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradIndexError, MicrogradValueError, TracingError
from micrograd.engine.observing.recording import is_traced
from micrograd.engine.ops.neural.checks import require_integers
from micrograd.engine.ops.neural.lookup import embedding
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.module import Module
from micrograd.nn.validation import nonnegative, whole_number


class Embedding(Module):
    """The rows of a table at given numbers.

    Args:
        num_embeddings: How many rows: numbers go from 0 to num_embeddings - 1.
        embedding_dim: How long each is.
        padding_idx: A number whose row stays 0 and gets no gradient.
        max_norm: How long a row may be: one that is read and is longer is shortened first, for good.
        norm_type: Of which order the length is; infinity for the largest of the numbers.
        dtype: The dtype of the table.
        rng: Where the rows are drawn from, normally with standard deviation 1.

    Raises:
        MicrogradTypeError: If a call is given something other than integers.
        MicrogradIndexError: If one of them is out of range.
        TracingError: If a table with `max_norm` is read inside `jit` or `vmap`, which can't write it.

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
        max_norm: float | None = None,
        norm_type: float = 2.0,
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        rows = whole_number(num_embeddings, "num_embeddings", "Embedding(1000, 16)")
        width = whole_number(embedding_dim, "embedding_dim", "Embedding(1000, 16)")
        example = "Embedding(1000, 16, max_norm=1.0)"
        self.num_embeddings, self.embedding_dim = rows, width
        self.max_norm = max_norm if max_norm is None else nonnegative(max_norm, "max_norm", example)
        self.norm_type = math.inf if norm_type == math.inf else nonnegative(norm_type, "norm_type", example)
        table = init.normal((rows, width), rng=rng)
        self.padding_idx = padding_idx if padding_idx is None else _row(padding_idx, rows)
        if self.padding_idx is not None:
            table[self.padding_idx] = 0.0
        self.weight = Tensor(table, requires_grad=True, dtype=dtype)

    def forward(self, x: Any) -> Any:
        """Integers of any shape to (*shape, embedding_dim)."""
        numbers = x if hasattr(x, "dtype") else np.asarray(x)
        if self.max_norm is not None:
            require_integers("embedding", input=numbers)
            self._shorten(numbers)
        return embedding(numbers, self.weight, padding_idx=self.padding_idx)

    def _shorten(self, numbers: Any) -> None:
        """Write the rows that are about to be read, and are too long, anew."""
        numbers = getattr(numbers, "_data", numbers)
        if not isinstance(numbers, np.ndarray) or is_traced():
            raise TracingError(
                f"{self.title()} shortens the rows that it reads, which a traced function can't: its program is the "
                "same for all numbers. Train without jit, or without max_norm."
            )
        read = np.unique(numbers)
        rows = read[(read >= 0) & (read < len(self.weight._data))]  # the others are refused when they are read
        lengths = np.linalg.norm(self.weight._data[rows], self.norm_type, axis=1)
        is_long = lengths > self.max_norm
        if is_long.any():
            table = self.weight._data.copy()
            table[rows[is_long]] *= (self.max_norm / (lengths[is_long] + 1e-7))[:, None]
            self.weight.data = table

    @classmethod
    def from_pretrained(cls, embeddings: Any, freeze: bool = True, **settings: Any) -> Embedding:
        """A layer of a table that is there already.

        Args:
            embeddings: The table, shape (num_embeddings, embedding_dim).
            freeze: Whether training leaves it as it is.
            **settings: `padding_idx` and the like.

        Raises:
            MicrogradValueError: If it has other axes.

        Example:
            >>> Embedding.from_pretrained(np.array([[1.0, 2.0], [3.0, 4.0]]))(np.array([1]))
            Tensor([[3., 4.]])
        """
        given = getattr(embeddings, "_data", embeddings)
        table = np.array(given, dtype=float if isinstance(given, list) else None)
        if table.ndim != 2:
            raise MicrogradValueError(
                f"a table has shape (num_embeddings, embedding_dim), but was given shape {table.shape}."
            )
        rows, width = table.shape
        layer = cls(rows, width, rng=0, dtype=table.dtype, **settings)
        layer.weight.data = table
        return layer.freeze() if freeze else layer

    def settings(self) -> str:
        """The sizes of the table, and what isn't the usual."""
        rows, width = self.weight.shape
        others = {"padding_idx": self.padding_idx, "max_norm": self.max_norm}
        return f"{rows}, {width}{''.join(f', {name}={value}' for name, value in others.items() if value is not None)}"


def _row(padding_idx: int, rows: int) -> int:
    number = whole_number(padding_idx, "padding_idx", "Embedding(1000, 16, padding_idx=0)", least=-rows)
    if number >= rows:
        raise MicrogradIndexError(
            f"padding_idx={number} is no row of a table of {rows}, numbered from 0 to {rows - 1}. Write "
            f"Embedding({number + 1}, ..., padding_idx={number})."
        )
    return number % rows
