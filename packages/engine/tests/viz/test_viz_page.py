"""The shell of a page: one file, nothing fetched, and nobody's text taken for HTML."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from array import array

import pytest

from micrograd.engine.viz.page import Page, json_text, packed, page_text

HOSTILE = ["</script><img src=x onerror=alert(1)>", "<!--<script>", "a & b", "\u2028", "\ud800"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_the_data_ends_its_element(text):
    written = json_text({"label": text, text: 1})
    assert not set(written) & set("<>&\u2028\u2029\ud800")
    assert json.loads(written)["label"] == text.replace("\ud800", "?")


def test_numbers_that_json_lacks_are_words():
    assert json.loads(json_text([math.nan, (math.inf, -math.inf)])) == ["nan", ["inf", "-inf"]]


def test_packed_numbers_are_exact():
    numbers = [0.1, -0.0, 5e-324, math.inf, math.nan]
    assert array("d", base64.b64decode(packed(numbers))).tobytes() == array("d", numbers).tobytes()
    assert list(array("i", base64.b64decode(packed([1, -2], "i")))) == [1, -2]
    assert packed([-math.nan]) == packed([math.nan])  # or a page would differ from one processor to the next


def test_a_page_fetches_nothing_and_allows_its_own_script_alone():
    text = page_text(title="<b>", body="<main></main>", script="let x = '<';", data=[1, 2])
    assert "<title>&lt;b&gt;</title>" in text
    assert not re.search(r"""(?:src|href)=|url\(|@import|https?:""", text)
    script = re.search(r'<script type="module">(.*?)</script>', text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in text


def test_a_notebook_shows_the_page_in_a_frame_without_access_to_it():
    page = Page(page_text(title="t", body='<p class="a">&amp;</p>'), 'a "quote"')
    shown = page._repr_html_()
    assert shown.startswith('<iframe title="a &quot;quote&quot;" sandbox="allow-scripts"')
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1]) == page.html


def test_a_page_is_saved_whole_and_with_its_suffix(tmp_path):
    page = Page(page_text(title="t", body=""), "nothing")
    assert page.save(tmp_path / "new" / "page") == str(tmp_path / "new" / "page.html")
    assert (tmp_path / "new" / "page.html").read_text(encoding="utf-8") == page.html
    assert page.save(tmp_path / "page.HTM").endswith("page.HTM")
