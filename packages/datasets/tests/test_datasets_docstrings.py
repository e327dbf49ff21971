"""Every example in a docstring runs, with nothing installed but what this distribution declares."""

import doctest
import importlib
import pkgutil

import pytest

import micrograd.datasets

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
MODULES = sorted(module.name for module in pkgutil.iter_modules(micrograd.datasets.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example may write a file
    module = importlib.import_module(f"micrograd.datasets.{name}")
    assert doctest.testmod(module, optionflags=FLAGS).failed == 0


@pytest.mark.parametrize("name", ["bundled", "dataset", "planar", "scaling", "tabular", "texts"])
def test_there_are_examples(name):
    module = importlib.import_module(f"micrograd.datasets.{name}")
    assert any(test.examples for test in doctest.DocTestFinder().find(module))
