"""`vmap` of a program: the instructions for one row, made to act on all rows along a new first axis.

The primitives of the table have the rules that `vmap` has for them; those of programs alone have theirs here. What
doesn't depend on the row, such as the parameters, is left as it is and computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.batching.rules import apply_at_once
from micrograd.engine.errors import TracingError
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.symbols import Symbol
from micrograd.engine.jit.views import gathered, strided
from micrograd.engine.ops.arrays.shapes import broadcast_to, reshape


def over_rows(program: Program, given: dict[int, Any], with_rows: set[int], count: int) -> dict[int, Any]:
    """Emit a program for many rows.

    Args:
        program: For one row.
        given: The Symbol of each input, by the id of its instruction.
        with_rows: The ids of those that have one entry for each row, along their first axis.
        count: How many rows.

    Returns:
        What each instruction has become, by its id; `with_rows` then names those that differ from row to row.

    Raises:
        TracingError: If `vmap` would run some instruction row by row.
    """
    made = dict(given)
    for instruction in program.instructions:
        operands = [made[id(o)] if isinstance(o, Instruction) else o for o in instruction.operands]
        mine = [isinstance(o, Instruction) and id(o) in with_rows for o in instruction.operands]
        if any(mine):
            made[id(instruction)] = _on_all_rows(instruction, operands, mine, count)
            with_rows.add(id(instruction))
        else:
            made[id(instruction)] = instruction.op(*operands, **instruction.params)
    return made


def _on_all_rows(instruction: Instruction, operands: list[Any], mine: list[bool], count: int) -> Any:
    op, params = instruction.op, instruction.params
    rule = _RULES.get(op.name)
    out = rule(operands, count, **params) if rule else apply_at_once(op, operands, mine, params)
    if out is NotImplemented:
        raise TracingError(
            f"jit(vmap(f)): {op.name}() of these operands has no rule for many rows, so that vmap would run it row by "
            "row. Leave out jit, or write f for the whole batch."
        )
    shape = (count, *instruction.shape)
    return out if out.shape == shape else broadcast_to(out, shape=shape)


def have_rules(program: Program) -> bool:
    """Whether every instruction of a program is one that lifting makes: all of these have rules for many rows."""
    return all(instruction.op.elementwise or instruction.op.name in _LIFTED for instruction in program)


_LIFTED = {"broadcast_to", "contract", "gathered", "getitem", "reshape", "strided", "sum"}


def _strided(operands: list[Any], count: int, offset: int, shape: Any, strides: Any) -> Any:
    (x,) = operands
    return strided(x, offset=offset, shape=(count, *shape), strides=(x.size // count, *strides))


def _gathered(operands: list[Any], count: int, positions: np.ndarray) -> Any:
    (x,) = operands
    starts = np.arange(count).reshape(count, *(1,) * positions.ndim) * (x.size // count)
    return gathered(x, positions=starts + positions)


# What else `views.py` has comes of the reverse sweep, which runs after this.
_RULES: dict[str, Callable[..., Any]] = {"gathered": _gathered, "strided": _strided}


def entry_of_rows(array: Any, position: int, has_rows: bool, count: int) -> Any:
    """One entry of an array, for every row."""
    if not has_rows:
        part = strided(array, offset=position) if isinstance(array, Symbol) else np.asarray(array).reshape(-1)[position]
        return broadcast_to(part, shape=(count,))
    step = array.size // count
    if step == 1:
        return reshape(array, shape=(count,))
    return strided(array, offset=position, shape=(count,), strides=(step,))


def all_of_rows(array: Any, has_rows: bool, count: int) -> Any:
    """An array that was computed for each row; one that all rows share, once for each."""
    if has_rows:
        return array
    whole = array if isinstance(array, Symbol) else np.asarray(array)
    return broadcast_to(whole, shape=(count, *whole.shape))
