"""What the checks found, as data, as text and as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(frozen=True)
class Problem:
    """Something that keeps a model from learning, or makes it learn the wrong thing.

    Attributes:
        kind: Its name, always the same for the same kind.
        where: In which parameter, layer or line.
        what: What was seen.
        why: Why it matters.
        instead: The corrected code.

    Example:
        >>> print(Problem("one target for all", "y", "all 8 are 1", "a constant is right", "shuffle"))
        one target for all: y
          What: all 8 are 1
          Why it matters: a constant is right
          Instead: shuffle
    """

    kind: str
    where: str
    what: str
    why: str
    instead: str

    def __str__(self) -> str:
        lines = [f"{self.kind}: {self.where}", f"  What: {self.what}", f"  Why it matters: {self.why}"]
        return "\n".join([*lines, f"  Instead: {self.instead}"])


class Report(Sequence[Problem]):
    """All problems that were found, in the order in which one would mend them; empty, and so false, if there are none.

    Example:
        >>> Report([])
        no problem found
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = tuple(problems)

    @property
    def kinds(self) -> list[str]:
        """The kind of each problem."""
        return [problem.kind for problem in self._problems]

    def __len__(self) -> int:
        return len(self._problems)

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Report: ...
    def __getitem__(self, index: int | slice) -> Problem | Report:
        return Report(self._problems[index]) if isinstance(index, slice) else self._problems[index]

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._problems)

    def __repr__(self) -> str:
        return "\n\n".join(map(str, self._problems)) or "no problem found"

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self._problems))
        return f"<table>{rows}</table>" if rows else "<p>no problem found</p>"


def _row(problem: Problem) -> str:
    texts = (problem.kind, problem.where, problem.what, problem.why, problem.instead)
    kind, where, what, why, instead = map(html.escape, texts)
    return (
        f'<tr><td style="text-align:left;vertical-align:top"><b>{kind}</b><br>{where}</td>'
        f'<td style="text-align:left">{what}<br><i>{why}</i><br><code>{instead}</code></td></tr>'
    )
