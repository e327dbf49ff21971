"""Loops in Python, lowered to LLVM and compiled, do what Python does with the same text."""

from __future__ import annotations

import math
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

from micrograd.engine.errors import ProgramError  # noqa: E402
from micrograd.engine.jit.backends.lowering import Lowering  # noqa: E402
from micrograd.engine.jit.backends.machine_code import machine_code, on_arrays  # noqa: E402

TEXTS = {
    "loops in loops": """
def step(w):
    for i in range(3):
        total = 0.0
        for j in range(1, 7, 2):
            total += w[i * 2 + j] * w[j + 1]
        w[i + 10] = total
        w[i + 13] -= total""",
    "an empty loop": """
def step(w, at):
    for k in range(at[0]):
        w[k] = 7.0
    for k in range(at[1]):
        w[k + at[2]] = 1.0 * (at[k] + 1)""",
    "branches": """
def step(w):
    r = 0.0
    for k in range(16):
        if k == 3:
            r = 1.5
        elif w[k] <= 0.0:
            r = -w[k]
        elif w[k] > 1.0:
            r = w[k] - 1.0
        w[k] = r""",
    "truth as a number": """
def step(w):
    for k in range(16):
        small = w[k] < 0.5
        w[k] = 2.0 * small + (True if (w[k] != w[k]) | (w[k] == 0.25) else 3)""",
    "functions": """
def step(w):
    for k in range(16):
        w[k] = math.atan2(abs(w[k]), np.floor(w[k] * 3.0)) / (1.0 + math.exp(-w[k])) + abs(w[k]) ** 1.5
        w[k] = w[k] + (math.inf if w[k] > 2.0 else math.nan if w[k] < 0.0 else math.tanh(w[k]))""",
    "nothing": """
def step(w):
    return""",
}


@pytest.mark.parametrize(("array", "dtype", "rtol"), [("w", np.float64, 1e-15), ("w: 'f32'", np.float32, 1e-6)])
@pytest.mark.parametrize("name", TEXTS)
def test_the_machine_does_what_python_does(name: str, array: str, dtype: Any, rtol: float) -> None:
    source = TEXTS[name].strip().replace("step(w", f"step({array}")
    w = np.random.default_rng(0).normal(size=16).astype(dtype)
    w[4:6] = 0.25, math.nan
    given: list[Any] = [np.array([0, 4, 3, 8])] if "at)" in source else []
    expected, found = w.copy(), w.copy()
    namespace: dict[str, Any] = {"math": math, "np": np}
    exec(source, namespace)
    namespace["step"](expected, *given)
    on_arrays(machine_code(source)["step"], found, *given)()
    np.testing.assert_allclose(found, expected, rtol=rtol)


@pytest.mark.parametrize(
    "line", ["while True: pass", "w[0] = w[0] % 2.0", "w[0] = [1.0]", "w[0] = 'a'", "w[0] = not w[1]", "del w"]
)
def test_what_the_back_ends_never_write_is_refused(line: str) -> None:
    with pytest.raises(ProgramError, match="lowering doesn't know"):
        Lowering(f"def step(w):\n    {line}")
