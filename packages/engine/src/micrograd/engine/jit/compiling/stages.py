"""`Stage`: a program as one pass left it, for whoever wants to see what the pass did.

An instruction is the same object from pass to pass, though its name changes; so a stage holds the objects and, since
later passes write into them, their text of that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from micrograd.engine.jit.program import Instruction, Program


@dataclass(frozen=True)
class Stage:
    """What a pass left.

    Attributes:
        name: Of the pass.
        text: The whole program, printed.
        instructions: The instructions.
        lines: The text of each.
        merged: By the id of an instruction that the pass dropped, the one that computes the same.
        origins: By the id of an instruction, what it was lifted from: `1,600 × mul`.
    """

    name: str
    text: str
    instructions: tuple[Instruction, ...]
    lines: tuple[str, ...]
    merged: Mapping[int, Instruction] = field(default_factory=dict)
    origins: Mapping[int, str] = field(default_factory=dict)


def stage_of(
    name: str,
    program: Program,
    merged: Mapping[int, Instruction] | None = None,
    origins: Mapping[int, str] | None = None,
) -> Stage:
    """A program as it is now."""
    instructions = tuple(program.instructions)
    return Stage(name, str(program), instructions, tuple(map(repr, instructions)), merged or {}, origins or {})
