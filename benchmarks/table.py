"""Aligned tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as they need to be, the first flush left, numbers flush right.

    Example:
        >>> print(aligned(["who", "ms"], [["a", "12.0"], ["b", "3.5"]]))
        who    ms
        a    12.0
        b     3.5
    """
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    return "  ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))])


def number(value: float | None, scale: float = 1.0) -> str:
    """Three significant digits or all before the point: 0.0123, 4.56, 1,317; `-` for none."""
    if value is None or value != value:
        return "-"
    value *= scale
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
