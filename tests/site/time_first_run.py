"""How long a reader waits: for the first Run of a visit, with nothing in the browser's cache, and for those after it.

python tests/site/time_first_run.py --visits 3

It serves the built site from this machine, so that what the net takes for 13 MB comes on top. Nothing is asserted:
how fast a machine is depends on what else it does.
"""

from __future__ import annotations

import argparse
import threading
import time
from functools import partial
from http.server import ThreadingHTTPServer
from statistics import median
from typing import Any

from conftest import CHROMIUM, SITE, Quiet
from playwright.sync_api import sync_playwright

PAGE = "tutorials/01-derivative/"
PATIENCE = 600_000  # milliseconds


def visit(tool: Any, address: str) -> tuple[float, list[float]]:
    """Press every Run button of a page, from the top; seconds for the first, and for each of the others."""
    browser = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address, wait_until="networkidle")
    blocks = page.locator(".live")
    blocks.first.wait_for()
    first, *later = (pressed(blocks.nth(number)) for number in range(blocks.count()))
    browser.close()
    return first, later


def pressed(block: Any) -> float:
    """Seconds from the click until the result stands there."""
    begun = time.perf_counter()
    block.locator(".live-run").click()
    block.page.wait_for_function("b => b.dataset.state && b.dataset.state !== 'busy'", arg=block.element_handle())
    return time.perf_counter() - begun


def main() -> None:
    """Make some visits, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=3)
    visits = parser.parse_args().visits
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE)) as server, sync_playwright() as tool:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for number in range(1, visits + 1):
            first, later = visit(tool, f"http://127.0.0.1:{server.server_port}/{PAGE}")
            print(f"visit {number}: first run {first:.1f} s, later {median(later):.2f} s, at most {max(later):.2f} s")
        server.shutdown()


if __name__ == "__main__":
    main()
