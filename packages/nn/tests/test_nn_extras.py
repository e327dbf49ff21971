"""What is optional stays so: not among what is installed with the package, and missed by name where it is needed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

OPTIONAL = ("scikit-learn", "matplotlib", "dask", "distributed", "llvmlite")
PROJECTS = [Path(__file__).parents[2] / name / "pyproject.toml" for name in ("engine", "nn")]

# A process in which nothing of the kind can be imported.
WITHOUT = """
import sys
for name in ("sklearn", "matplotlib", "dask", "distributed", "joblib"):
    sys.modules[name] = None
import micrograd.nn, micrograd.nn.plots, micrograd.nn.distributed as cluster
import numpy as np
def search():
    with cluster.on_cluster(None):
        pass
def estimate():
    from micrograd.nn.estimators import MLPClassifier
def train():
    cluster.fit_distributed(None, None, None, None, client=None, epochs=1)
def draw():
    micrograd.nn.plots.decision_boundary(lambda x: x[0], [[0.0, 1.0], [1.0, 0.0]], [-1, 1])
for ask in (estimate, train, search, draw):
    try:
        ask()
    except ImportError as error:
        print(type(error).__name__, error)
"""


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.parent.name)
def test_what_is_optional_is_no_requirement(project: Path) -> None:
    if not project.exists():
        pytest.skip("not in a checkout of the repository")
    (required,) = re.findall(r"^dependencies = \[(.*?)\]", project.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert not [name for name in OPTIONAL if re.search(rf'"{name}\b', required)]


def test_the_extra_is_named() -> None:
    pytest.importorskip("numpy")
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    extras = re.findall(r'MissingExtraError .*pip install "micrograd-nn\[(\w+)\]"', done.stdout)
    assert extras == ["sklearn", "distributed", "distributed", "plot"], done.stdout
