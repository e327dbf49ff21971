"""A table whose columns line up, in a fixed-width font."""

from __future__ import annotations

from collections.abc import Sequence

from micrograd.engine.viz.terminal.writing import Line, Span
from micrograd.engine.viz.text import columns

_GAP = "  "


def laid_out(
    rows: Sequence[Sequence[Span]], alignment: str, header: Sequence[str] = (), total: Sequence[Span] = ()
) -> list[Line]:
    """The rows as lines of aligned columns.

    Args:
        rows: The cells of each row.
        alignment: For each column `<` or `>`, and `=` for a sign between two columns, which stands close to them.
        header: The names of the columns.
        total: A last row, below a rule.

    Example:
        >>> lines = laid_out([[Span("a"), Span("1.5")], [Span("long"), Span("-10.0")]], "<>")
        >>> ["".join(span.text for span in line) for line in lines]
        ['a       1.5', 'long  -10.0']
    """
    heading = [[Span(name, "faint") for name in header]] if header else []
    everything = [*heading, *rows, *([total] if total else [])]
    widths = [max(cell.width for cell in column) for column in zip(*everything, strict=True)]
    lines = [_line(row, widths, alignment) for row in everything]
    rule = [Span("─" * max(map(_visible, lines)), "faint")]
    if total:
        lines.insert(len(lines) - 1, rule)
    if header:
        lines.insert(1, rule)
    return lines


def _line(cells: Sequence[Span], widths: Sequence[int], alignment: str) -> Line:
    spans: Line = []
    for place, (cell, width, side) in enumerate(zip(cells, widths, alignment, strict=True)):
        if place:
            spans.append(Span(" " if "=" in alignment[place - 1 : place + 1] else _GAP))
        padding = Span(" " * (width - cell.width))
        spans += [padding, cell] if side == ">" else [cell, padding]
    return spans


def _visible(line: Line) -> int:
    """How far a line reaches; the empty cells at its end don't count."""
    return columns("".join(span.lead + span.text for span in line).rstrip())
