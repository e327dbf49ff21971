"""What is said about an answer: passed, or the smallest example on which it fails, in words and as a picture."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from ladder.outcomes import Outcome, same
from micrograd.engine import Value
from micrograd.engine.graph import topological_order
from micrograd.engine.viz import draw_dot

LARGEST = 12
"""Graphs of more nodes are not shown: they would explain nothing."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """What the check found; it shows itself, with the graph in a notebook or a page.

    Attributes:
        exercise: Its name, `02_add`.
        passed: Whether the answer is right on every example.
        text: All of it in words, for a terminal.
        example: The smallest example on which it fails.
        mistake: The name of the mistake in `wrong/` that gives the same numbers, if one does.
        svg: The graph of that example as an SVG picture, if there is one.
    """

    exercise: str
    passed: bool
    text: str
    example: str = ""
    mistake: str = ""
    svg: str = ""

    def __repr__(self) -> str:
        return self.text

    def _repr_svg_(self) -> str | None:
        return self.svg or None


def table(yours: Outcome, right: Outcome) -> str:
    """Your numbers beside the right ones, each difference marked."""
    if yours.error is not None:
        expected = ", ".join(f"{name} = {_text(entry)}" for name, entry in right.entries.items())
        return f"yours: {yours.entries['result']}\nright: {expected}"
    rows = [("", "yours", "right", "")]
    for name in {**right.entries, **yours.entries}:
        mine, theirs = yours.entries.get(name), right.entries.get(name)
        if not name.endswith(".data") or not same(mine, theirs):
            rows.append((name, _text(mine), _text(theirs), "" if same(mine, theirs) else "  <--"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}{mark}".rstrip() for a, b, c, mark in rows)


def _text(entry: Any) -> str:
    if entry is None:
        return "-"
    return f"{entry:.7g}" if isinstance(entry, float) else str(entry)


def graph_text(root: Value) -> str:
    """The graph, one line for each node, from the inputs to the result.

    Example:
        >>> a = Value(3.0, label="a")
        >>> b = a + a
        >>> b.backward()
        >>> print(graph_text(b))
        a          = 3  grad 2
        c = a + a  = 6  grad 1
    """
    names: dict[Any, str] = {}
    letters = iter("cdefghijklmnopq")
    rows = []
    for node in topological_order(root):
        if not node.inputs:
            names[node] = node.label or f"{node.data:g}"
            rows.append((names[node], node))
        else:
            names[node] = next(letters)
            rows.append((f"{names[node]} = {_operation(node, names)}", node))
    named = [(text, node) for text, node in rows if node.inputs or node.label or node is root]
    width = max(len(text) for text, _ in named)
    data = max(len(f"{node.data:.7g}") for _, node in named)
    return "\n".join(f"{text:<{width}}  = {node.data:<{data}.7g}  grad {node.grad:.7g}" for text, node in named)


def _operation(node: Any, names: dict[Any, str]) -> str:
    operands = [names[operand] for operand in node.inputs]
    if len(operands) == 2:
        return f" {node._op} ".join(operands)
    return f"{operands[0]}{node._op}" if node._op.startswith("**") else f"{node._op}({', '.join(operands)})"


def small(root: Value | None) -> Value | None:
    """The root, if its graph is small enough to be shown."""
    return root if root is not None and len(topological_order(root)) <= LARGEST else None


def picture(root: Value | None) -> str:
    """The graph as SVG; the empty string if there is none to show."""
    return "" if root is None else draw_dot(root).svg


def paragraph(text: str) -> str:
    """Text filled to the width of a page."""
    return textwrap.fill(" ".join(text.split()), 88, break_on_hyphens=False)
