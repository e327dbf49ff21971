"""Which back end runs a program: compiled loops with BLAS for the products between them, or NumPy; in blocks or not."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.accesses import Unsupported
from micrograd.engine.jit.backends.in_blocks import InBlocks
from micrograd.engine.jit.backends.numba_source import NumbaSource
from micrograd.engine.jit.backends.numpy_source import NumpySource
from micrograd.engine.jit.backends.row_blocks import block_of
from micrograd.engine.jit.program import Program


def build(program: Program, examples: list[np.ndarray], backend: str) -> Any:
    """The program ready to run.

    Args:
        program: What to run.
        examples: Arrays of the shapes and dtypes of its inputs.
        backend: "numpy", "numba" or "auto".
    """
    block = block_of(program)
    if block is None:
        return _built(program, examples, backend)
    parts = [x[: block.rows] if has_rows else x for x, has_rows in zip(examples, block.has_rows, strict=True)]
    return InBlocks(block, _built(block.program, parts, backend), examples)


def _built(program: Program, examples: list[np.ndarray], backend: str) -> Any:
    if backend == "numba" or (backend == "auto" and importlib.util.find_spec("llvmlite")):
        try:
            return NumbaSource(program, examples)
        except Unsupported as error:
            if backend == "numba":
                raise Unsupported(f'{error}. Write backend="numpy", or "auto", which takes what can run it.') from None
    return NumpySource(program, examples)
