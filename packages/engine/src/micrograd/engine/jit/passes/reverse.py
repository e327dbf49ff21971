"""The reverse sweep on a program, by the one table of derivatives: its rules, run on Symbols, append instructions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.symbols import Builder, Symbol
from micrograd.engine.jit.views import assembled, placed
from micrograd.engine.ops.explanations import REFUSALS, raise_unfit


def differentiate(
    builder: Builder, symbols: dict[int, Symbol], outputs: Sequence[Any], seeds: Sequence[Any], wanted: Sequence[Symbol]
) -> list[Any]:
    """The gradients of `outputs`, weighed by `seeds`, by each Symbol in `wanted`; None where there is none.

    Args:
        builder: Holds the instructions of the forward program; those of the backward one are appended.
        symbols: The Symbol of each instruction, by id.
        outputs: Symbols, or constants, which have no gradient.
        seeds: What enters at each output: a number or a Symbol of its shape.
        wanted: Inputs of the program, or what it computes.
    """
    needed = {id(symbol.instruction) for symbol in wanted}
    forward = list(builder.instructions)
    for instruction in forward:
        if instruction.op.is_differentiable and any(id(i) in needed for i in instruction.inputs):
            needed.add(id(instruction))
    received: dict[int, list[Any]] = {}
    for output, seed in zip(outputs, seeds, strict=True):
        if isinstance(output, Symbol) and id(output.instruction) in needed:
            received.setdefault(id(output.instruction), []).append(seed)
    for instruction in reversed(forward):
        parts = received.get(id(instruction))
        if parts:
            builder.source = lambda source=instruction.source: source  # type: ignore[misc]
            _pass_on(instruction, _total(builder, parts), symbols, needed, received)
    return [_total(builder, received[i]) if (i := id(s.instruction)) in received else None for s in wanted]


def _pass_on(
    instruction: Instruction, g: Any, symbols: dict[int, Symbol], needed: set[int], received: dict[int, list[Any]]
) -> None:
    """Hand the gradient of an instruction to its operands."""
    op = instruction.op
    if not op.elementwise and not isinstance(g, Symbol):
        g = np.broadcast_to(np.asarray(g, dtype=instruction.dtype), instruction.shape)
    operands = [symbols[id(o)] if isinstance(o, Instruction) else o for o in instruction.operands]
    for position, operand in enumerate(instruction.operands):
        if not isinstance(operand, Instruction) or id(operand) not in needed:
            continue
        rule = op.rule(position)
        if rule is None:
            continue
        contribution = rule(g, symbols[id(instruction)], *operands, **instruction.params)
        try:
            received.setdefault(id(operand), []).append(symbols[id(operand)]._match(contribution))
        except REFUSALS as error:
            raise_unfit(op.name, position, contribution, operand, error)


def _total(builder: Builder, parts: list[Any]) -> Any:
    """The sum of what an instruction receives; parts that go to different places of it are put there in one step."""
    pieces = [p for p in parts if isinstance(p, Symbol) and p.instruction.op is placed]
    rest = [p for p in parts if not any(p is piece for piece in pieces)]
    total = rest[0] if rest else None
    for part in rest[1:]:
        total = total + part
    if not pieces:
        return total
    if len(pieces) == 1 and total is None:
        return pieces[0]
    whole = pieces[0].instruction.params["into"]
    places = tuple(tuple(p.instruction.params[k] for k in ("offset", "shape", "strides")) for p in pieces)
    given = tuple(builder.symbol(p.instruction.operands[0]) for p in pieces)
    together = builder.emit(assembled, given, {"places": places, "into": whole})
    return together if total is None else total + together
