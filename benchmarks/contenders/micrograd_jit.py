"""Ours, compiled, the back end left to `jit`: machine code by LLVM, with BLAS for large products."""

from __future__ import annotations

from jobs.contract import Predict, Train
from jobs.problem import Problem
from notebook import jit_rows, jit_seed

LIBRARIES = ("micrograd-engine", "micrograd-nn", "llvmlite")
# Each sample's own scalar code is traced, once.
LIMIT = 2_000_000


def seed(problem: Problem) -> Train:
    return jit_seed(problem, "auto")


def rows(problem: Problem) -> Predict:
    return jit_rows(problem, "auto")
