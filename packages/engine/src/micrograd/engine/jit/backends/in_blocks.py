"""A program run on a block of rows at a time, whose results stay in the processor's cache from layer to layer.

Instruction by instruction, the numbers of many rows have left it when the next instruction reads them. So:

    def step():
        for rows in blocks:  # 10,000 rows, 500 at a time
            copyto(x, all_x[rows])
            block()
            copyto(all_out0[rows], out0)

where `block` is the step of either back end for so many rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.jit.backends.row_blocks import Block


class InBlocks:
    """A back end around another one.

    Args:
        block: What runs on a block of rows.
        backend: The same, built.
        examples: Arrays of the shapes of the whole program's inputs.

    Attributes:
        source: The text.
        inputs: The arrays that the step reads, in the order of the program's inputs: write into them, then run.
        run: The step: fills the outputs.
        outputs: The arrays that the step fills.
    """

    def __init__(self, block: Block, backend: Any, examples: list[np.ndarray]) -> None:
        self._names: dict[str, Any] = {"copyto": np.copyto, "block": backend.run, "blocks": _blocks(block)}
        self.inputs = list(backend.inputs)
        lines = ["def step():", f"    for rows in blocks:  # {block.total:,} rows, {block.rows:,} at a time"]
        for k, instruction in enumerate(block.program.inputs):
            if block.has_rows[k]:
                self.inputs[k] = np.array(examples[k], order="C")
                name = self._named(instruction.name, backend.inputs[k], self.inputs[k])
                lines.append(f"        copyto({name}, all_{name}[rows])")
        lines.append("        block()")
        self.outputs = [np.empty((block.total, *part.shape[1:]), part.dtype) for part in backend.outputs]
        for k, (part, whole) in enumerate(zip(backend.outputs, self.outputs, strict=True)):
            name = self._named(f"out{k}", part, whole)
            lines.append(f"        copyto(all_{name}[rows], {name})")
        loop = "\n".join(lines)
        exec(compile(loop, "<micrograd.engine.jit: blocks of rows>", "exec"), self._names)
        self.source, self.run = f"{backend.source}\n\n{loop}", self._names["step"]

    def _named(self, name: str, part: np.ndarray, whole: np.ndarray) -> str:
        self._names |= {name: part, f"all_{name}": whole}
        return name


def _blocks(block: Block) -> list[slice]:
    """The rows of each block; of the last one as many, some of which the one before has computed, too."""
    starts = [min(start, block.total - block.rows) for start in range(0, block.total, block.rows)]
    return [slice(start, start + block.rows) for start in starts]
