"""Batching and rolling: entries that differ only in the leaves that they read become the members of one group.

The class of an entry is its operation and the classes of its operands, where every parameter has one class, and so has
every argument and every constant. Entries of one class have the same height, so that none depends on another: a group
may always be computed by one vector instruction. In a net, the products of one layer fall into one group, for they
differ only in their sample (batching) and their weights (rolling).
"""

from __future__ import annotations

from typing import Any

from micrograd.engine.jit.passes.sums import SUM_OF_MANY
from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, Tape

_MANY = 1000  # groups
_FEW = 8  # members in each, on average


class Group:
    """The entries of one class.

    Attributes:
        op: Their operation, or the kind of leaf.
        params: Its settings.
        operands: For each operand the group that it comes from; of a sum, pairs of a group and how many in a row.
        members: The entries, in the order of the trace.
        source: The line of the first.
    """

    __slots__ = ("members", "op", "operands", "params", "source")

    def __init__(self, op: Any, params: Any, operands: tuple[Any, ...], source: Any) -> None:
        self.op = op
        self.params = params
        self.operands = operands
        self.members: list[int] = []
        self.source = source

    @property
    def title(self) -> str:
        """How many entries of which operation these are: `1,600 × mul`."""
        return f"{len(self.members):,} × {getattr(self.op, 'name', self.op)}"


class Irregular(Exception):
    """Most entries are of a class of their own, so that groups are no better than single entries."""


class Groups:
    """All groups of a tape, those that read others after them.

    Attributes:
        groups: Leaves included.
        group_of: For each entry the number of its group.
        place_of: For each entry its place in the group.
    """

    def __init__(self, tape: Tape) -> None:
        self.groups: list[Group] = []
        self.group_of: list[int] = []
        self.place_of: list[int] = []
        known: dict[Any, int] = {}
        for i, op in enumerate(tape.ops):
            operands, params = tape.operands[i], tape.params[i]
            if op is SUM_OF_MANY:
                # Summands of one group side by side: a sum that takes turns between two is two sums.
                operands = tape.operands[i] = tuple(sorted(operands, key=self.group_of.__getitem__))
            key = _key(op, operands, params, self.group_of)
            number = known.get(key)
            if number is None:
                number = known[key] = len(self.groups)
                self.groups.append(Group(op, params, key[1], tape.sources[i]))
            group = self.groups[number]
            self.group_of.append(number)
            self.place_of.append(len(group.members))
            group.members.append(i)

    @property
    def are_irregular(self) -> bool:
        """Whether there are many groups with few members: one instruction each costs more than it saves."""
        return len(self.groups) > _MANY and len(self.group_of) < _FEW * len(self.groups)


def _key(op: Any, operands: tuple[Any, ...], params: Any, group_of: list[int]) -> tuple[Any, ...]:
    if op == CONSTANT:
        return op, ()
    if isinstance(op, str):
        return op, (operands[0],) if op == ARGUMENT else ()
    read = tuple([group_of[j] for j in operands])
    if op is SUM_OF_MANY:
        read = _runs(read)
    return (id(op), read, tuple(params.items())) if params else (id(op), read)


def _runs(read: tuple[int, ...]) -> tuple[Any, ...]:
    """Equal neighbours counted: (4, 7, 7, 7) -> ((4, 1), (7, 3))."""
    runs: list[list[int]] = []
    for group in read:
        if runs and runs[-1][0] == group:
            runs[-1][1] += 1
        else:
            runs.append([group, 1])
    return tuple(map(tuple, runs))
