"""`Places`: where the operands and results of a program lie in the workspace of its loops."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.accesses import Access, Unsupported, loop_order, within
from micrograd.engine.jit.backends.buffers import clash, readers
from micrograd.engine.jit.backends.loops import Loops
from micrograd.engine.jit.program import Instruction, Program


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

    def new(self, instruction: Instruction) -> Access:
        """A place for a result: that of what it updates, its home in a larger array, or one of its own."""
        key = id(instruction)
        access = self.known[id(self.updated[key])] if key in self.updated else self.homes.get(key)
        if access is None:
            order = loop_order(instruction.shape) if self._is_ours(instruction) else None
            access = self._loops.space(instruction.shape, order)
        self.known[key] = access
        return access

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
            for part, place in zip(instruction.operands, places, strict=True):
                mine = isinstance(part, Instruction) and self.users.get(id(part)) == {id(instruction)}
                if mine and part.op is not None and part.op.name in self._in_place and not clash(place, places):
                    self.homes[id(part)] = within(whole, place)
