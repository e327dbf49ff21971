"""Dead code on the tape: entries that no output depends on are dropped."""

from __future__ import annotations

from micrograd.engine.jit.tape import Tape

ROOT = 2
"""An output counts as read so often: from outside, by more than one."""


def count_readers(tape: Tape, roots: list[int]) -> list[int]:
    """How often each entry is read by entries that the roots depend on; 0 for those that are dead."""
    readers = [0] * len(tape)
    for root in roots:
        readers[root] += ROOT
    for entry in range(len(tape) - 1, -1, -1):
        if readers[entry] and tape.ops[entry].__class__ is not str:
            for j in tape.operands[entry]:
                readers[j] += 1
    return readers


def drop_dead_entries(tape: Tape, roots: list[int]) -> tuple[Tape, list[int]]:
    """The entries that the roots depend on, and where the roots stand now."""
    out, places = tape.copy_of(count_readers(tape, roots))
    return out, [places[root] for root in roots]
