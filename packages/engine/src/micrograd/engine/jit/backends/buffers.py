"""Which results need a buffer, which are views of one, and when a buffer is free again."""

from __future__ import annotations

from typing import Any

from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import row_major, span

_VIEWS = ("reshape", "strided", "permute_dims", "broadcast_to")


class Plan:
    """Who owns which buffer, and when it is read for the last time."""

    def __init__(self, program: Program) -> None:
        self.users: dict[int, int] = {}
        self.owners: dict[int, Instruction] = {}
        self.released: set[int] = set()
        self.dying: dict[int, list[Instruction]] = {}
        self._contiguous: set[int] = {id(i) for i in program.inputs}
        inputs = {id(i) for i in program.inputs}
        last: dict[int, int] = {}
        known: dict[int, Instruction] = {}
        for index, instruction in enumerate(program.instructions):
            self._own(instruction)
            for operand in instruction.inputs:
                self.users[id(operand)] = self.users.get(id(operand), 0) + 1
                owner = self.owners.get(id(operand), operand)
                last[id(owner)] = index
                known[id(owner)] = owner
        kept = {id(self.owners.get(id(o), o)) for o in program.outputs if isinstance(o, Instruction)}
        for output in program.outputs:
            self.users[id(output)] = self.users.get(id(output), 0) + 2
        for key, index in last.items():
            if key not in kept and key not in inputs and known[key].op.name != "assembled":
                self.dying.setdefault(index, []).append(known[key])

    def _own(self, instruction: Instruction) -> None:
        if self.is_view(instruction):
            base = instruction.operands[0]
            self.owners[id(instruction)] = self.owners.get(id(base), base)
            if instruction.op.name == "reshape" or (
                instruction.op.name == "strided" and row_major(instruction.shape) == instruction.params["strides"]
            ):
                self._contiguous.add(id(instruction))
        else:
            self.owners[id(instruction)] = instruction
            self._contiguous.add(id(instruction))

    def is_view(self, instruction: Instruction) -> bool:
        """Whether this needs no computing: a view of a contiguous buffer."""
        name = instruction.op.name
        if name not in _VIEWS or not isinstance(instruction.operands[0], Instruction):
            return False
        return name in ("permute_dims", "broadcast_to") or id(instruction.operands[0]) in self._contiguous

    def is_read_whole(self, owner: Instruction, reader: Instruction) -> bool:
        """Whether an elementwise reader may write over what it reads: element i is read for element i alone."""
        if owner.shape != reader.shape:
            return False
        mine = [k for k, o in enumerate(reader.operands) if self._owner(o) is owner]
        # A choice is made in two goes: first one side everywhere, then, where the condition holds, the other.
        return all(reader.operands[k] is owner for k in mine) and (reader.op.name != "where" or mine == [2])

    def _owner(self, operand: Any) -> Any:
        return self.owners.get(id(operand), operand)

    def updated_in_place(self, program: Program) -> dict[int, Instruction]:
        """By the id of an elementwise instruction, the input of its shape that it updates, which nobody reads later."""
        read_last: dict[int, int] = {}
        for index, instruction in enumerate(program.instructions):
            for operand in instruction.inputs:
                read_last[id(self._owner(operand))] = index
        found: dict[int, Instruction] = {}
        for index, instruction in enumerate(program.instructions):
            mine = [target for target, number in program.updates if program.outputs[number] is instruction]
            if len(mine) != 1 or not instruction.op.elementwise or instruction.dtype != mine[0].dtype:
                continue
            last = read_last.get(id(mine[0]), -1)
            if last < index or (last == index and self.is_read_whole(mine[0], instruction)):
                found[id(instruction)] = mine[0]
        return found


def readers(program: Program) -> dict[int, set[int]]:
    """Who reads each result: instructions by their id, the caller as -1."""
    readers: dict[int, set[int]] = {}
    for instruction in program.instructions:
        for operand in instruction.inputs:
            readers.setdefault(id(operand), set()).add(id(instruction))
    for output in program.outputs:
        readers.setdefault(id(output), set()).add(-1)
    return readers


def clash(place: Any, places: Any) -> bool:
    """Whether a place shares an element with another of them."""
    near = [other for other in places if other is not place and _meet(place, other)]
    return bool(near) and any(not _positions(place).isdisjoint(_positions(other)) for other in near)


def _meet(place: Any, other: Any) -> bool:
    """Whether one place begins before the other has ended."""
    (start, *view), (begin, *beside) = place, other
    return bool(start < begin + span(*beside) and begin < start + span(*view))


def _positions(place: Any) -> set[int]:
    offset, shape, strides = place
    found = {offset}
    for n, s in zip(shape, strides, strict=True):
        found = {start + i * s for start in found for i in range(n)}
    return found
