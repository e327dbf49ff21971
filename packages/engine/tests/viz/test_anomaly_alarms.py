"""No false alarm: other tests run within `detect_anomaly()`, and only those of nan and infinity stop."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numpy")

TESTS = Path(__file__).parents[1]
RUN = ["test_backprop.py", "test_expressions.py", "test_dropin.py", "test_handwritten.py", "tensor/test_tensor.py",
       "tensor/test_vmap_rules.py", "tensor/test_nn_softmax.py", "tensor/test_array_linear_systems.py"]  # fmt: skip
RIGHTLY = {
    "test_a_gradient_that_is_nan_is_no_failure",
    "test_infinities_and_nan",
    "test_labels_one_for_each_row",  # one row's labels are all ignored, and the mean of nothing is nan
}
PLUGIN = """
import pytest
from micrograd.engine import detect_anomaly
from micrograd.engine.errors import AnomalyError

@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    with detect_anomaly():
        try:
            return (yield)
        except AnomalyError:
            print("STOPPED", pyfuncitem.originalname)
            raise
"""


@pytest.mark.slow
def test_only_tests_of_nan_and_infinity_stop(tmp_path):
    (tmp_path / "under_watch.py").write_text(PLUGIN)
    files = [str(TESTS / name) for name in RUN]
    options = ["-q", "-p", "under_watch", "-p", "no:cacheprovider", "-s", "--tb=line", "-m", "not torch and not slow"]
    code = f"import sys, pytest; sys.path.insert(0, {str(tmp_path)!r}); sys.exit(pytest.main({[*options, *files]!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=TESTS.parents[2]
    )
    stopped = set(re.findall(r"STOPPED (\w+)", done.stdout))
    assert stopped <= RIGHTLY, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 100
