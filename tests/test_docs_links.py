"""Links to elsewhere, and pictures, in the READMEs and in docs/. Links inside the site are checked by `nox -s docs`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"  # generated: directives, and links that the build checks
FOLDERS = ("*.md", "packages/*/*.md", "benchmarks/*.md", "docs/**/*.md")
PAGES = sorted(page for folder in FOLDERS for page in ROOT.glob(folder) if REFERENCE not in page.parents)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)|<(https?://[^>\s]+)>|(?:href|src)=\"([^\"]+)\"")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
TAG = re.compile(r"<(?:img|iframe|video)\b[^>]*>")

# What we link to, outside. A link of another form is a typing error, or wants a look at whether it will last.
LASTING = [
    r"https://arxiv\.org/abs/\d{4}\.\d{4,5}",
    r"https://doi\.org/10\.\d{4,9}/\S+",
    r"https://github\.com/[\w.-]+/[\w.-]+",
    r"https://(keepachangelog\.com|semver\.org|data-apis\.org|peps\.python\.org|docs\.python\.org)/\S*",
    r"https://(numpy\.org|pytorch\.org|docs\.pytorch\.org|docs\.jax\.dev|scikit-learn\.org|graphviz\.org)/\S*",
    r"https://(pyodide\.org|katex\.org|zensical\.org|numba\.pydata\.org|\w+\.dask\.org|mygrad\.readthedocs\.io)/\S*",
]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"^( *)(```|~~~).*?^\1\2", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    return [next(filter(None, groups)) for groups in LINK.findall(prose(page))]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_to_elsewhere_are_of_a_lasting_form(page: Path) -> None:
    outside = [link for link in links(page) if re.match(r"[a-z]+:", link)]
    assert [link for link in outside if not any(re.fullmatch(form, link) for form in LASTING)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if "docs" not in page.relative_to(ROOT).parts], ids=name)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    inside = [link.partition("#")[0] for link in links(page) if not re.match(r"[a-z]+:|#", link)]
    inside += [path for _, path in PICTURE.findall(prose(page))]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_picture_says_what_it_shows(page: Path) -> None:
    text = prose(page)
    assert [path for alt, path in PICTURE.findall(text) if len(alt) < 20] == []
    silent = [tag for tag in TAG.findall(text) if not re.search(r'(alt|title|aria-label)="[^"]{20,}', tag)]
    assert silent == []
