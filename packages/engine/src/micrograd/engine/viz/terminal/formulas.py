"""Nodes and their operations in a few words: `w * x`, `tanh(n)`, `** 2`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.viz.calls import operands_seen
from micrograd.engine.viz.text import clip, number_text, one_line, shape_text

NAME = 36
"""Columns that a name or a formula may take."""


def short_number(data: Any) -> str:
    """A number in four digits, an array by its shape.

    Example:
        >>> short_number(10.0), short_number(1 / 3)
        ('10', '0.3333')
    """
    shape = shape_text(tuple(getattr(data, "shape", ())))
    if shape:
        return f"[{shape}]"
    return f"{data:.4g}" if isinstance(data, (float, int)) else number_text(data)


def formula(node: Node, names: Callable[[Node], str]) -> str:
    """The operation of a node, written with the names of its operands, or else their numbers.

    Args:
        node: A node that was computed.
        names: The name of a node; the empty string if it has none.

    Example:
        >>> from micrograd.engine import Value
        >>> w, x = Value(0.5, label="w"), Value(2.0)
        >>> formula(w * x, lambda node: node.label), formula((w + 1.0).tanh(), lambda node: node.label)
        ('w * 2', 'tanh(1.5)')
    """
    pairs = zip(*operands_seen(node), strict=True)
    parts = [(names(operand) if operand is not None else "") or short_number(data) for operand, data in pairs]
    symbol = one_line(node.op.symbol)
    if len(parts) == 2 and not any(letter.isalnum() for letter in symbol):
        return clip(f"{_bracketed(parts[0])} {symbol} {_bracketed(parts[1])}", NAME)
    if len(parts) == 1 and symbol == "-":
        return clip(f"-{_bracketed(parts[0])}", NAME)
    return clip(f"{symbol}({', '.join(parts)})", NAME)


def _bracketed(part: str) -> str:
    return f"({part})" if part.startswith("-") else part


def amount(data: Any) -> str:
    """A number for a table; an array by its shape and range.

    Example:
        >>> amount(-2.5)
        '-2.5000'
    """
    shape = shape_text(tuple(getattr(data, "shape", ())))
    return f"[{shape}] {number_text(data)}" if shape else number_text(data)


def sign_style(data: Any) -> str:
    """How a number is painted: a negative one other than a positive one, an array not at all."""
    if getattr(data, "shape", ()) or not data or data != data:
        return ""
    return "plus" if data > 0 else "minus"
