"""`keep_memory()`, in processes of their own: it sets what can't be asked for, and what nothing sets back."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

resource = pytest.importorskip("resource")
pytest.importorskip("numpy")

# The pages that the system hands out while arrays of 20 MB come and go: two at a time, as in a step.
PAGES = """
import resource
import numpy as np
from micrograd.engine import keep_memory

{first}
def step():
    return np.ones(2_500_000) + np.ones(2_500_000)
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages(first: str) -> int:
    done = subprocess.run([sys.executable, "-c", PAGES.format(first=first)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is a setting of glibc")
def test_pages_are_asked_for_once() -> None:
    assert pages("assert keep_memory()") < pages("") / 10
