"""`show`: a recorded graph as an indented outline, the root first."""

from __future__ import annotations

from collections import Counter
from typing import Any, TextIO

from micrograd.engine.graph import Node
from micrograd.engine.viz.names.leaves import names_among
from micrograd.engine.viz.names.paths import as_code
from micrograd.engine.viz.nearest import count_text, count_up_to, opened_near, shown_by
from micrograd.engine.viz.operations import operation_symbol
from micrograd.engine.viz.terminal.formulas import NAME, short_number, sign_style
from micrograd.engine.viz.terminal.tables import laid_out
from micrograd.engine.viz.terminal.writing import Line, Span, write_lines
from micrograd.engine.viz.text import clip, number_text, one_line, shape_text
from micrograd.engine.viz.view import require_node

_COUNTED = 1_000_001


def show(
    root: Node,
    *,
    parameters: Any = None,
    max_nodes: int = 60,
    depth: int | None = 16,
    file: TextIO | None = None,
) -> None:
    """Print the graph that `root` was computed by as an outline: each node with its operands below it.

    A node that is used more than once is shown once, with a number, and referred to by it elsewhere. Of a large graph
    the nodes nearest to the root are shown.

    Args:
        root: The last node of the expression.
        parameters: Names for the leaves: a model, nodes, or names with nodes. If not given, the modules are found that
            the leaves belong to.
        max_nodes: The most nodes that are shown.
        depth: How many levels are shown; None for all.
        file: Where to print; standard output if not given. On a terminal with colours, plain otherwise.

    Raises:
        MicrogradTypeError: If `root` is no Value or Tensor.

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> y = (a * b + a) ** 2
        >>> y.backward()
        >>> show(y)
        node           data      grad
        ───────────────────────────────────
        **2         16.0000    1.0000
        └─ +        -4.0000   -8.0000
           ├─ *     -6.0000   -8.0000
           │  ├─ a   2.0000   16.0000  #1
           │  └─ b  -3.0000  -16.0000
           └─ a                        ↑ #1
    """
    require_node(root)
    outline = _Outline(root, parameters, opened_near(root, max_nodes, depth))
    write_lines(outline.lines(), file)


class _Outline:
    """The lines of one call."""

    def __init__(self, root: Node, parameters: Any, opened: set[Node]) -> None:
        self.root, self.opened = root, opened
        self.shown = shown_by(root, opened)
        self.names = names_among(self.shown, parameters)
        uses = Counter(operand for node in opened for operand in node.inputs)
        self.numbers = {node: 0 for node in uses if uses[node] > 1}
        self.has_shapes = any(getattr(node._data, "shape", ()) for node in self.shown)

    def lines(self) -> list[Line]:
        rows = self._rows()
        header = ("node", *(["shape"] if self.has_shapes else []), "data", "grad", "")
        lines = laid_out(rows, f"<{'<' if self.has_shapes else ''}>><", header)
        total = count_up_to(self.root, _COUNTED)
        if total > len(self.shown):
            rest = f"{len(self.shown)} of {count_text(total, _COUNTED)} nodes are shown, the nearest to the root"
            lines += [[], [Span(f"{rest}: show(root, max_nodes={10 * len(self.shown)}, depth=None)", "faint")]]
        return lines

    def _rows(self) -> list[list[Span]]:
        rows: list[list[Span]] = []
        stack: list[tuple[Node, str, str]] = [(self.root, "", "")]
        seen: set[Node] = set()
        while stack:
            node, branch, indent = stack.pop()
            rows.append(self._row(node, branch, is_repeated=node in seen))
            if node in self.opened and node not in seen:
                below = list(node.inputs)
                last = len(below) - 1
                for place in range(last, -1, -1):
                    limb, further = ("└─ ", "   ") if place == last else ("├─ ", "│  ")
                    stack.append((below[place], indent + limb, indent + further))
            seen.add(node)
        return rows

    def _row(self, node: Node, branch: str, *, is_repeated: bool) -> list[Span]:
        title = Span(self._title(node), "name" if self._is_named(node) else "op" if node.op else "", branch)
        shape = [Span(shape_text(tuple(getattr(node._data, "shape", ()))), "faint")] if self.has_shapes else []
        if is_repeated:
            return [title, *(Span("") for _ in shape), Span(""), Span(""), Span(f"↑ #{self.numbers[node]}", "faint")]
        grad = Span(number_text(node.grad), sign_style(_plain(node.grad)))
        return [title, *shape, Span(number_text(node._data)), grad, Span(self._note(node), "faint")]

    def _is_named(self, node: Node) -> bool:
        return bool(node.label or self.names.get(node))

    def _title(self, node: Node) -> str:
        name = clip(one_line(node.label or as_code(self.names.get(node, ""))), NAME)
        symbol = clip(operation_symbol(node), NAME)
        if not name:
            return symbol or short_number(node._data)
        return f"{name} = {symbol}" if symbol else name

    def _note(self, node: Node) -> str:
        notes = []
        if node in self.numbers:
            self.numbers[node] = max(self.numbers.values()) + 1  # counted as they are met
            notes.append(f"#{self.numbers[node]}")
        if node.inputs and node not in self.opened:
            notes.append("…")
        return " ".join(notes)


def _plain(grad: Any) -> Any:
    """The gradient as a number or an array; 0 for what is none, which is painted plain."""
    grad = grad._data if isinstance(grad, Node) else grad
    return grad if isinstance(grad, (float, int)) or hasattr(grad, "shape") else 0.0
