"""The reference is complete: every module has its page, every public name a docstring with an example."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GENERATE = ROOT / "docs" / "generate"


@pytest.fixture(scope="module")
def reference():
    sys.path.insert(0, str(GENERATE))
    try:
        yield import_module("reference")
    finally:
        sys.path.remove(str(GENERATE))


@pytest.mark.slow
def test_generated_pages_are_those_of_this_code() -> None:
    command = [sys.executable, str(GENERATE), "--check", "--only", "pages"]  # the pictures are for `nox -s docs`
    check = subprocess.run(command, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("package", ["engine", "nn", "datasets"])
def test_every_public_name_has_an_example(reference, package: str) -> None:
    names = reference.public(f"micrograd.{package}")
    assert len(names) > 15
    assert [name for name, thing in names if ">>> " not in (thing.__doc__ or "")] == []


@pytest.mark.parametrize("package", ["engine", "nn", "datasets"])
def test_every_public_name_stands_on_a_page(reference, package: str) -> None:
    pages = reference.pages()
    modules = {module.name for package in reference.PACKAGES for module in reference.modules(package)}
    overview = pages[reference.PAGES / package / "index.md"]
    for name, thing in reference.public(f"micrograd.{package}"):
        target = reference.definition(thing, name)
        assert f"[`{name}`][{target}]" in overview
        assert target.rpartition(".")[0] in modules, f"{name}: {target} is defined in no module that has a page"
