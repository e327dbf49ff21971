"""What else reads and writes the parameters that a compiled step keeps in its arrays."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Value, jit, vmap  # noqa: E402
from micrograd.nn import SGD, jit_train_step  # noqa: E402


@pytest.mark.parametrize(
    ("backend", "is_mapped"),
    [("python", False), ("numpy", False), ("numba", False), ("numpy", True), ("numba", True)],
)
def test_a_compiled_function_reads_what_a_compiled_step_has_learned(backend: str, is_mapped: bool) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")
    weight = Value(3.0)

    def scaled(x: Any) -> Any:
        return weight * x

    compiled, x = jit(vmap(scaled) if is_mapped else scaled, backend=backend), np.ones(2) if is_mapped else 1.0
    step = jit_train_step(lambda x: (weight * x - 1.0) ** 2, SGD([weight], lr=0.1), backend="numpy")
    for _ in range(3):
        step(1.0)
        assert np.allclose(compiled(x).data, weight.data, rtol=1e-15)
    weight.data = 7.0
    assert np.allclose(compiled(x).data, 7.0, rtol=1e-15)
