"""A browser on the built site, served from this machine. `nox -s site_tests` builds the site and runs these tests."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HERE = ("http://127.0.0.1:", "data:", "blob:")
NOTHING_TO_FIND = {
    "config": {"fields": {"title": {"boost": 1.0}}, "lang": ["en"], "pipeline": [], "separator": "[\\s]+"},
    "docs": [],
}
WIDE = {"width": 1440, "height": 900}


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """No line for each request."""


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """The address of the built site."""
    if not (SITE / "index.html").is_file():
        pytest.skip("the site isn't built: nox -s docs")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, of the system or Playwright's own."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as tool:
        if CHROMIUM is None and not Path(tool.chromium.executable_path).exists():
            pytest.skip("there is no Chromium")
        launched = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page with nothing in its cache."""
    context = browser.new_context(viewport=WIDE)
    yield listening(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def only_tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(300_000)  # one run may share the machine with others
    context.route("**/search_index.json", lambda route: route.fulfill(json=NOTHING_TO_FIND))
    yield listening(context.new_page())
    context.close()


@pytest.fixture
def tab(only_tab: Any) -> Any:
    """The page in which to walk through the site: what all share is loaded once, and none reads the search's index."""
    only_tab.complaints.clear()
    only_tab.set_viewport_size(WIDE)
    return only_tab


# Shows the examples of a page of the site in this one, as a theme does that swaps pages without loading them anew.
ADOPT = """
path => {
  window.adopt = async path => {
    const { enliven } = await import("/javascripts/live/live.js");
    const fetched = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    fetched.querySelectorAll("img").forEach(image => image.remove());
    const article = document.adoptNode(fetched.querySelector(".md-content"));
    article.hidden = true; // nobody looks: a page of two hundred examples would be laid out anew for each of them
    document.querySelector(".md-content").replaceWith(article);
    enliven(article, path);
    return article;
  };
  window.settled = async block => {
    while (block.dataset.state === "busy") await new Promise(then => setTimeout(then, 4));
  };
}
"""


@pytest.fixture
def stage(base: str, only_tab: Any) -> Any:
    """The page in which Python is started once, for all the examples that `adopt(path)` shows in it."""
    if only_tab.url != base or not only_tab.evaluate("'adopt' in window"):
        only_tab.goto(base)
        only_tab.evaluate(ADOPT)
    return only_tab


def listening(page: Any) -> Any:
    """Collect script errors and requests to elsewhere in `page.complaints`."""
    page.complaints = []
    note = page.complaints.append
    page.on("console", lambda message: note(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: note(str(error)))
    page.on("request", lambda request: None if request.url.startswith(HERE) else note(request.url))
    return page
