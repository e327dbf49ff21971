"""The python back end of `jit`: scalar code, the standard library alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from micrograd.engine import TracingError, Value, jit

WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None  # as if it weren't installed
from micrograd.engine import Value, jit
w = [Value(0.5), Value(-1.5)]
f = jit(lambda x: (w[0] * x + w[1]).tanh().relu() + w[0] ** 2)
out = f(4.0)
out.backward()
print(out.data, w[0].grad, w[1].grad)
"""


def test_jit_works_without_numpy() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], capture_output=True, text=True, check=True)
    w = [Value(0.5), Value(-1.5)]
    out = (w[0] * 4.0 + w[1]).tanh().relu() + w[0] ** 2
    out.backward()
    assert list(map(float, done.stdout.split())) == [out.data, w[0].grad, w[1].grad]


def test_its_source_is_python_that_can_be_read() -> None:
    w = Value(2.0)
    f = jit(lambda x: (w * x).relu(), backend="python")
    assert f(3.0).data == 6.0
    assert f.source.splitlines()[:3] == ["def step(w, x, g):", "    v2 = w[0] * x[0]", "    v3 = relu(v2)"]
    with pytest.raises(TracingError, match="nothing of this function was lifted"):
        _ = f.program
