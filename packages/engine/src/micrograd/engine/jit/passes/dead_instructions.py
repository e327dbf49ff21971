"""Dead code in a program: instructions that no output depends on are dropped."""

from __future__ import annotations

from micrograd.engine.jit.program import Instruction, Program


def drop_dead_instructions(program: Program) -> Program:
    """The instructions that the outputs depend on."""
    alive = {id(output) for output in program.outputs}
    kept = []
    for instruction in reversed(program.instructions):
        if id(instruction) in alive:
            kept.append(instruction)
            alive.update(id(operand) for operand in instruction.operands if isinstance(operand, Instruction))
    return Program(program.inputs, kept[::-1], program.outputs, program.updates)
