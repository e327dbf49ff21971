"""Constant folding: an operation on constants alone is done once, here; and the 0 that Python's `sum` begins with goes.

Other neutral constants stay: where the label of one sample in two is 1.0, dropping `1.0 * score` would make two kinds
of samples out of one.
"""

from __future__ import annotations

from micrograd.engine.jit.tape import CONSTANT, Tape


def fold_constants(tape: Tape, roots: list[int]) -> list[int]:
    """Compute constants on the tape itself; where its roots stand now."""
    ops, read = tape.ops, tape.operands
    constants: set[int] = set()
    same: dict[int, int] = {}  # what is another entry
    for entry, op in enumerate(ops):
        if op.__class__ is str:
            if op == CONSTANT:
                constants.add(entry)
            continue
        operands = read[entry]
        if same:
            operands = read[entry] = tuple([same.get(j, j) for j in operands])
        if constants.isdisjoint(operands):
            continue
        if constants.issuperset(operands):
            number = op.forward(*[read[j][0] for j in operands], **(tape.params[entry] or {}))
            ops[entry], read[entry], tape.params[entry] = CONSTANT, (float(number),), None
            constants.add(entry)
        elif op.name == "add" and (other := _beside_start(read, operands, constants)) is not None:
            same[entry] = other
    return [same.get(root, root) for root in roots]


def _beside_start(read: list[tuple[int, ...]], operands: tuple[int, ...], constants: set[int]) -> int | None:
    """The summand beside the integer 0, with which `sum` begins; data that happens to be 0.0 is a float."""
    start, other = operands if operands[0] in constants else reversed(operands)
    number = read[start][0]
    return other if type(number) is int and number == 0 else None
