"""Sums of many: a chain `((a + b) + c) + d` whose middle nobody else reads becomes one entry, in the same order."""

from __future__ import annotations

from micrograd.engine.jit.tape import Tape

SUM = "sum of many"
"""Stands in the place of an operation; the operands are the summands."""


class SumOfMany:
    """The operation of an entry with any number of summands."""

    name = SUM
    elementwise = False


SUM_OF_MANY = SumOfMany()


def flatten_sums(tape: Tape, roots: list[int]) -> tuple[Tape, list[int]]:
    """The tape with chains of `+` as single entries."""
    users = _count_users(tape, roots)
    inner = [False] * len(tape)
    for i, op in enumerate(tape.ops):
        if not isinstance(op, str) and op.name == "add":
            for j in tape.operands[i]:
                inner[j] = _is_add(tape, j) and users[j] == 1
    out = Tape()
    places = [-1] * len(tape)
    for i, op in enumerate(tape.ops):
        if inner[i]:
            continue
        operands = tape.operands[i]
        if isinstance(op, str):
            places[i] = out.append(op, operands)
        elif op.name == "add":
            summands = _summands(tape, i, inner)
            operation = SUM_OF_MANY if len(summands) > 2 else op
            places[i] = out.append(operation, tuple([places[j] for j in summands]), None, tape.sources[i])
        else:
            places[i] = out.append(op, tuple([places[j] for j in operands]), tape.params[i], tape.sources[i])
    return out, [places[root] for root in roots]


def _count_users(tape: Tape, roots: list[int]) -> list[int]:
    users = [0] * len(tape)
    for root in roots:
        users[root] += 2  # an output is read from outside, too
    for i, op in enumerate(tape.ops):
        if not isinstance(op, str):
            for j in tape.operands[i]:
                users[j] += 1
    return users


def _is_add(tape: Tape, i: int) -> bool:
    op = tape.ops[i]
    return not isinstance(op, str) and op.name == "add"


def _summands(tape: Tape, root: int, inner: list[bool]) -> list[int]:
    """The leaves of a tree of additions, from left to right."""
    found = []
    stack = list(reversed(tape.operands[root]))
    while stack:
        i = stack.pop()
        if inner[i]:
            stack += reversed(tape.operands[i])
        else:
            found.append(i)
    return found
