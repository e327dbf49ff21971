"""Dead code on the tape: entries that no output depends on are dropped."""

from __future__ import annotations

from micrograd.engine.jit.tape import Tape


def drop_dead_entries(tape: Tape, roots: list[int]) -> tuple[Tape, list[int]]:
    """The entries that the roots depend on, and where the roots stand now."""
    alive = [False] * len(tape)
    for root in roots:
        alive[root] = True
    for i in range(len(tape) - 1, -1, -1):
        if alive[i] and not isinstance(tape.ops[i], str):
            for j in tape.operands[i]:
                alive[j] = True
    out, places = tape.copy_of(alive)
    return out, [places[root] for root in roots]
