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

import pytest

PACKAGES = ("micrograd.engine", "micrograd.nn", "micrograd.datasets")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def docstrings() -> Iterator[doctest.DocTest]:
    for name in PACKAGES:
        package = import_module(name)
        names = [name, *(module.name for module in walk_packages(package.__path__, f"{name}."))]
        for module in map(import_module, names):
            found = doctest.DocTestFinder().find(module, globs={**vars(package), **vars(module)})
            yield from (docstring for docstring in found if docstring.examples)


@pytest.mark.parametrize("docstring", list(docstrings()), ids=lambda docstring: docstring.name)
def test_example(docstring: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(docstring, out=report.append)
    assert result.failed == 0, "".join(report)
