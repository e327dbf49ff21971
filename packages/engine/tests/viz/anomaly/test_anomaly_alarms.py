"""No false alarm: some files of tests run within `detect_anomaly()`; the nox session `alarms` runs all of them so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numpy")

HERE = Path(__file__).parent
RUN = ["test_backprop.py", "test_expressions.py", "test_dropin.py", "test_handwritten.py", "tensor/test_tensor.py",
       "tensor/test_vmap_rules.py", "tensor/neural/test_nn_softmax.py",
       "tensor/arrays/test_array_linear_systems.py"]  # fmt: skip


@pytest.mark.slow
def test_only_tests_of_nan_and_infinity_stop():
    files = [str(HERE.parents[1] / name) for name in RUN]
    options = ["-q", "-p", "under_watch", "-p", "no:cacheprovider", "--tb=line", "-m", "not torch and not slow"]
    path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *files],
        capture_output=True, text=True, check=False, cwd=HERE.parents[4], env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 100
