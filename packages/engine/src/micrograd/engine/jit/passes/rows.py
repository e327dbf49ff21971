"""`vmap` of a program: the instructions for one row, made to act on all rows along a new first axis.

The programs that lifting makes know few kinds of instructions, and each has a rule here. What doesn't depend on the
row, such as the parameters, is left as it is and computed once.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.errors import TracingError
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.symbols import Symbol
from micrograd.engine.jit.views import strided
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.arrays.shapes import broadcast_to, reshape, sum
from micrograd.engine.ops.linear_algebra.contractions import contract


def over_rows(program: Program, given: dict[int, Any], with_rows: set[int], count: int) -> dict[int, Any]:
    """Emit a program for many rows.

    Args:
        program: For one row.
        given: The Symbol of each input, by the id of its instruction.
        with_rows: The ids of those that have one entry for each row, along their first axis.
        count: How many rows.

    Returns:
        What each instruction has become, by its id; `with_rows` then names those that differ from row to row.
    """
    made = dict(given)
    for instruction in program.instructions:
        operands = [made[id(o)] if isinstance(o, Instruction) else o for o in instruction.operands]
        mine = [isinstance(o, Instruction) and id(o) in with_rows for o in instruction.operands]
        if not any(mine):
            made[id(instruction)] = instruction.op(*operands, **instruction.params)
            continue
        rule = _elementwise if instruction.op.elementwise else _RULES.get(instruction.op.name)
        if rule is None:
            raise TracingError(
                f"jit(vmap(f)): {instruction.op.name}() has no rule for many rows; compile a loop instead"
            )
        made[id(instruction)] = rule(instruction, operands, mine, count)
        with_rows.add(id(instruction))
    return made


def have_rules(program: Program) -> bool:
    """Whether every instruction of a program has a rule for many rows."""
    return all(instruction.op.elementwise or instruction.op.name in _RULES for instruction in program)


def _elementwise(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    """The axes of each row, lined up from the right."""
    ndim = len(instruction.shape)
    aligned = [
        reshape(o, shape=(count, *(1,) * (ndim + 1 - len(o.shape)), *o.shape[1:])) if m and len(o.shape) <= ndim else o
        for o, m in zip(operands, mine, strict=True)
    ]
    out = instruction.op(*aligned, **instruction.params)
    return out if out.shape == (count, *instruction.shape) else broadcast_to(out, shape=(count, *instruction.shape))


def _contract(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    subscripts = instruction.params["subscripts"]
    letter = next(c for c in string.ascii_uppercase if c not in subscripts)
    terms, _, out = subscripts.partition("->")
    left, right = (letter + term if m else term for term, m in zip(terms.split(","), mine, strict=True))
    return contract(*operands, subscripts=f"{left},{right}->{letter}{out}")


def _sum(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    (x,) = operands
    ndim = len(x.shape) - 1
    axis = instruction.params["axis"]
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return sum(x, axis=tuple(a % ndim + 1 for a in axes), keepdims=instruction.params["keepdims"])


def _reshape(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    return reshape(operands[0], shape=(count, *instruction.shape))


def _strided(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    (x,) = operands
    params = instruction.params
    step = x.size // count
    return strided(x, offset=params["offset"], shape=(count, *params["shape"]), strides=(step, *params["strides"]))


def _gathered(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    (x,) = operands
    positions = instruction.params["positions"]
    starts = np.arange(count).reshape(count, *(1,) * positions.ndim) * (x.size // count)
    return instruction.op(x, positions=starts + positions)


def _broadcast_to(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    (x,) = operands
    missing = len(instruction.shape) + 1 - len(x.shape)
    aligned = reshape(x, shape=(count, *(1,) * missing, *x.shape[1:])) if missing else x
    return broadcast_to(aligned, shape=(count, *instruction.shape))


def _getitem(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    index = instruction.params["index"]
    return getitem(operands[0], index=(slice(None), *(index if isinstance(index, tuple) else (index,))))


_RULES: dict[str, Callable[..., Any]] = {
    "broadcast_to": _broadcast_to,
    "contract": _contract,
    "gathered": _gathered,
    "getitem": _getitem,
    "reshape": _reshape,
    "strided": _strided,
    "sum": _sum,
}


def entry_of_rows(array: Any, position: int, has_rows: bool, count: int) -> Any:
    """One entry of an array, for every row."""
    if not has_rows:
        part = strided(array, offset=position) if isinstance(array, Symbol) else np.asarray(array).reshape(-1)[position]
        return broadcast_to(part, shape=(count,))
    step = array.size // count
    if step == 1:
        return reshape(array, shape=(count,))
    return strided(array, offset=position, shape=(count,), strides=(step,))
