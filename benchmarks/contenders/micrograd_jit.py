"""Ours, compiled: micrograd's notebook, a loss of scalar Values, as one training step of machine code (Numba)."""

from __future__ import annotations

from jobs.contract import Train
from jobs.problem import Problem
from notebook import jit_seed

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numba")
# Each sample's own scalar code is traced, once.
LIMIT = 2_000_000


def seed(problem: Problem) -> Train:
    return jit_seed(problem, "numba")
