"""Batching and rolling: entries that differ only in the leaves that they read become the members of one group.

The class of an entry is its operation and the classes of its operands, where every parameter has one class, and so has
every argument and every constant. Entries of one class have the same height, so that none depends on another: a group
may always be computed by one vector instruction. In a net, the products of one layer fall into one group, for they
differ only in their sample (batching) and their weights (rolling).
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from micrograd.engine.jit.passes.sums import SUM_OF_MANY
from micrograd.engine.jit.tape import ARGUMENT, Tape

_MANY = 1000  # groups
_FEW = 8  # members in each, on average


class Group:
    """The entries of one class.

    Attributes:
        op: Their operation, or the kind of leaf.
        params: Its settings.
        operands: For each operand the group that it comes from; of a sum, pairs of a group and how many in a row.
        members: The entries, in the order of the trace.
    """

    __slots__ = ("members", "op", "operands", "params")

    members: np.ndarray

    def __init__(self, op: Any, params: Any, operands: tuple[Any, ...]) -> None:
        self.op = op
        self.params = params
        self.operands = operands

    @property
    def is_of_leaves(self) -> bool:
        """Whether these are parameters, elements of an argument, or constants."""
        return isinstance(self.op, str)

    @property
    def title(self) -> str:
        """How many entries of which operation these are: `1,600 × mul`."""
        return f"{len(self.members):,} × {getattr(self.op, 'name', self.op)}"


class Irregular(Exception):
    """Most entries are of a class of their own, so that groups are no better than single entries."""


class Groups:
    """All groups of a tape, those that read others after them.

    Args:
        tape: The operations.
        readers: How often each entry is read; those that nobody reads are in no group.
        may_refuse: Whether to raise `Irregular` if lifting gains nothing.

    Raises:
        Irregular: If there are many groups with few members: one instruction for each costs more than it saves.

    Attributes:
        groups: Leaves included.
        group_of: For each entry the number of its group, -1 for none.
        place_of: For each entry its place in the group.
    """

    def __init__(self, tape: Tape, readers: list[int], may_refuse: bool = False) -> None:
        self._tape = tape
        self._read: dict[int, np.ndarray] = {}
        self.groups: list[Group] = []
        self.group_of = np.array(self._classes(readers), dtype=int)
        dead = readers.count(0)
        if may_refuse and len(self.groups) > _MANY and len(tape) - dead < _FEW * len(self.groups):
            raise Irregular
        self.place_of = np.zeros(len(tape), dtype=int)
        in_order = np.argsort(self.group_of, kind="stable")[dead:]
        sizes = np.bincount(self.group_of[in_order], minlength=len(self.groups))
        for group, members in zip(self.groups, np.split(in_order, np.cumsum(sizes)[:-1]), strict=False):
            group.members = members
            self.place_of[members] = np.arange(len(members))

    def _classes(self, readers: list[int]) -> list[int]:
        """The number of the group of each entry."""
        ops, operands, params = self._tape.ops, self._tape.operands, self._tape.params
        group_of = [-1] * len(ops)
        known: dict[Any, int] = {}
        for i in itertools.compress(range(len(ops)), readers):
            key: tuple[Any, ...]
            op = ops[i]
            if op is SUM_OF_MANY:
                # Summands of one group side by side: a sum that takes turns between two is two sums.
                operands[i] = tuple(sorted(operands[i], key=group_of.__getitem__))
                key = op, _runs([group_of[j] for j in operands[i]])
            elif op.__class__ is str:
                key = op, operands[i][:1] if op == ARGUMENT else ()
            else:
                key = op, tuple([group_of[j] for j in operands[i]])
            settings = params[i]
            whole = (*key, tuple(settings.items())) if settings else key
            number = known.get(whole)
            if number is None:
                number = known[whole] = len(self.groups)
                self.groups.append(Group(op, settings, key[1]))
            group_of[i] = number
        return group_of

    def read_by(self, number: int) -> np.ndarray:
        """The entries that the members of a group read, shape (members, operands); none are read by leaves."""
        known = self._read.get(number)
        if known is None:
            group = self.groups[number]
            read = [] if group.is_of_leaves else [self._tape.operands[i] for i in group.members.tolist()]
            numbers = np.fromiter(itertools.chain.from_iterable(read), int)
            known = self._read[number] = numbers.reshape(len(group.members), -1)
        return known


def _runs(read: list[int]) -> tuple[Any, ...]:
    """Equal neighbours counted: (4, 7, 7, 7) -> ((4, 1), (7, 3))."""
    return tuple([(group, len(list(run))) for group, run in itertools.groupby(read)])
