"""`summary`: a table of a model's layers, what shape each gives, and how many parameters it has."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.observing.recording import no_grad
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_numbers
from micrograd.nn.watched_modules import outputs_seen


def summary(model: Module, input_shape: int | tuple[int, ...], dtype: Any = float) -> str:
    """A table of the layers that are called for an input of this shape, in the order in which they are.

    The model computes once, on zeros, in evaluation mode; its mode, buffers and gradients stay as they are.

    Args:
        model: What to look at.
        input_shape: The shape of an input, samples included; a number for one axis.
        dtype: Its dtype; `int` for a model that begins with an Embedding.

    Returns:
        The table as text.

    Raises:
        MicrogradError: If the input doesn't fit; the message names the layer. Or if the shape is no tuple of lengths.

    Example:
        >>> from micrograd.nn import Linear, ReLU, Sequential
        >>> print(summary(Sequential(Linear(64, 32, rng=0), ReLU(), Linear(32, 10, rng=0)), (8, 64)))
        layer             output shape  parameters
        0 Linear(64, 32)  (8, 32)            2,080
        1 ReLU()          (8, 32)                0
        2 Linear(32, 10)  (8, 10)              330
        total                                2,410
    """
    given = (input_shape,) if isinstance(input_shape, int) else input_shape
    lengths = whole_numbers(given, "input_shape", "summary(model, (8, 64))", least=0)
    rows: list[tuple[str, str, int]] = []
    modes = [(module, module.training) for module in model.modules()]
    counted: set[int] = set()

    def note(name: str, module: Module, out: Any) -> None:
        fresh = [p for p in module.parameters() if id(p) not in counted]
        counted.update(map(id, fresh))
        title = f"{name} {module.title()}".strip()
        rows.append((title, _shape_of(out), sum(_size(p) for p in fresh)))

    try:
        with outputs_seen(model, note), no_grad():
            model.eval()(np.zeros(lengths, dtype=dtype))
    finally:
        for module, mode in modes:
            module.training = mode
    return _table(rows, sum(map(_size, model.parameters())))


def _shape_of(out: Any) -> str:
    if isinstance(out, (tuple, list)):
        return ", ".join(map(_shape_of, out))
    return str(tuple(out.shape)) if hasattr(out, "shape") else type(out).__name__


def _size(parameter: Any) -> int:
    return math.prod(getattr(parameter, "shape", ()))


def _table(rows: list[tuple[str, str, int]], total: int) -> str:
    body = [
        ("layer", "output shape", "parameters"),
        *((a, b, f"{n:,}") for a, b, n in rows),
        ("total", "", f"{total:,}"),
    ]
    left, middle, right = (max(len(row[k]) for row in body) for k in range(3))
    return "\n".join(f"{a:<{left}}  {b:<{middle}}  {c:>{right}}" for a, b, c in body)
