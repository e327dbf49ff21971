"""Dead code: what no output depends on is dropped."""

from __future__ import annotations

from micrograd.engine.jit.program import Instruction, Program
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


def drop_dead_instructions(program: Program) -> Program:
    """The instructions that the outputs depend on."""
    alive = {id(output) for output in program.outputs}
    kept = []
    for instruction in reversed(program.instructions):
        if id(instruction) in alive:
            kept.append(instruction)
            alive.update(id(operand) for operand in instruction.operands if isinstance(operand, Instruction))
    return Program(program.inputs, kept[::-1], program.outputs, program.updates)
