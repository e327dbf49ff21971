"""Finds the mistake that an answer makes: the one in `wrong/` that gives the same outcomes.

How an answer is written doesn't matter, only what it computes.
"""

from __future__ import annotations

import inspect
import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ladder.cases import Case
from ladder.outcomes import Outcome, run
from ladder.rungs.rung import Rung

WRONG = Path(__file__).parents[1] / "wrong"


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that we have thought of.

    Attributes:
        name: The function in `wrong/`.
        answer: The function itself.
        thought: Its docstring: what somebody thought who wrote it, and what is so instead.
    """

    name: str
    answer: Callable[..., Any]
    thought: str


@cache
def mistakes(exercise: str) -> tuple[Mistake, ...]:
    """The mistakes that are known for an exercise."""
    names = runpy.run_path(str(WRONG / f"{exercise}.py"))
    public = [(name, thing) for name, thing in names.items() if inspect.isfunction(thing) and name[0] != "_"]
    own = [(name, thing) for name, thing in public if thing.__module__ == names["__name__"]]
    return tuple(Mistake(name, thing, inspect.getdoc(thing) or "") for name, thing in own)


def diagnose(rung: Rung, cases: Sequence[Case], outcomes: Sequence[Outcome], first: int) -> tuple[Mistake | None, bool]:
    """The mistake that explains the outcomes, and whether it explains all of them or just the first wrong one."""
    likely = [mistake for mistake in mistakes(rung.name) if _explains(rung, mistake, cases[first], outcomes[first])]
    for mistake in likely:
        if all(_explains(rung, mistake, case, found) for case, found in zip(cases, outcomes, strict=True)):
            return mistake, True
    return (likely[0] if likely else None), False


def _explains(rung: Rung, mistake: Mistake, case: Case, found: Outcome) -> bool:
    return run(case, rung.function, mistake.answer, rung.read).agrees_with(found)
