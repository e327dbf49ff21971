"""Where each scalar parameter stands in the flat array of all: next to those that are read in the same way.

The weights of a layer are read by one group of products and its biases by one group of sums. Put side by side, in the
order of first reading, they are a matrix and a vector.
"""

from __future__ import annotations

from micrograd.engine.jit.passes.grouping import Groups
from micrograd.engine.jit.tape import PARAMETER, Tape


def parameter_order(tape: Tape, groups: Groups, count: int) -> list[int]:
    """The numbers of the parameters in the order of the flat array; those that are never read come last."""
    first: dict[int, tuple[int, int, int]] = {}
    for i, op in enumerate(tape.ops):
        if isinstance(op, str):
            continue
        for slot, j in enumerate(tape.operands[i]):
            if tape.ops[j] == PARAMETER and j not in first:
                first[j] = (groups.group_of[i], 0 if len(tape.operands[i]) > 2 else slot, len(first))
    read = [tape.operands[j][0] for j in sorted(first, key=first.__getitem__)]
    known = set(read)
    return read + [number for number in range(count) if number not in known]
