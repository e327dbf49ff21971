"""The scalar engine needs the standard library alone, NumPy installed or not."""

from __future__ import annotations

import subprocess
import sys

import pytest

WORK = """
import copy, pickle
from micrograd import engine
from micrograd.engine import Value, check_gradients

a, b = Value(-4.0, label="a"), Value(2.0)
c = a + b
d = a * b + b**3
e = c - d
f = e**2 + a.tanh() * engine.where(a > b, a, engine.maximum(b, 0.5)) + engine.gelu(a) + 2**b + 10.0 / d.exp()
f.backward()
assert (a.grad, b.grad) != (0.0, 0.0)
twin = pickle.loads(pickle.dumps(copy.deepcopy(f)))
twin.backward()
assert twin.data == f.data
print(check_gradients(lambda x, w: (x * w[0] + w[1]).sigmoid(), 0.5, [1.0, Value(-2.0)]))
for bad in (None, "3", 1j, [1.0]):
    try:
        Value(bad)
    except TypeError:
        pass
    else:
        raise SystemExit(f"took {bad!r}")
"""


def run(code: str) -> str:
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_works_where_numpy_cannot_be_imported() -> None:
    assert "worst" in run("import sys; sys.modules['numpy'] = None\n" + WORK)


@pytest.mark.parametrize("work", ["import micrograd.engine", WORK], ids=["import", "work"])
def test_imports_nothing_outside_the_standard_library(work: str) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        f"{work}\n"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print('foreign:', *sorted(tops - set(sys.stdlib_module_names) - {'micrograd'}))"
    )
    assert run(code).splitlines()[-1] == "foreign:"


def test_the_engine_leaves_the_settings_of_python_alone() -> None:
    code = (
        "import gc, sys; before = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), sys.getrecursionlimit()\n"
        "import micrograd.engine\n"
        "micrograd.engine.Value(1.0).exp().backward()\n"
        "after = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), sys.getrecursionlimit()\n"
        "print(before == after)"
    )
    assert run(code).split() == ["True"]
