"""Where each scalar parameter stands in the flat array of all: next to those that are read in the same way.

The weights of a layer are read by one group of products and its biases by one group of sums. Put side by side, in the
order of first reading, they are a matrix and a vector.
"""

from __future__ import annotations

import numpy as np

from micrograd.engine.jit.passes.grouping import Groups
from micrograd.engine.jit.tape import PARAMETER, Tape


def parameter_order(tape: Tape, groups: Groups, count: int) -> list[int]:
    """The numbers of the parameters in the order of the flat array; those that are never read come last."""
    known = dict.fromkeys(tape.operands[entry][0] for entry in _in_order_of_use(groups))
    return list(known | dict.fromkeys(range(count)))


def _in_order_of_use(groups: Groups) -> list[int]:
    """The parameters' entries by the group that reads them first, there by the operand, there as they are read."""
    mine = next((number for number, group in enumerate(groups.groups) if group.op == PARAMETER), None)
    found = []
    for number, group in enumerate(groups.groups):
        read = groups.read_by(number)
        is_mine = groups.group_of[read] == mine
        if is_mine.any():
            place, slot = np.nonzero(is_mine)
            operand = np.zeros_like(slot) if read.shape[1] > 2 else slot
            found.append(np.stack([group.members[place], slot, np.full_like(slot, number), operand, read[place, slot]]))
    if not found:
        return []
    reader, slot, number, operand, entry = np.concatenate(found, axis=1)
    first = np.lexsort((slot, reader))
    first = first[np.sort(np.unique(entry[first], return_index=True)[1])]
    ordered = first[np.lexsort((operand[first], number[first]))]
    in_order: list[int] = entry[ordered].tolist()
    return in_order
