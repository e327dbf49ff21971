"""Two stages of a program side by side, as plain data: what stayed, what went, what is new, what became what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from micrograd.engine.jit.compiling.stages import Stage

WHAT = {
    "trace": "the operations of one run of your function, one by one",
    "folding": "what depends on no argument is computed once",
    "dead": "what no result depends on is dropped",
    "sums": "chains of + become single sums",
    "lifting": "operations that differ only in what they read become one array instruction",
    "spreading": "the program of one row acts on all of them",
    "reverse": "the gradients, by the rules of the table, after the program itself",
    "update": "the gradients and the optimiser's rule, after the program itself",
    "shared": "what is computed already isn't computed again",
}


def compared(stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """Each stage beside the one before it.

    Returns:
        For each stage its `name`, `what` it does, how many instructions it left (`count`), and `rows`: pairs of an
        instruction before and after, None where there is none. An instruction is `[text, origin, line, became]`, where
        `became` is the name of the one that took its place.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import jit
        >>> step = jit(lambda x: x.exp() + x.exp())
        >>> y = step(np.ones(2))
        >>> shared = compared(step.stages)[1]
        >>> shared["name"], [row[0][3] for row in shared["rows"] if row[1] is None]
        ('lifting, shared', ['v0'])
    """
    pairs = zip([None, *stages], stages, strict=False)
    return [
        {"name": after.name, "what": _what(after.name), "count": len(after.instructions), "rows": _rows(before, after)}
        for before, after in pairs
    ]


def _what(name: str) -> str:
    """What a pass does, by the last part of its name that is known."""
    parts = name.replace(": ", ", ").split(", ")
    return next((WHAT[part] for part in reversed(parts) if part in WHAT), "")


def _rows(before: Stage | None, after: Stage) -> list[list[Any]]:
    """The two lists merged: both keep the order of what they have in common."""
    if before is None:
        return [[None, _entry(after, k, after, {})] for k in range(len(after.instructions))]
    names = {id(i): line.partition(":")[0] for i, line in zip(after.instructions, after.lines, strict=True)}
    left = [_entry(before, k, after, names) for k in range(len(before.instructions))]
    right = [_entry(after, k, after, {}) for k in range(len(after.instructions))]
    places = {id(instruction): place for place, instruction in enumerate(after.instructions)}
    rows: list[list[Any]] = []
    done = 0
    for entry, instruction in zip(left, before.instructions, strict=True):
        place = places.get(id(instruction))
        if place is None or place < done:
            rows.append([entry, None])
            continue
        rows += [[None, new] for new in right[done:place]]
        rows.append([entry, right[place]])
        done = place + 1
    return rows + [[None, new] for new in right[done:]]


def _entry(stage: Stage, place: int, after: Stage, names: dict[int, str]) -> list[Any]:
    instruction = stage.instructions[place]
    became = after.merged.get(id(instruction))
    line = instruction.source.line if instruction.source is not None else 0
    became_name = names.get(id(became), "") if became is not None else ""
    return [stage.lines[place], stage.origins.get(id(instruction), ""), line, became_name]
