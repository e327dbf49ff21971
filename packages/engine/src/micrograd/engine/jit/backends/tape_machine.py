"""A tape as arrays of numbers, and one compiled loop that runs any such tape.

For what doesn't lift: a long chain of different operations would be as many instructions as operations, each with its
own line to compile. Here only the arrays are made, so that a tape of a million entries is ready in a second or two.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.machine_code import machine_code, on_arrays
from micrograd.engine.jit.backends.python_source import python_source
from micrograd.engine.jit.backends.scalar_text import EXPRESSIONS, expression
from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, PARAMETER, Tape

_SETTING = re.compile(r"{[a-z]")  # a loop for all tapes has no place for an entry's settings
_CODES = {
    name: code for code, name in enumerate(name for name, text in EXPRESSIONS.items() if not _SETTING.search(text))
}


def tape_machine(tape: Tape, outputs: list[int]) -> tuple[str, Any]:
    """What computes the outputs from parameters, arguments and seeds: a text, and its function.

    A tape with an operation that the loop doesn't know becomes straight-line Python.
    """
    codes = [_code(op, tape.params[entry]) for entry, op in enumerate(tape.ops)]
    if None in codes:
        return python_source(tape, outputs)
    source, loop = _loop()
    return source, _Machine(tape, codes, outputs, loop)


def _code(op: Any, params: dict[str, Any] | None) -> int | None:
    """The number of an operation in the loop, -1 for a leaf, None for one that isn't there."""
    if isinstance(op, str):
        return -1
    return None if params else _CODES.get(op.name)


@functools.cache
def _loop() -> tuple[str, Any]:
    """The loop, the same for every tape: its text, and its function."""
    lines = ["def step(w, count, entries, codes, operands):", "    for k in range(count[0]):"]
    lines += [f"        {name} = w[operands[k * 3 + {n}]]" for n, name in enumerate("xyz")]
    for name, code in _CODES.items():
        lines.append(f"        {'elif' if code else 'if'} codes[k] == {code}:  # {name}")
        lines.append(f"            r = 1.0 * {expression(name, 'xyz')}")
    source = "\n".join([*lines, "        w[entries[k]] = r"])
    return source, machine_code(source)["step"]


class _Machine:
    """The arrays of one tape.

    Args:
        tape: What to run.
        codes: For each entry the number of its operation, -1 for a leaf.
        outputs: The entries that are returned.
        loop: Runs the arrays.
    """

    def __init__(self, tape: Tape, codes: list[int | None], outputs: list[int], loop: Any) -> None:
        self._loop = loop
        self._outputs = np.array(outputs, dtype=int)
        numbers = np.array(codes)
        entries = np.flatnonzero(numbers >= 0)
        operands = [(*tape.operands[i], 0, 0)[:3] for i in entries.tolist()]
        arrays = ([len(entries)], entries, numbers[entries], operands)
        self._arrays = [np.array(array, dtype=np.int64) for array in arrays]
        self._start = np.zeros(len(tape))
        self._reads: dict[Any, tuple[list[int], list[int]]] = {}
        for entry, op in enumerate(tape.ops):
            if op == CONSTANT:
                self._start[entry] = tape.operands[entry][0]
            elif isinstance(op, str):
                source = op if op == PARAMETER else (ARGUMENT, tape.operands[entry][0])
                places, positions = self._reads.setdefault(source, ([], []))
                places.append(entry)
                positions.append(tape.operands[entry][-1])

    def __call__(self, w: Any, x: Any, g: Any) -> tuple[float, ...]:
        numbers = self._start.copy()
        for source, given in ((PARAMETER, w), ((ARGUMENT, 0), x), ((ARGUMENT, 1), g)):
            if source in self._reads:
                places, positions = self._reads[source]
                numbers[places] = np.asarray(given, dtype=float)[positions]
        on_arrays(self._loop, numbers, *self._arrays)()
        return tuple(numbers[self._outputs].tolist())
