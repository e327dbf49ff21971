"""The reverse sweep on a tape: the rules of the table run on stand-ins for its entries and append entries."""

from __future__ import annotations

from typing import Any

from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, PARAMETER, Tape
from micrograd.engine.jit.tracing.scalar_trace import ScalarTrace
from micrograd.engine.observing.recording import watching

SEEDS = 1
"""The number of the argument that holds the gradients of the outputs."""


def differentiate_tape(tape: Tape, roots: list[int]) -> dict[int, int]:
    """Append the gradients of the roots, weighed by seeds, to the tape.

    Returns:
        For each parameter and argument that they depend on, its entry, the entry of its gradient.
    """
    trace = ScalarTrace()
    trace.tape = tape
    numbers = [_stand_in(trace, entry) for entry in range(len(tape))]
    received: dict[int, Any] = {}
    with watching(trace):
        for k, root in enumerate(roots):
            seed = trace.element(SEEDS, k)
            received[root] = received[root] + seed if root in received else seed
        for entry in range(len(numbers) - 1, -1, -1):
            if entry in received and not isinstance(tape.ops[entry], str):
                _pass_on(tape, entry, received, numbers)
        leaves = [i for i in received if tape.ops[i] in (PARAMETER, ARGUMENT)]
        return {entry: trace.entry_of(received[entry]) for entry in leaves}


def _pass_on(tape: Tape, entry: int, received: dict[int, Any], numbers: list[Any]) -> None:
    op, operands = tape.ops[entry], tape.operands[entry]
    for position, operand in enumerate(operands):
        rule = op.rule(position) if tape.ops[operand] != CONSTANT else None
        if rule is None:
            continue
        part = rule(received[entry], numbers[entry], *[numbers[j] for j in operands], **(tape.params[entry] or {}))
        received[operand] = received[operand] + part if operand in received else part


def _stand_in(trace: ScalarTrace, entry: int) -> Any:
    """What a rule sees of an entry: a constant as its number."""
    if trace.tape.ops[entry] == CONSTANT:
        return float(trace.tape.operands[entry][0])
    return trace.traced(entry)
