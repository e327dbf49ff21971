"""Sums of many: a chain `((a + b) + c) + d` whose middle nobody else reads becomes one entry, in the same order."""

from __future__ import annotations

from micrograd.engine.jit.tape import Tape
from micrograd.engine.ops.elementwise import add

SUM = "sum of many"
"""Stands in the place of an operation; the operands are the summands."""


class SumOfMany:
    """The operation of an entry with any number of summands."""

    name = SUM
    elementwise = False


SUM_OF_MANY = SumOfMany()


def flatten_sums(tape: Tape, readers: list[int]) -> None:
    """Make single entries of chains of `+`, on the tape itself.

    Args:
        tape: The operations.
        readers: How often each entry is read; those within a chain are not, afterwards.
    """
    ops, read = tape.ops, tape.operands
    sums = [entry for entry, op in enumerate(ops) if op is add and readers[entry]]
    inner = {j for entry in sums for j in read[entry] if ops[j] is add and readers[j] == 1}
    for entry in sums:
        if entry not in inner:
            summands = _summands(read, entry, inner)
            if len(summands) > 2:
                ops[entry], read[entry] = SUM_OF_MANY, tuple(summands)
    for entry in inner:
        readers[entry] = 0


def _summands(read: list[tuple[int, ...]], root: int, inner: set[int]) -> list[int]:
    """The leaves of a tree of additions, from left to right."""
    found = []
    stack = list(reversed(read[root]))
    while stack:
        entry = stack.pop()
        if entry in inner:
            stack += reversed(read[entry])
        else:
            found.append(entry)
    return found
