"""`Places`: where the operands and results of a program lie in the workspace of its loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.accesses import Access, Unsupported, loop_order, within
from micrograd.engine.jit.backends.buffers import clash, readers
from micrograd.engine.jit.backends.loops import Loops
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import row_major

VIEWS = ("reshape", "strided", "permute_dims", "broadcast_to", "getitem")
_NOT_FREE = (*VIEWS, "assembled")  # the zeros between the parts of a larger array are never written again


class Places:
    """What lies where.

    Args:
        program: Whose.
        loops: Have the workspace.
        by_index: The primitives that read their operands by indices, so that the axes of these may lie in any order.
        in_place: Those whose results may be computed in their place in a larger array.

    Attributes:
        known: Where things lie, by their ids.
        homes: Where results belong that are parts of a larger array.
        updated: By the ids of results, the inputs over which they are written.
        users: Who reads each result.
        contents: Arrays that are to be in the workspace from the start.
    """

    def __init__(self, program: Program, loops: Loops, by_index: Collection[str], in_place: Collection[str]) -> None:
        self._program, self._loops, self._in_place = program, loops, in_place
        self.known: dict[int, Access] = {}
        self.homes: dict[int, Access] = {}
        self.updated: dict[int, Instruction] = {}
        self.users = readers(program)
        self.contents: list[tuple[Access, np.ndarray]] = []
        # -1 stands for the caller; the others read flat memory.
        self._needing_order = {-1} | {id(i) for i in program.instructions if i.op.name not in by_index}

    def take(self, operand: Any, content: np.ndarray) -> Access:
        """Make room for an input or a constant."""
        access = self.known[id(operand)] = self._loops.space(np.shape(content))
        self.contents.append((access, content))
        return access

    def new(self, instruction: Instruction, free: Sequence[Access] = ()) -> Access:
        """A place for a result: that of what it updates, its home in a larger array, one that is free, or a new one."""
        key = id(instruction)
        access = self.known[id(self.updated[key])] if key in self.updated else self.homes.get(key)
        if access is None:
            is_ours, in_order = self._is_ours(instruction), row_major(instruction.shape)
            access = next((a for a in free if is_ours or a.strides == in_order), None)
            if access is None:
                access = self._loops.space(instruction.shape, loop_order(instruction.shape) if is_ours else None)
        self.known[key] = access
        return access

    def free(self, shape: tuple[int, ...], read: Iterable[Any], readers: set[int]) -> list[Access]:
        """The places of results of this shape that nobody reads but these instructions."""
        return [
            self.known[id(o)]
            for o in {id(o): o for o in read if isinstance(o, Instruction)}.values()
            if o.shape == shape and o.op is not None and o.op.name not in _NOT_FREE and id(o) in self.known
            if self.users.get(id(o), set()) <= readers
        ]

    def lies_in(self, operand: Any, target: Instruction) -> bool:
        """Whether an operand is read from the place of an input."""
        if id(operand) not in self.known:
            return False
        return 0 <= self.known[id(operand)].offset - self.known[id(target)].offset < target.size

    def _is_ours(self, instruction: Instruction) -> bool:
        """Whether only loops read a result, so that its axes may lie in memory in any order."""
        return not self.users.get(id(instruction), {-1}) & self._needing_order

    def located(self, operand: Any) -> Access:
        """Where an operand lies.

        Raises:
            Unsupported: If it is an input of integers, which aren't in the workspace.
        """
        if id(operand) in self.known:
            return self.known[id(operand)]
        if isinstance(operand, Instruction):
            raise Unsupported(f"{operand!r}: the numba back end reads integers as labels alone")
        return self.take(operand, operand)

    def place_parts(self) -> None:
        """Find the homes of the parts of larger arrays that nobody else reads."""
        for instruction in self._program.instructions:
            if instruction.op.name != "assembled":
                continue
            places = instruction.params["places"]
            whole = self.known[id(instruction)] = self._loops.space(instruction.shape)
            times = Counter(map(id, instruction.operands))  # one that goes to two places is at home in neither
            for part, place in zip(instruction.operands, places, strict=True):
                is_read_here = self.users.get(id(part)) == {id(instruction)} and times[id(part)] == 1
                mine = isinstance(part, Instruction) and is_read_here
                if mine and part.op is not None and part.op.name in self._in_place and not clash(place, places):
                    self.homes[id(part)] = within(whole, place)
