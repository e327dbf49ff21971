"""Common subexpressions: an instruction that computes what another one has computed already is dropped."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.jit.program import Instruction, Program

_COMMUTATIVE = ("add", "mul")


def share_subexpressions(program: Program, same: dict[int, Instruction] | None = None) -> Program:
    """The program with each value computed once.

    Args:
        program: Any program.
        same: Receives, by the id of each instruction that is dropped, the one that computes the same.
    """
    known: dict[Any, Instruction] = {}
    same = {} if same is None else same
    kept = []
    for instruction in program.instructions:
        instruction.operands = tuple([same.get(id(operand), operand) for operand in instruction.operands])
        operands = tuple(map(_key, instruction.operands))
        if instruction.op.name in _COMMUTATIVE:
            operands = tuple(sorted(operands, key=repr))
        key = (id(instruction.op), operands, _key(instruction.params))
        first = known.setdefault(key, instruction)
        if first is instruction:
            kept.append(instruction)
        else:
            same[id(instruction)] = first
    return Program(program.inputs, kept, [same.get(id(o), o) for o in program.outputs], program.updates)


def _key(x: Any) -> Any:
    if isinstance(x, dict):
        return tuple((name, _key(setting)) for name, setting in x.items())
    if isinstance(x, (tuple, list)):
        return tuple(map(_key, x))
    if isinstance(x, (Instruction, np.ndarray)):
        return id(x)
    # 0.0 and -0.0 are equal, but not the same.
    return (type(x), repr(x)) if isinstance(x, (float, np.floating)) else (type(x), str(x))
