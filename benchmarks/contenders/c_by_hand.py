"""C by hand: the loops of `c_by_hand.c`, compiled for this problem's sizes and for this processor.

Each step is one call, as it would be from a training loop in Python; the call costs about half a microsecond.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from jobs.contract import Train, Unavailable
from jobs.problem import Floats, Problem

LIBRARIES = ("numpy",)

SOURCE = Path(__file__).with_suffix(".c")
OPTIONS = ("-O3", "-march=native", "-ffast-math", "-fopenmp-simd", "-shared", "-fPIC")


def compiled(problem: Problem) -> Any:
    compiler = shutil.which("gcc") or shutil.which("clang") or shutil.which("cc")
    if compiler is None:
        raise Unavailable("no C compiler")
    sizes = (f"-DSAMPLES={len(problem.X)}", f"-DHIDDEN={problem.hidden}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        library = Path(folder, "train.so")
        subprocess.run([compiler, *OPTIONS, *sizes, str(SOURCE), "-o", str(library)], check=True)
        return ctypes.CDLL(str(library)).train


def seed(problem: Problem) -> Train:
    X, y = np.ascontiguousarray(problem.X), problem.y.astype(float)
    p = np.concatenate([part.ravel() for part in problem.parameters()])
    g = np.empty_like(p)
    function = compiled(problem)
    function.restype = ctypes.c_double
    function.argtypes = [*[ctypes.c_void_p] * 4, ctypes.c_long, *[ctypes.c_double] * 2]
    arguments = (*(_address(a) for a in (X, y, p, g)), 1, problem.learning_rate, problem.l2)

    def train(steps: int) -> float:
        for _ in range(steps):
            loss: float = function(*arguments)
        return loss

    train.keeps_alive = (X, y, p, g)  # type: ignore[attr-defined]  # C sees addresses only
    return train


def _address(array: Floats) -> int:
    return array.ctypes.data
