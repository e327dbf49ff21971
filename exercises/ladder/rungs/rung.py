"""One exercise, as the checker knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ladder.cases import Case
from ladder.outcomes import Read


@dataclass(frozen=True)
class Rung:
    """One exercise.

    Attributes:
        name: The name of its file, `02_add`; without the number, that of the function which the learner writes.
        right: A function of the library, or of plain arithmetic, that does the same.
        cases: The examples, the smallest first.
        read: What is to be compared of a result; the result itself if None.
    """

    name: str
    right: Callable[..., Any]
    cases: Callable[[], Iterator[Case]]
    read: Read | None = None

    @property
    def function(self) -> str:
        """The name of the function that the learner writes."""
        return self.name[3:]
