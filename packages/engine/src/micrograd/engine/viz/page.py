"""A web page in a single file: style, script and data in it, nothing fetched from anywhere.

`page_text` puts the parts together and `Page` is what a user holds: it shows itself in a notebook and can be saved.
What the page does is up to its script; `page.css` has the colours, light and dark, that all our pages share. The
script finds its data by `JSON.parse(document.getElementById("data").textContent)`.

Whatever a user's labels, names and lines hold stays text: `json_text` leaves nothing in the data that HTML could take
for a tag, and the page allows no script but its own, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import sys
from array import array
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from micrograd.engine.viz.files import write_safely

_ESCAPES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Page:
    """A finished page: `html` is its text, `save` writes it, and a notebook shows it in a frame of its own.

    Attributes:
        html: The whole page.
        summary: What it shows, in a few words.
        height: How high its frame in a notebook is, in pixels.

    Example:
        >>> page = Page(page_text(title="Loss", body="<main></main>"), "a loss")
        >>> page
        <Page of a loss>
        >>> page.html[:15]
        '<!DOCTYPE html>'
    """

    def __init__(self, html: str, summary: str, height: int = 720) -> None:
        self.html = html
        self.summary = summary
        self.height = height

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the page and return the path; folders on the way are created, and an old file is replaced whole.

        A path without `.html` or `.htm` at its end gets `.html`.
        """
        path = os.fspath(path)
        if PurePath(path).suffix.lower() not in (".html", ".htm"):
            path += ".html"
        write_safely(path, self.html.encode())
        return path

    def _repr_html_(self) -> str:
        # A frame keeps the page's style and script apart from the notebook's; sandboxed, it has no access to them.
        style = f"width:100%;height:{self.height}px;border:0;border-radius:10px"
        return (
            f'<iframe title="{escape(self.summary)}" sandbox="allow-scripts" style="{style}" '
            f'srcdoc="{escape(self.html)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.summary}>"


def page_text(*, title: str, body: str, style: str = "", script: str = "", data: Any = None) -> str:
    """Put a page together.

    Args:
        title: Plain text.
        body: HTML, of our own making.
        style: CSS, after the shared one.
        script: JavaScript, run as a module when the page stands.
        data: What the script works with: anything that `json_text` takes.

    Example:
        >>> "<title>a &lt; b</title>" in page_text(title="a < b", body="")
        True
    """
    script = f"\n{script}\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)}</title>\n'
        f"<style>\n{resource('micrograd.engine.viz', 'page.css')}\n{style}\n</style>\n</head>\n<body>\n{body}\n"
        f'<script type="application/json" id="data">{json_text(data)}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


def resource(package: str, *names: str) -> str:
    """The text of files that lie beside a package's modules, one after the other.

    Example:
        >>> resource("micrograd.engine.viz", "page.css").startswith("/*")
        True
    """
    folder = files(package)
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


def json_text(data: Any) -> str:
    r"""Data as JSON that may stand in a `<script>` element: no character of it can end that.

    JSON has no nan and no infinities; they become the strings "nan", "inf" and "-inf".

    Example:
        >>> json_text(["</script>", 1.5, float("nan")])
        '["\\u003c/script\\u003e",1.5,"nan"]'
    """
    text = json.dumps(_finite(data), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate is no text; a file in UTF-8 can't hold one.
    text = text.encode("utf-8", "replace").decode()
    for sign, escaped in _ESCAPES.items():
        text = text.replace(sign, escaped)
    return text


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else str(data)
    if isinstance(data, dict):
        return {str(key): _finite(entry) for key, entry in data.items()}
    if isinstance(data, (list, tuple)):
        return list(map(_finite, data))
    return data


def packed(numbers: Iterable[float], kind: str = "d") -> str:
    """Many numbers as base64, in a third of the space that their digits would take; exact, inf included, and one nan.

    The bits of a nan, its sign among them, tell of the processor and not of the numbers.

    Args:
        numbers: The numbers.
        kind: `d` for doubles (a `Float64Array` to the script), `i` for integers of 32 bits (an `Int32Array`), `b` of 8.

    Example:
        >>> packed([1.0])
        'AAAAAAAA8D8='
    """
    stored = array(kind, (number if number == number else math.nan for number in numbers))
    if sys.byteorder == "big":
        stored.byteswap()
    return base64.b64encode(stored.tobytes()).decode()
