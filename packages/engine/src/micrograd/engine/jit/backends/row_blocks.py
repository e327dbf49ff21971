"""The program for a block of rows, of one that does the same with every row of what it is given.

Each output is followed back to what its first row is computed from: the first rows of some operands, and the whole of
others. Where a row needs other rows, or something is read both ways, the program stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from micrograd.engine.jit.backends.accesses import Unsupported, letters_of
from micrograd.engine.jit.backends.places import VIEWS
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import span

_CACHED = 2**21
"""Bytes that an instruction may read and write in a block, so that they are still near when the next one reads them."""

_FEWEST_ROWS = 512
"""In a block: BLAS lays out the other matrix and wakes its threads for every product, however few its rows are."""

_FEWEST_BLOCKS = 3
"""Of fewer, most numbers are near as it is."""


class Block(NamedTuple):
    """A program for some of the rows.

    Attributes:
        program: The same instructions, for so many rows.
        rows: How many these are.
        total: How many there are in all.
        has_rows: Of each input, whether it has an entry for each row along its first axis.
    """

    program: Program
    rows: int
    total: int
    has_rows: list[bool]


def block_of(program: Program) -> Block | None:
    """The program for a block of rows; None where rows aren't apart from each other, or not many."""
    count = _common_count(program)
    by_row = _by_row(program) if count >= _FEWEST_BLOCKS * _FEWEST_ROWS else set()
    widths = [_bytes(i, by_row) // count for i in program.instructions if id(i) in by_row]
    rows = max(_FEWEST_ROWS, _CACHED // max(widths)) if widths else count
    if not widths or count < _FEWEST_BLOCKS * rows:
        return None
    rows = -(-count // -(-count // rows))  # the blocks as they come out when all are of about one size
    return Block(_with_rows(program, by_row, rows), rows, count, [id(i) in by_row for i in program.inputs])


def _common_count(program: Program) -> int:
    """How many rows all outputs have; 0 if they don't have the same, or there is more than them to be written."""
    counts = {o.shape[0] if isinstance(o, Instruction) and o.shape else 0 for o in program.outputs}
    return counts.pop() if len(counts) == 1 and not program.updates else 0


def _by_row(program: Program) -> set[int]:
    """The ids of what is computed row by row; none if more than trifles is computed else."""
    by_row, whole = {id(output) for output in program.outputs}, set[int]()
    for instruction in reversed(program.instructions):
        if id(instruction) not in by_row:
            # It is computed for every block anew.
            if not (instruction.op.elementwise or instruction.op.name in VIEWS):
                return set()
            whole.update(map(id, instruction.operands))
            continue
        reads = _ROW_READS.get(instruction.op.name, _aligned if instruction.op.elementwise else _none)(instruction)
        if reads is None:
            return set()
        for operand, is_by_row in zip(instruction.operands, reads, strict=True):
            if is_by_row and not isinstance(operand, Instruction):
                return set()
            (by_row if is_by_row else whole).add(id(operand))
    return set() if by_row & whole else by_row


def _bytes(instruction: Instruction, by_row: set[int]) -> int:
    """How much it reads and writes, of what has rows."""
    mine = [instruction, *(i for i in instruction.inputs if id(i) in by_row)]
    return sum(i.size * i.dtype.itemsize for i in mine)


def _with_rows(program: Program, by_row: set[int], rows: int) -> Program:
    """The program for another number of rows."""
    made: dict[int, Instruction] = {}
    for old in [*program.inputs, *program.instructions]:
        shape, params = old.shape, old.params
        if id(old) in by_row:
            shape = (rows, *shape[1:])
            params = {**params, "shape": shape} if "shape" in params else params
        operands = tuple(made[id(o)] if isinstance(o, Instruction) else o for o in old.operands)
        made[id(old)] = Instruction(old.op, operands, params, shape, old.dtype, old.name, old.source)
    inputs, instructions, outputs = (
        [made[id(i)] for i in part] for part in (program.inputs, program.instructions, program.outputs)
    )
    return Program(inputs, instructions, outputs).check()


# ---- which operands the first row of a result reads the first row of, and which as a whole ---------------------------

Reads = list[bool] | None


def _none(instruction: Instruction) -> Reads:
    return None


def _aligned(instruction: Instruction) -> Reads:
    """Operands that broadcast, against each other or to the shape of the result."""
    shapes = [np.shape(operand) for operand in instruction.operands]
    axes = max(map(len, [instruction.shape, *shapes]))
    return [len(shape) == axes and shape[0] > 1 for shape in shapes]


def _along_axes(instruction: Instruction) -> Reads:
    """An operation along axes of its first operand, if the first is none of them."""
    axes = instruction.params.get("axes", instruction.params.get("axis"))
    axes = axes if isinstance(axes, tuple) else (axes,)
    ndim = len(np.shape(instruction.operands[0]))
    return None if None in axes or any(axis % ndim == 0 for axis in axes) else _aligned(instruction)


def _product(instruction: Instruction) -> Reads:
    """A contraction whose factors have the rows, if at all, along their first axis."""
    try:
        terms, result, _ = letters_of(instruction)
    except Unsupported:
        return None
    row, bias = result[0], instruction.operands[2:]
    reads = [term[:1] == row for term in terms]
    if any(row in term[1:] for term in terms) or (bias and not reads[0]):
        return None
    return [*reads, *(False for _ in bias)]


def _same_rows(instruction: Instruction) -> Reads:
    """A view of as many rows as there are."""
    return [True] if np.shape(instruction.operands[0])[:1] == instruction.shape[:1] else None


def _row_of_row(instruction: Instruction) -> Reads:
    """A view by strides that reads in each row the same part of a row."""
    (x,) = instruction.operands
    offset, shape, strides = (instruction.params[name] for name in ("offset", "shape", "strides"))
    width = x.size // shape[0]
    fits = strides[0] == width and offset + span(shape[1:], strides[1:]) <= width
    return _same_rows(instruction) if fits else None


_ROW_READS: dict[str, Callable[[Instruction], Reads]] = {
    **dict.fromkeys(("sum", "mean", "max", "softmax", "log_softmax", "logsumexp", "mean_square_from"), _along_axes),
    **dict.fromkeys(("affine", "contract", "matmul"), _product),
    "broadcast_to": _aligned,
    "reshape": _same_rows,
    "standardize": _aligned,
    "strided": _row_of_row,
}
