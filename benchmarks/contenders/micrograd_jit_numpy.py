"""Ours, compiled, with the back end `numpy`: code of scalar Values as a program of NumPy calls."""

from __future__ import annotations

from jobs.contract import Predict, Train
from jobs.problem import Problem
from notebook import jit_rows, jit_seed

LIBRARIES = ("micrograd-engine", "micrograd-nn", "numpy")
# Each sample's own scalar code is traced, once.
LIMIT = 2_000_000


def seed(problem: Problem) -> Train:
    return jit_seed(problem, "numpy")


def rows(problem: Problem) -> Predict:
    return jit_rows(problem, "numpy")
