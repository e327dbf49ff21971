"""Which back end runs a program: compiled loops, with BLAS for the products between them, or NumPy for large arrays."""

from __future__ import annotations

import importlib.util
import math
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.accesses import Unsupported, letters_of
from micrograd.engine.jit.backends.numba_source import NumbaSource
from micrograd.engine.jit.backends.numpy_source import NumpySource
from micrograd.engine.jit.program import Instruction, Program

_MANY_PRODUCTS = 50_000_000
"""A program with a product of so many multiplications is NumPy's: its arrays are large, and NumPy uses memory again."""


def build(program: Program, examples: list[np.ndarray], backend: str) -> Any:
    """The program ready to run.

    Args:
        program: What to run.
        examples: Arrays of the shapes and dtypes of its inputs.
        backend: "numpy", "numba" or "auto".
    """
    if backend == "numba":
        return NumbaSource(program, examples)
    if backend == "auto" and importlib.util.find_spec("llvmlite") and not _has_large_products(program):
        try:
            return NumbaSource(program, examples)
        except Unsupported:
            pass
    return NumpySource(program, examples)


def _has_large_products(program: Program) -> bool:
    return any(i.op.name in ("affine", "contract", "matmul") and _products(i) > _MANY_PRODUCTS for i in program)


def _products(instruction: Instruction) -> int:
    """How many multiplications a product takes."""
    if instruction.op.name != "contract":
        return instruction.size * int(np.shape(instruction.operands[0])[-1])
    return math.prod(letters_of(instruction)[2].values())
