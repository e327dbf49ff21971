"""Examples to try an answer on, from the smallest up: fewer operations first, then simpler numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

NUMBERS = (1.0, 2.0, -1.0, 3.0, 0.5)
"""From the simplest: what goes wrong at 1 need not be shown at 0.5."""


@dataclass(frozen=True)
class Case:
    """One call, as the text that is run, which is also the text that is shown.

    Attributes:
        text: `add(a, a)`.
        leaves: The number of each Value that the text names: `{"a": 2.0}`.
        graph: An expression of these Values, swept before the call; the text may call its result `root`.
        expected: What the call gives if it is right, where no function of the library says so.
    """

    text: str
    leaves: dict[str, float] = field(default_factory=dict)
    graph: str = ""
    expected: Any = None

    def __str__(self) -> str:
        root = [f"root = {self.graph}"] if self.graph else []
        given = root + [f"{name} = {number:g}" for name, number in self.leaves.items()]
        return f"{self.text}, where {', '.join(given)}" if given else self.text


def tuples(numbers: Sequence[float], length: int, count: int) -> list[tuple[float, ...]]:
    """The `count` simplest tuples: those whose numbers stand early in the list.

    Example:
        >>> tuples((1.0, 2.0, -1.0), length=2, count=3)
        [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0)]
    """
    places = itertools.product(range(len(numbers)), repeat=length)
    simplest = sorted(places, key=lambda place: (sum(place), place))[:count]
    return [tuple(numbers[i] for i in place) for place in simplest]


def lists(length: int, numbers: Sequence[float] = NUMBERS, count: int = 8) -> list[list[float]]:
    """The simplest lists of up to `length` numbers, shorter ones first."""
    return [list(row) for size in range(1, length + 1) for row in tuples(numbers, size, count)]


def expressions(calls: Iterable[str], size: int) -> list[str]:
    """Expressions of up to `size` operations that use one of the calls, the smaller first.

    Example:
        >>> expressions(["f({}, {})"], 1)
        ['f(a, b)', 'f(a, a)']
        >>> expressions(["f({})"], 2)
        ['f(a)', '3 * f(a)', '-f(a)', 'f(3 * a)', 'f(-a)', 'f(f(a))']
    """
    calls = list(calls)
    names = {call.partition("(")[0] for call in calls}
    found = [text for operations in range(1, size + 1) for text in _of_size(calls, operations)]
    canonical = (text for text in found if any(f"{name}(" in text for name in names) and _starts_with_a(text))
    return list(dict.fromkeys(canonical))


def _of_size(calls: list[str], operations: int) -> Iterator[str]:
    if operations == 0:
        yield from "ab"
        return
    yield from (wrap.format(inner) for wrap in ("3 * {}", "-{}") for inner in _of_size(calls, operations - 1))
    for call in calls:
        if call.count("{}") == 1:
            yield from (call.format(inner) for inner in _of_size(calls, operations - 1))
        else:
            yield from _of_two(calls, call, operations)


def _of_two(calls: list[str], call: str, operations: int) -> Iterator[str]:
    for left in range(operations):
        pairs = itertools.product(_of_size(calls, left), _of_size(calls, operations - 1 - left))
        # Different operands first: `f(a, b)` is the example that everybody has in mind.
        yield from (call.format(*pair) for pair in sorted(pairs, key=lambda pair: pair[0] == pair[1]))


def _starts_with_a(text: str) -> bool:
    """Whether the names come in the alphabet's order: `f(b, a)` says no more than `f(a, b)`."""
    return "a" in leaves_of(text) and "b" not in leaves_of(text)[:1]


def leaves_of(text: str) -> list[str]:
    """The Values that an expression names, in order, each once."""
    words = "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
    return list(dict.fromkeys(word for word in words if word in ("a", "b")))


def calls_of(*calls: str, numbers: Sequence[float] = NUMBERS, size: int = 2) -> Iterator[Case]:
    """Each expression with the simplest numbers for its Values."""
    for text in expressions(calls, size):
        names = leaves_of(text)
        for row in tuples(numbers, len(names), 8):
            yield Case(text, dict(zip(names, row, strict=True)))
