"""Every Run button of the site, pressed: what an example prints in the browser is what the page says.

Python is started once. The pages are then shown one after the other in its page; an example is pressed, and waited for,
before the next.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SITE = Path(__file__).parents[2] / "site"
BLOCK = 'class="language-py'
PAGES = sorted(
    path.parent.relative_to(SITE).as_posix() for path in SITE.rglob("index.html") if BLOCK in path.read_text("utf-8")
)

# Pages all of whose examples need the standard library alone.
STANDARD = [
    "tutorials/01-derivative",
    "tutorials/02-engine-in-60-lines",
    "tutorials/03-order-and-sums",
    "tutorials/04-neuron-layer-mlp",
    "tutorials/05-two-moons",
    "reference/engine/graph",
    "reference/engine/ops/op",
    "reference/engine/viz/pictures/dot",
]

NO_NUMPY = "micrograd.engine has no 'Tensor' here. All that works on arrays needs NumPy"  # what an example shows itself

PRESS_ALL = """
async path => {
  const article = await adopt(path);
  const found = [];
  for (const block of article.querySelectorAll(".live")) {
    block.querySelector(".live-run").click();
    await settled(block);
    const text = selector => block.querySelector(selector).textContent;
    found.push({
      state: block.dataset.state,
      status: text(".live-status"),
      output: text(".live-output").slice(0, 2000),
      code: block.previousElementSibling.textContent.slice(0, 600),
    });
  }
  return found;
}
"""


@pytest.mark.parametrize("name", PAGES)
def test_examples_print_what_the_page_says(stage: Any, name: str) -> None:
    found = stage.evaluate(PRESS_ALL, "/" if name == "." else f"/{name}/")
    states = Counter(block["state"] for block in found)
    allowed = {"same", "done"} if name in STANDARD else {"same", "done", "lacks"}
    wrong = [block for block in found if block["state"] not in allowed and not block["output"].startswith(NO_NUMPY)]
    assert wrong == []
    assert name not in STANDARD or states["same"] > 0
