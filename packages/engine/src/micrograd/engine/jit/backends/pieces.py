"""`Pieces`: a step as loops in machine code with calls of other functions between them, such as products by BLAS.

    def part0(w):                             # compiled
        for i0 in range(64): ...
    def step():                               # Python
        part0()
        matmul(v3, T_0, out=v4)
        part1()

A step without calls is one function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.arrays.quiet import without_warnings
from micrograd.engine.jit.backends.accesses import Access
from micrograd.engine.jit.backends.machine_code import machine_code, on_arrays
from micrograd.engine.jit.views import as_strided


class Pieces:
    """The pieces of a step, in their order.

    Attributes:
        positions: Arrays of integers that the loops read, by name.
    """

    def __init__(self) -> None:
        self.positions: dict[str, np.ndarray] = {}
        self._parts: dict[str, list[str]] = {}
        self._first: list[str] = []
        self._steps: list[str] = []
        self._names: dict[str, Any] = {}

    def check(self, line: str, **names: Any) -> None:
        """Have a call made before everything else, once."""
        self._names.update(names)
        if line not in self._first:
            self._first.append(line)

    def call(self, before: list[str], line: str, **names: Any) -> None:
        """Have a call made.

        Args:
            before: The lines of the loops that go before it.
            line: The call.
            names: What it names: functions, and where the arrays lie.
        """
        self.loop(before)
        self._names.update(names)
        self._steps.append(line)

    def loop(self, lines: list[str]) -> None:
        """Have loops run."""
        if lines:
            name = f"part{len(self._parts)}"
            self._parts[name] = lines
            self._steps.append(f"{name}()")

    def compiled(self, workspace: np.ndarray) -> tuple[str, Callable[[], None]]:
        """The text of all, and the step on a workspace."""
        arrays = ["w" if workspace.dtype == np.float64 else "w: 'f32'", *self.positions]
        steps = [*self._first, *self._steps]
        if len(steps) == len(self._parts) <= 1:
            source = _function("step", arrays, next(iter(self._parts.values()), ["return"]))
            return source, on_arrays(machine_code(source)["step"], workspace, *self.positions.values())
        loops = "\n\n".join(_function(name, arrays, lines) for name, lines in self._parts.items())
        calls = _function("step", [], steps)
        names = {**self._names, **self.positions}
        names = {k: view(workspace, x) if isinstance(x, Access) else x for k, x in names.items()}
        for name, function in machine_code(loops).items():
            names[name] = on_arrays(function, workspace, *self.positions.values())
        exec(compile(calls, "<micrograd.engine.jit: pieces>", "exec"), names)
        # As IEEE 754 has it, and in silence, like the engine's own operations.
        return f"{loops}\n\n{calls}", without_warnings(names["step"])


def view(workspace: np.ndarray, access: Access) -> np.ndarray:
    """The array that lies there."""
    return as_strided(workspace, access.offset, access.shape, access.strides)


def _function(name: str, arguments: list[str], lines: list[str]) -> str:
    return "\n".join([f"def {name}({', '.join(arguments)}):", *(f"    {line}" for line in lines)])
