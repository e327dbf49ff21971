"""`explain`: where a gradient comes from, in numbers: local derivative x upstream gradient = contribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TextIO

from micrograd.engine.errors import GraphError
from micrograd.engine.graph import Node
from micrograd.engine.viz.flow import Contribution, Flow
from micrograd.engine.viz.names.leaves import names_among
from micrograd.engine.viz.names.paths import as_code
from micrograd.engine.viz.sources import source_of
from micrograd.engine.viz.terminal.formulas import NAME, amount, formula, short_number, sign_style
from micrograd.engine.viz.terminal.tables import laid_out
from micrograd.engine.viz.terminal.writing import Line, Span, write_lines
from micrograd.engine.viz.text import clip, number_text, one_line

_STEPS = 12  # of the way back to the root; of a longer one the middle is left out
_BAR = 16


def explain(
    node: Node, root: Node | None = None, *, parameters: Any = None, rows: int = 20, file: TextIO | None = None
) -> None:
    """Print where a gradient comes from: a table of its contributions, the largest first.

    Every use of a node in an expression contributes `local derivative x upstream gradient` to its gradient; the
    gradient is their sum. The upstream gradient of the largest contribution is then traced back to the root. The
    gradients are computed anew, and none is written; so `backward()` need not have run.

    Args:
        node: The node whose gradient is asked for, such as a weight. Given alone it is taken as the root, and the table
            is of what every leaf receives.
        root: The node that is differentiated, such as a loss: a single number.
        parameters: Names for the leaves: a model, or names with nodes. With no `root`, only these leaves are listed.
            If not given, the leaves go by the names that they have in their modules.
        rows: The most contributions that are listed; the others are summed up in one line.
        file: Where to print; standard output if not given. On a terminal with colours, plain otherwise.

    Raises:
        MicrogradTypeError: If `node` or `root` is no Value or Tensor.
        GraphError: If `root` doesn't depend on `node`, or isn't a single number.

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> explain(a, a * b + a**2)
        gradient of a: 1.0000, the sum of 2 contributions
        <BLANKLINE>
          used in    local × upstream = contribution
          ────────────────────────────────────────────────────────────
          a ** 2    4.0000 ×   1.0000 =       4.0000  ████████████████
          a * b    -3.0000 ×   1.0000 =      -3.0000  ████████████
          ────────────────────────────────────────────────────────────
          sum                                 1.0000
        <BLANKLINE>
        where its largest upstream gradient comes from, back to the root
        <BLANKLINE>
          used in    local × upstream = contribution
          ──────────────────────────────────────────
          (-6) + 4  1.0000 ×   1.0000 =       1.0000
    """
    explanation = _Explanation(Flow(node if root is None else root), parameters, rows)
    lines = explanation.of_leaves() if root is None else explanation.of_node(node)
    write_lines(lines, file)


class _Explanation:
    """The tables of one call."""

    def __init__(self, flow: Flow, parameters: Any, rows: int) -> None:
        self.flow = flow
        self.names = names_among(flow.order, parameters)
        self.listed = None if parameters is None else self.names.keys()
        self.rows = rows

    def of_node(self, node: Node) -> list[Line]:
        """What one node receives, and where the largest part of it comes from."""
        if node is self.flow.root:
            return [[*self._title(node, 1.0), Span(", as of everything by itself")]]
        found = self.flow.into(node)
        if not found:
            raise GraphError(
                f"{self._called(node)} has no part in {self._called(self.flow.root)}: no gradient flows to it. Give a "
                "node that the root was computed from: explain(w, loss)."
            )
        total = self.flow.gradients[node]
        count = "a single contribution" if len(found) == 1 else f"the sum of {len(found)} contributions"
        lines = [[*self._title(node, total), Span(f", {count}")], []]
        lines += self._table(found, "used in", [self._used_in(c) for c in found], total)
        return [*lines, *self._way_back(max(found, key=_size)), *_stored(node, total)]

    def of_leaves(self) -> list[Line]:
        """What every leaf receives."""
        found = [c for c in self.flow.into_leaves() if not self.listed or c.receiver in self.listed]
        root = self.flow.root
        if not found:
            return [[Span(self._called(root), "name"), Span(" depends on no leaf that has a gradient")]]
        leaves = len({c.receiver for c in found})
        lines = [
            [
                Span("gradients of "),
                Span(self._called(root), "name"),
                Span(f" by {_count(leaves, 'leaf', 'leaves')}: {_count(len(found), 'contribution', 'contributions')}"),
            ],
            [],
        ]
        return [*lines, *self._table(found, "leaf, used in", [self._leaf_in(c) for c in found], None)]

    def _table(self, found: list[Contribution], title: str, uses: list[str], total: Any) -> list[Line]:
        ranked = sorted(zip(found, uses, strict=True), key=lambda pair: -_size(pair[0]))
        largest = _size(ranked[0][0])
        shown, rest = ranked[: self.rows], ranked[self.rows :]
        rows = [self._row(c, use, _bar(_size(c), largest)) for c, use in shown]
        if rest:
            rows.append(_row_of(f"… {len(rest):,} smaller ones", _sum_of([c for c, _ in rest])))
        last = _row_of("sum", total) if total is not None and len(found) > 1 else ()
        header = (title, "local", "×", "upstream", "=", "contribution", "", "")
        return _indented(laid_out(rows, "<>=>=><<", header, last))

    def _row(self, c: Contribution, use: str, bar: str) -> list[Span]:
        source = source_of(c.user)
        line = f"line {source.line}: {clip(one_line(source.text), 48)}" if source else ""
        local = c.local
        slope = Span("Jacobian", "faint") if local is None else Span(amount(local))
        cells = [Span(use, "name"), slope, Span("×", "faint")]
        cells += [Span(amount(c.upstream)), Span("=", "faint"), Span(amount(c.amount), "strong")]
        return [*cells, Span(bar, sign_style(c.amount)), Span(line, "faint")]

    def _way_back(self, c: Contribution) -> list[Line]:
        """Along the largest contributions from a use of the node to the root."""
        steps = []
        while c.user is not self.flow.root:
            found = self.flow.into(c.user)
            c = max(found, key=_size)
            others = f"and {len(found) - 1} more" if len(found) > 1 else ""
            steps.append([*self._row(c, self._used_in(c), "")[:6], Span(others, "faint"), self._row(c, "", "")[7]])
        if not steps:
            return []
        start = Span("where its largest upstream gradient comes from, back to ")
        lines = [[], [start, Span(self._called(self.flow.root), "name")], []]
        header = ("used in", "local", "×", "upstream", "=", "contribution", "", "")
        return [*lines, *_indented(laid_out(_without_middle(steps), "<>=>=><<", header))]

    # ---- names -------------------------------------------------------------------------------------------------------

    def _title(self, node: Node, total: Any) -> Line:
        return [Span("gradient of "), Span(self._called(node), "name"), Span(": "), Span(amount(total), "strong")]

    def _name(self, node: Node) -> str:
        return clip(one_line(node.label or as_code(self.names.get(node, ""))), NAME)

    def _called(self, node: Node) -> str:
        if node is self.flow.root and not self._name(node):
            return "the root"
        return self._name(node) or (formula(node, self._name) if node.op is not None else short_number(node._data))

    def _used_in(self, c: Contribution) -> str:
        name = self._name(c.user)
        return f"{name} = {formula(c.user, self._name)}" if name else formula(c.user, self._name)

    def _leaf_in(self, c: Contribution) -> str:
        return f"{self._called(c.receiver)}, {formula(c.user, self._name)}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _size(c: Contribution) -> float:
    return c.size if c.size == c.size else float("inf")  # a nan is what one looks for


def _sum_of(found: Sequence[Contribution]) -> Any:
    """The sum of contributions to one gradient; of several gradients there is none."""
    if len({c.receiver for c in found}) > 1:
        return None
    total = found[0].amount
    for c in found[1:]:
        total = total + c.amount
    return total


def _row_of(words: str, total: Any) -> list[Span]:
    last = Span("" if total is None else amount(total), "strong")
    return [Span(words), Span(""), Span(""), Span(""), Span(""), last, Span(""), Span("")]


def _bar(size: float, largest: float) -> str:
    if not size or largest == float("inf"):
        return ""
    halves = round(2 * _BAR * size / largest)
    return "█" * (halves // 2) + "▌" * (halves % 2)


def _without_middle(steps: list[list[Span]]) -> list[list[Span]]:
    if len(steps) <= _STEPS:
        return steps
    half = _STEPS // 2
    return [*steps[:half], _row_of(f"… {len(steps) - 2 * half:,} more steps …", None), *steps[-half:]]


def _indented(lines: list[Line]) -> list[Line]:
    return [[Span("  "), *line] for line in lines]


def _stored(node: Node, total: Any) -> list[Line]:
    """A word on what `.grad` holds, if it is something else."""
    stored = node.grad._data if isinstance(node.grad, Node) else node.grad
    if not isinstance(stored, float) or stored == 0.0 or math.isclose(stored, total, rel_tol=1e-9):
        return []
    held = f".grad holds {number_text(stored)}: gradients add up over calls of backward() until they are set to 0"
    return [[], [Span(held, "faint")]]
