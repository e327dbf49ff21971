"""Reading rows of a table by number: embeddings, and the one-hot vectors that they stand for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_floats, require_integers
from micrograd.engine.ops.op import primitive


@primitive(lambda g, out, table, rows: add_rows(g, rows, size=table.shape[0]), None)
def take_rows(table, rows):
    """The rows of a table with these numbers: (size, *row) and (...) to (..., *row).

    Example:
        >>> take_rows(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 1]))
        array([[3., 4.],
               [3., 4.]])
    """
    return table[_checked(rows, table.shape[0])]


@primitive(lambda h, out, x, rows, size: take_rows(h, rows), None)
def add_rows(x, rows, size=0):
    """The transpose of `take_rows`: a table of zeros to whose rows x is added; a row that occurs twice gets both.

    Example:
        >>> add_rows(np.array([[1.0], [2.0], [4.0]]), np.array([1, 1, 0]), size=2)
        array([[4.],
               [3.]])
    """
    rows = _checked(rows, size)
    row = x.shape[rows.ndim :]
    width = math.prod(row)
    # On flat indices np.add.at is several times faster than on rows.
    flat = (rows.reshape(-1, 1) * width + np.arange(width)).ravel()
    out = np.zeros(size * width, x.dtype)
    np.add.at(out, flat, x.ravel())
    return out.reshape(size, *row)


def _checked(rows: Any, size: int) -> Any:
    rows = np.asarray(rows)
    if rows.size and (rows.min() < 0 or rows.max() >= size):
        wrong = rows[(rows < 0) | (rows >= size)].flat[0]
        larger = f"Make a table of at least {wrong + 1} rows, or number" if wrong >= 0 else "Number"
        raise MicrogradValueError(
            f"the index {wrong} is out of range: the table has {size} rows, numbered from 0 to {size - 1}. "
            f"{larger} what you look up from 0."
        )
    return rows


@by_any_name
def embedding(input: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """The rows of a table with these numbers: a vector for each word.

    Args:
        input: Integers from 0 to rows - 1, of any shape.
        weight: The table, shape (rows, features).
        padding_idx: A row that no gradient reaches; counted from the end if negative.

    Returns:
        Shape (*input.shape, features).

    Raises:
        MicrogradTypeError: If the input isn't of integers.
        MicrogradValueError: If a number is out of range.

    Example:
        >>> embedding(np.array([2, 0]), np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
        array([[4., 5.],
               [0., 1.]])
    """
    require_integers("embedding", input=input)
    require_floats("embedding", weight=weight)
    if weight.ndim != 2:
        raise MicrogradValueError(f"embedding() of a table of shape {tuple(weight.shape)}: it takes (rows, features)")
    out = take_rows(weight, input)
    if padding_idx is None:
        return out
    if not -weight.shape[0] <= padding_idx < weight.shape[0]:
        raise MicrogradValueError(
            f"embedding(padding_idx={padding_idx}): the table has {weight.shape[0]} rows, numbered from 0, so there is "
            "no such row. Write the number of the row that stands for padding, or padding_idx=None for none."
        )
    is_padding = reshape(input == padding_idx % weight.shape[0], shape=(*input.shape, 1))
    return where(is_padding, stop_gradient(out), out)


@by_any_name
def one_hot(labels: Any, num_classes: int, dtype: Any = float) -> Any:
    """A vector for each label, 1 at its place and 0 elsewhere.

    Args:
        labels: Integers from 0 to num_classes - 1, of any shape.
        num_classes: The length of the vectors.
        dtype: Of the result.

    Returns:
        Shape (*labels.shape, num_classes).

    Raises:
        MicrogradTypeError: If the labels aren't integers.
        MicrogradValueError: If a label is out of range.

    Example:
        >>> one_hot(np.array([1, 0]), 3)
        array([[0., 1., 0.],
               [1., 0., 0.]])
    """
    require_integers("one_hot", labels=labels)
    return take_rows(np.eye(num_classes, dtype=dtype), labels)
