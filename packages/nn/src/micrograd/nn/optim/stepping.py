"""A step of one optimiser or several, taken as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from micrograd.engine.observing.listeners import listeners, tell

States = tuple[Any, ...]
Snapshot = tuple[list[Any], Sequence[States], int, list[int]]
"""Of all parameters: their numbers, their states, the count of steps, and how many of these each one sat out."""

_Rule = TypeVar("_Rule", bound=Callable[..., Any])


def elementwise(rule: _Rule) -> _Rule:
    """Say of a rule that what becomes of a number follows from that number, its gradient and its states alone.

    Small parameters then move as one array; see `joint.py`.
    """
    rule.is_elementwise = True  # type: ignore[attr-defined]
    return rule


def step_together(optimizers: Sequence[Any]) -> None:
    """Take a step of each, all or none."""
    moves = [(optimizer, before := optimizer.snapshot(), optimizer.after_step(*before)) for optimizer in optimizers]
    try:
        for optimizer, _, after in moves:
            optimizer.move(*after)
    except BaseException:
        for optimizer, before, _ in moves:
            optimizer.restore(*before)
        raise
    if listeners:
        tell("stepped", moves, None)
