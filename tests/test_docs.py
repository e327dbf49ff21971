"""The Python in the READMEs and in docs/ runs, and prints what the page says that it prints.

A block that starts with `>>>` is a doctest. Any other block is run, and where it has comments such as
`# prints 24.7041` or `# prints 24.7041, the outcome`, those are the lines that it must print. The blocks of a
page share their names, as for a reader who types them one after the other.

A package's README is tested wherever the package is installed; the root's and docs/ where all of them are.
"""

from __future__ import annotations

import doctest
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parents[1]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PACKAGES = ("engine", "nn", "datasets")
INSTALLED = [package for package in PACKAGES if find_spec(f"micrograd.{package}")]
PAGES = [ROOT / "packages" / package / "README.md" for package in INSTALLED]
if len(INSTALLED) == len(PACKAGES):
    PAGES += [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]

parse = Sybil([PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()]).parse


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docs")


@pytest.mark.parametrize(
    "example",
    [pytest.param(example, id=f"{name(page)}:{example.line}") for page in PAGES for example in parse(page)],
)
def test_example(
    example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)  # a block may save a file, and a later one read it
    example.evaluate()
    promised = re.findall(r"# prints ([^,\n]+)", str(example.parsed))
    if promised:
        assert capsys.readouterr().out.splitlines() == promised


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_block_is_passed_over(page: Path) -> None:
    languages = re.findall(r"^[ >]*(?:```|~~~)\s*(py\S*.*)$", page.read_text("utf-8"), re.MULTILINE)
    assert {language for language in languages if language != "python"} == set()
