"""What `check_gradients` found: every number among the inputs with its derivatives, as data and as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Kink:
    """An operation that bends, or jumps, so close to the point that differences say nothing about its derivative.

    Attributes:
        op: The operation's name, such as `relu`.
        operands: The numbers that it was given at the point; for an operation of whole arrays, the one that matters.

    Example:
        >>> print(Kink("maximum", (1.5, 1.5)))
        maximum(1.5, 1.5)
    """

    op: str
    operands: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.op}({', '.join(f'{operand + 0.0:.6g}' for operand in self.operands)})"


@dataclass(frozen=True)
class GradientEntry:
    """The derivative by one number among the inputs, computed in several ways.

    Attributes:
        name: Which number: the label of its input, or else the parameter of `f`, and the position in it, as in `w[0]`.
        at: The number.
        analytic: The derivative by the rules; in reverse mode, unless only forward mode was asked for.
        numeric: The derivative by central differences.
        tolerance: How far they may lie apart.
        forward: The derivative by the rules in forward mode, if asked for beside reverse mode.
        kink: What bends here; where anything does, there is no derivative to compare with.

    Example:
        >>> entry = GradientEntry("w[0]", at=2.0, analytic=4.0, numeric=5.0, tolerance=1e-5)
        >>> entry.relative_error, entry.agrees
        (0.2, False)
    """

    name: str
    at: float
    analytic: float
    numeric: float
    tolerance: float
    forward: float | None = None
    kink: Kink | None = None

    @property
    def worse(self) -> float:
        """Of the derivatives by the rules, the one farther from that by differences."""
        by_rules = (self.analytic,) if self.forward is None else (self.analytic, self.forward)
        return max(by_rules, key=lambda slope: _distance(slope, self.numeric))

    @property
    def error(self) -> float:
        """The distance between rules and differences, inf unless all are finite."""
        return _distance(self.worse, self.numeric)

    @property
    def relative_error(self) -> float:
        """The distance as a fraction of the larger."""
        if self.error in (0.0, math.inf):
            return self.error
        return self.error / max(abs(self.worse), abs(self.numeric))

    @property
    def excess(self) -> float:
        """The distance as a multiple of the tolerance, above 1 if they disagree."""
        return self.error / self.tolerance if math.isfinite(self.error) else math.inf

    @property
    def agrees(self) -> bool:
        """Whether they are as close as can be expected, or nothing can be expected."""
        return self.kink is not None or self.excess <= 1.0

    def at_kink(self, kink: Kink | None) -> GradientEntry:
        """The same entry, with what bends here."""
        return replace(self, kink=kink)


@dataclass(frozen=True)
class GradientReport:
    """The outcome of `check_gradients`; as text a table, analytic and numeric side by side.

    Attributes:
        entries: The gradient: one entry for each number among the inputs, in order.
        second_order: How the gradient changes along one slanting direction through all of the inputs: again one entry
            for each of its numbers; empty if only the first order was checked.

    Example:
        >>> report = check_gradients(lambda x, w: w * x * x, 3.0, 0.5)
        >>> report.passed, [entry.analytic for entry in report.entries]
        (True, [3.0, 9.0])
    """

    entries: tuple[GradientEntry, ...]
    second_order: tuple[GradientEntry, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all entries agree."""
        return all(entry.agrees for entry in (*self.entries, *self.second_order))

    @property
    def worst(self) -> GradientEntry:
        """The entry that exceeds its tolerance by the largest factor, or comes closest to it."""
        return max((*self.entries, *self.second_order), key=lambda entry: (entry.kink is None, entry.excess))

    @property
    def kinks(self) -> tuple[GradientEntry, ...]:
        """The entries of the gradient that differences say nothing about."""
        return tuple(entry for entry in self.entries if entry.kink is not None)

    def __str__(self) -> str:
        lines = self._table(self.entries)
        if self.second_order:
            lines += [
                "",
                "second order: how the gradient changes along a slanting line",
                *self._table(self.second_order),
            ]
        return "\n".join(lines)

    def _table(self, entries: Sequence[GradientEntry]) -> list[str]:
        by_rules = ("analytic",) if entries[0].forward is None else ("reverse", "forward")
        rows = [("input", "at", *by_rules, "numeric", "relative error"), *map(_cells, entries)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        marks = ["", *map(self._mark, entries)]
        return [_line(row, widths) + mark for row, mark in zip(rows, marks, strict=True)]

    def _mark(self, entry: GradientEntry) -> str:
        if entry.kink is not None:
            return f"  <- kink: {entry.kink}"
        words = ["worst"] * (entry is self.worst) + ["disagrees"] * (not entry.agrees)
        return f"  <- {', '.join(words)}" if words else ""


def _distance(slope: float, numeric: float) -> float:
    distance = abs(slope - numeric)
    return distance if math.isfinite(distance) else math.inf


def _cells(entry: GradientEntry) -> tuple[str, ...]:
    forward = () if entry.forward is None else (entry.forward,)
    numbers = (f"{number:.10g}" for number in (entry.at, entry.analytic, *forward, entry.numeric))
    return entry.name, *numbers, f"{entry.relative_error:.1e}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One row: the name flush left, the numbers flush right."""
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
