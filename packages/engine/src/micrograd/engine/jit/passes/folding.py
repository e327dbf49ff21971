"""Constant folding: an operation on constants alone is done once, here; and the 0 that Python's `sum` begins with goes.

Other neutral constants stay: where the label of one sample in two is 1.0, dropping `1.0 * score` would make two kinds
of samples out of one.
"""

from __future__ import annotations

from micrograd.engine.jit.tape import CONSTANT, Tape


def fold_constants(tape: Tape, roots: list[int]) -> tuple[Tape, list[int]]:
    """The tape with constants computed, and where its roots stand now."""
    out = Tape()
    places: list[int] = []
    for op, operands, params, source in zip(tape.ops, tape.operands, tape.params, tape.sources, strict=True):
        if isinstance(op, str):
            places.append(out.leaf(op, *operands))
            continue
        moved = tuple([places[j] for j in operands])
        fixed = [out.ops[j] == CONSTANT for j in moved]
        if all(fixed):
            number = op.forward(*[out.operands[j][0] for j in moved], **(params or {}))
            places.append(out.leaf(CONSTANT, float(number)))
        elif op.name == "add" and any(fixed) and _is_start(out, moved[fixed.index(True)]):
            places.append(moved[fixed.index(False)])
        else:
            places.append(out.append(op, moved, params, source))
    return out, [places[root] for root in roots]


def _is_start(tape: Tape, entry: int) -> bool:
    """Whether a constant is the integer 0, with which `sum` begins; data that happens to be 0.0 is a float."""
    number = tape.operands[entry][0]
    return type(number) is int and number == 0
