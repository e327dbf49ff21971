"""`Program`: a flat, typed list of array instructions, between the code that was traced and the code that runs.

    program     = input* instruction* update* "return" operand*
    input       = name ":" type ("<-" what is drawn or kept)?              # d0: f64[64, 16] <- dropout(p=0.5)
    instruction = name ":" type "=" primitive "(" operand* setting* ")"   # static single assignment
    operand     = name | number | array
    update      = input "<-" operand
    type        = dtype "[" length* "]"                                   # f64[100, 16]

Primitives are those of the table of derivatives, four views of our own (`views.py`) and NumPy's comparisons. An operand
is defined above its use; a number or an array is a constant that the trace found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import ProgramError
from micrograd.engine.jit.sources import Source


class Instruction:
    """One assignment, and the value that it defines.

    Attributes:
        op: The primitive; None for an input of the program.
        operands: Instructions that stand above, numbers or arrays.
        params: The primitive's static settings; of an input that is handed in anew before each run, what that is.
        shape: Of the result.
        dtype: Of the result.
        name: What the printed program calls it.
        source: The user's line, where one is known.
    """

    __slots__ = ("dtype", "name", "op", "operands", "params", "shape", "source")

    def __init__(
        self,
        op: Any,
        operands: tuple[Any, ...],
        params: dict[str, Any],
        shape: tuple[int, ...],
        dtype: Any,
        name: str = "",
        source: Source | None = None,
    ) -> None:
        self.op = op
        self.operands = operands
        self.params = params
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self.name = name
        self.source = source

    @property
    def size(self) -> int:
        """How many numbers the result holds."""
        return int(np.prod(self.shape))

    @property
    def inputs(self) -> Iterator[Instruction]:
        """The operands that are instructions themselves."""
        return (operand for operand in self.operands if isinstance(operand, Instruction))

    def __repr__(self) -> str:
        if self.op is None:
            given = f" <- {self.params['given']}" if self.params.get("given") else ""
            return f"{self.name}: {_type(self)}{given}"
        settings = [f"{k}={_setting(v)}" for k, v in self.params.items() if v is not self.op.defaults.get(k)]
        inside = ", ".join([*map(_operand, self.operands), *settings])
        return f"{self.name}: {_type(self)} = {self.op.name}({inside})"


class Program:
    """Instructions in an order in which they can run.

    Attributes:
        inputs: What it is given: parameters first, then arguments.
        instructions: The assignments, operands before their users.
        outputs: What it returns: instructions, numbers or arrays.
        updates: Pairs of an input and the number of the output that is written into it at the end.

    Raises:
        ProgramError: From `check`, if an instruction is used before it is defined, or is of another type than it says.
    """

    def __init__(
        self,
        inputs: Sequence[Instruction],
        instructions: Sequence[Instruction],
        outputs: Sequence[Any],
        updates: Sequence[tuple[Instruction, int]] = (),
    ) -> None:
        self.inputs = list(inputs)
        self.instructions = list(instructions)
        self.outputs = list(outputs)
        self.updates = list(updates)
        self._name()

    def __len__(self) -> int:
        return len(self.instructions)

    def __iter__(self) -> Iterator[Instruction]:
        return iter(self.instructions)

    def __str__(self) -> str:
        where = {id(i): f"    # line {i.source.line}" if i.source else "" for i in self.instructions}
        lines = [repr(i) for i in self.inputs] + [f"{i!r}{where[id(i)]}" for i in self.instructions]
        lines += [f"{i.name} <- {_operand(self.outputs[number])}" for i, number in self.updates]
        return "\n".join([*lines, f"return {', '.join(map(_operand, self.outputs))}"])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        # Pictures stand above the jit, and are imported when the first one is looked at.
        from micrograd.engine.viz.notebook.programs import program_card

        return program_card(self)

    def check(self) -> Program:
        """This program, if it is sound: every operand is defined above its use, once, and has a shape that fits."""
        defined = {id(i) for i in self.inputs}
        for instruction in self.instructions:
            for operand in instruction.inputs:
                if id(operand) not in defined:
                    raise ProgramError(f"{instruction!r} uses {operand.name} before it is defined")
            if id(instruction) in defined:
                raise ProgramError(f"{instruction.name} is defined twice")
            _check_shape(instruction)
            defined.add(id(instruction))
        for output in self.outputs:
            if isinstance(output, Instruction) and id(output) not in defined:
                raise ProgramError(f"the output {output.name} is never computed")
        return self

    def _name(self) -> None:
        for number, instruction in enumerate(self.instructions):
            instruction.name = f"v{number}"


def _check_shape(instruction: Instruction) -> None:
    """An elementwise instruction has the shape that its operands broadcast to."""
    if not instruction.op.elementwise:
        return
    shapes = [getattr(operand, "shape", ()) for operand in instruction.operands]
    if np.broadcast_shapes(*shapes) != instruction.shape:
        raise ProgramError(f"{instruction!r}: operands of shapes {shapes} don't give {instruction.shape}")


def _type(instruction: Instruction) -> str:
    kind = f"{instruction.dtype.kind}{8 * instruction.dtype.itemsize}" if instruction.dtype.kind != "b" else "bool"
    return f"{kind}{list(instruction.shape)}"


def _setting(setting: Any) -> str:
    return f"<{setting.size} positions>" if isinstance(setting, np.ndarray) else f"{setting!r:.60}"


def _operand(operand: Any) -> str:
    if isinstance(operand, Instruction):
        return operand.name
    if isinstance(operand, np.ndarray):
        return f"<{list(operand.shape)} constants>"
    return repr(float(operand)) if isinstance(operand, np.floating) else repr(operand)
