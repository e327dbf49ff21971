"""Which back end runs a program: Numba's loops for small arrays, NumPy with BLAS for large products."""

from __future__ import annotations

import importlib.util
import math
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.numba_source import NumbaSource, Unsupported
from micrograd.engine.jit.backends.numpy_source import NumpySource
from micrograd.engine.jit.program import Program

_MANY_PRODUCTS = 1_000_000
"""A contraction of so many multiplications is left to BLAS."""


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
    return any(i.op.name == "contract" and _products(i) > _MANY_PRODUCTS for i in program.instructions)


def _products(instruction: Any) -> int:
    """How many multiplications a contraction takes."""
    terms = instruction.params["subscripts"].partition("->")[0].split(",")
    sizes: dict[str, int] = {}
    for term, operand in zip(terms, instruction.operands, strict=True):
        sizes.update(zip(term, operand.shape, strict=True))
    return math.prod(sizes.values())
