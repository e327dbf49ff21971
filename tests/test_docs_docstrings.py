"""The examples in the docstrings run.

Each sees the names of its module and the public names of its package: a method that takes its docstring from the
table of derivatives shows the example of the function there.
"""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from micrograd.engine.arrays import functions
from micrograd.engine.ops.op import OPS

PACKAGES = ("micrograd.engine", "micrograd.nn", "micrograd.datasets")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FINDER = doctest.DocTestFinder()


def docstrings() -> Iterator[doctest.DocTest]:
    for name in PACKAGES:
        package = import_module(name)
        names = [name, *(module.name for module in walk_packages(package.__path__, f"{name}."))]
        for module in map(import_module, names):
            yield from FINDER.find(module, globs=in_scope(package, module))
    for op in list(OPS.values()):  # doctest looks into functions and classes, and a primitive is neither
        module = import_module(op.__module__)
        yield from FINDER.find(op, f"primitive {op.name}", module=False, globs=in_scope(functions, module))


def in_scope(package: ModuleType, module: ModuleType) -> dict[str, Any]:
    arrays = {name: getattr(functions, name) for name in functions.__all__} if "engine" in package.__name__ else {}
    return {"np": np, **arrays, **vars(package), **vars(module)}


EXAMPLES = [docstring for docstring in docstrings() if docstring.examples]


@pytest.mark.parametrize("docstring", EXAMPLES, ids=lambda docstring: docstring.name)
def test_example(docstring: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(docstring, out=report.append)
    assert result.failed == 0, "".join(report)
