"""Every page of the built site: no script error, no request to elsewhere, nothing too wide, no dead link.

Beside that search, formulas, the way in for a keyboard, and the weight of the home page.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).parents[2] / "site"
PAGES = sorted(path.parent.relative_to(SITE).as_posix() for path in SITE.rglob("index.html"))
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BROKEN_PICTURES = "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
SILENT_PICTURES = "[...document.images].filter(i => i.alt.length < 20).map(i => i.src)"
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.href)"


def address(base: str, page: str) -> str:
    return base if page == "." else f"{base}{page}/"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(base: str, tab: Any, name: str) -> None:
    assert tab.goto(address(base, name)).status == 200
    assert tab.complaints == []
    assert tab.evaluate(BROKEN_PICTURES) == []
    assert tab.evaluate(SILENT_PICTURES) == []
    assert tab.evaluate(TOO_WIDE) <= 0
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate(TOO_WIDE) <= 0
    assert dead(tab.evaluate(LINKS), base) == []


def dead(links: list[str], base: str) -> list[str]:
    """Those links to this site that lead to no file, or to no place in it."""
    here = {link for link in links if link.startswith(base)}
    return sorted(link for link in here if not _leads_somewhere(urlsplit(link)))


def _leads_somewhere(link: Any) -> bool:
    file = SITE / unquote(link.path).lstrip("/")
    file = file / "index.html" if file.is_dir() else file
    if not file.is_file():
        return False
    place = unquote(link.fragment)
    return not place or f'id="{place}"' in _text(file) or f"id={place}" in _text(file)


def _text(file: Path, known: dict[Path, str] = {}) -> str:  # noqa: B006  every page is read once
    if file not in known:
        known[file] = file.read_text("utf-8")
    return known[file]


@pytest.mark.parametrize("words", ["backward", "moons", "cross_entropy"])
def test_search_finds(base: str, page: Any, words: str) -> None:
    page.goto(base)
    page.locator("input.md-search__input").fill(words)
    first = page.locator(".md-search-result__link").first
    first.wait_for(timeout=20_000)
    assert words in page.locator(".md-search-result__list").inner_text().lower()
    assert page.complaints == []


def test_formulas_are_set(base: str, page: Any) -> None:
    page.goto(address(base, "tutorials/01-derivative"))
    page.locator(".arithmatex .katex").first.wait_for(timeout=20_000)
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_page_is_light(base: str, browser: Any, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page, responses = context.new_page(), []
    page.on("response", lambda response: responses.append(response))
    page.goto(base, wait_until="networkidle")
    sizes = [len(gzip.compress(response.body(), 6)) for response in responses]  # as it is served
    context.close()
    assert 0 < sum(sizes) < 1_000_000


def test_search_finds_words_of_a_page_and_not_of_the_source_in_it() -> None:
    (index,) = SITE.glob("**/search_index.json")
    assert "Source code in" not in index.read_text("utf-8")


def test_missing_page_says_so(base: str) -> None:
    assert "404" in (SITE / "404.html").read_text("utf-8")


def test_keyboard_reaches_the_text(base: str, page: Any) -> None:
    page.goto(address(base, "tutorials/01-derivative"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('md-skip')")
    page.wait_for_function("getComputedStyle(document.querySelector('a.md-skip')).opacity === '1'")  # it fades in
