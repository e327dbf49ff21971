"""Pictures of the debugger and of a recorded training, taken in a browser, in light and in dark; one of them moves.

Pixels depend on the browser and its fonts, so these aren't compared: a picture is out of date when its page is another
one than that which it was taken of, or when it would be taken otherwise. What counts of a page is everything but its
numbers; `fingerprints.json` keeps it beside the pictures. To take them, Playwright and a Chromium have to be installed.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import graphs
import numpy as np
from PIL import Image

from micrograd.datasets import moons
from micrograd.engine import Tensor, Value, cross_entropy
from micrograd.engine.viz import debug, keep_sources, record
from micrograd.nn import MLP, Adam, Neuron, fit, hinge_loss

ROOT = Path(__file__).parents[2]
FOLDER = Path("docs/assets/screens")
FINGERPRINTS = FOLDER / "fingerprints.json"
SCHEMES = ("light", "dark")
MOVING = "product"
SHARPNESS = 1.5  # pixels of a picture to one of the page
STILL, LAST = 2200, 3600  # milliseconds that a step of the moving picture stays, and its end


@dataclass(frozen=True)
class Screen:
    """A page, and how to look at it.

    Attributes:
        make: The text of the page.
        size: Of the window.
        steps: How many steps backward are taken before.
        then: Keys that are pressed at last.
        style: What the page has to wear, to have room for what matters.
    """

    make: Callable[[], str]
    size: tuple[int, int] = (1000, 560)
    steps: int = 0
    then: tuple[str, ...] = ()
    style: str = ""

    def way_back(self) -> list[str]:
        """The keys that lead to the step."""
        return ["b", *["ArrowRight"] * self.steps] if self.steps else []


def cube() -> str:
    """x³ and more of x, so that its gradient has several parts."""
    x = Value(3.0, label="x")
    y = x**3 + 2.0 * x
    y.label = "y"
    return debug(y).html


def neuron() -> str:
    """A neuron with two inputs."""
    model = Neuron(2, activation="tanh", rng=random.Random(1))
    out = model([Value(1.0, label="x0"), Value(-2.0, label="x1")])
    out.label = "out"
    return debug(out).html


def softmax() -> str:
    """The cross-entropy of three logits, as the graph of scalars of tutorial 7."""
    return debug(graphs.softmax()[0]).html


def tensors() -> str:
    """A layer on Tensors with its cross-entropy."""
    X = Tensor([[1.0, 0.5], [-0.5, 2.0], [0.0, -1.0]], label="X")
    W = Tensor([[0.5, -1.0, 0.25], [1.5, 0.5, -0.75]], requires_grad=True, label="W")
    loss = cross_entropy(X @ W, np.array([0, 1, 2]))
    loss.label = "loss"
    return debug(loss).html


def recording() -> str:
    """A training on two moons."""
    data = moons(60, 0.1, 1337)
    model = MLP(2, [8, 1], rng=random.Random(3))
    with record(model) as tape:
        optimizer = Adam(model.parameters(), lr=0.1)
        fit(model, (data.X, data.signed_labels), hinge_loss, optimizer, steps=40, progress=False)
    return tape.page().html


def product() -> str:
    """(a + b) × a: a is used twice."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    s = a + b
    y = s * a
    s.label, y.label = "s", "y"
    return debug(y).html


FILM = "main { grid-template-rows: 190px 1fr !important; } .backward .source { display: none; }"
SCREENS = {
    "cube": Screen(cube, steps=3),
    "neuron": Screen(neuron, (1280, 560), steps=3, then=("f",)),
    "softmax": Screen(softmax, (1400, 560), steps=3, then=("f",)),
    "tensors": Screen(tensors, (1280, 600), steps=2, then=("f",)),
    "recording": Screen(recording, (1000, 960), then=("End", "ArrowLeft")),
    MOVING: Screen(product, (740, 665), style=FILM),
}


# ---- what is out of date ---------------------------------------------------------------------------------------------


def outdated() -> dict[str, str]:
    """The screens to be taken anew, by name, each with its page."""
    with keep_sources():
        pages = {name: screen.make() for name, screen in SCREENS.items()}
    kept = json.loads(_read(FINGERPRINTS) or "{}")
    return {
        name: page
        for name, page in pages.items()
        if kept.get(name) != fingerprint(page) or not all((ROOT / path).is_file() for path in paths(name))
    }


def fingerprint(page: str) -> str:
    """What a page looks like, but for its numbers, and how pictures are taken."""
    shell = re.sub(r'(<script type="application/json"[^>]*>).*?</script>', r"\1</script>", page, flags=re.DOTALL)
    own = Path(__file__).read_text("utf-8")
    return hashlib.sha256((shell + own).encode()).hexdigest()[:16]


def paths(name: str) -> list[Path]:
    """The files of a screen; of the one that moves, also its last picture."""
    stems = [name, f"{name}-still"] if name == MOVING else [name]
    return [FOLDER / f"{stem}-{scheme}.webp" for stem in stems for scheme in SCHEMES]


def _read(path: Path) -> str:
    return (ROOT / path).read_text("utf-8") if (ROOT / path).is_file() else ""


# ---- taking them -----------------------------------------------------------------------------------------------------


def taken(pages: dict[str, str]) -> dict[Path, bytes]:
    """New pictures of these pages, and the fingerprints of all."""
    if not pages:
        return {}
    files: dict[Path, bytes] = {}
    with chromium() as browser:
        for name, page in pages.items():
            for scheme in SCHEMES:
                with opened(browser, page, SCREENS[name], scheme) as tab:
                    files |= moving(tab, scheme) if name == MOVING else {FOLDER / f"{name}-{scheme}.webp": still(tab)}
    prints = json.loads(_read(FINGERPRINTS) or "{}") | {name: fingerprint(page) for name, page in pages.items()}
    text = json.dumps({name: prints[name] for name in SCREENS}, indent=1) + "\n"
    return {**files, FINGERPRINTS: text.encode()}


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser of the system, or Playwright's own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SystemExit("Pictures of pages are out of date. To take them: pip install playwright") from None
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, page: str, screen: Screen, scheme: str) -> Iterator[Any]:
    """A tab with the page, at the step that is asked for."""
    window = dict(zip(("width", "height"), screen.size, strict=True))
    context = browser.new_context(viewport=window, color_scheme=scheme, device_scale_factor=SHARPNESS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page, "utf-8")
        tab = context.new_page()
        tab.goto(file.as_uri())
        tab.add_style_tag(content=f"{screen.style} *:focus {{ outline: none !important; }}")
        tab.locator("#slider").focus()
        for key in (*screen.way_back(), *screen.then):
            tab.keyboard.press(key)
        tab.wait_for_timeout(300)
        yield tab
    context.close()


def still(tab: Any) -> bytes:
    """One picture."""
    return encoded([shot(tab)])


def moving(tab: Any, scheme: str) -> dict[Path, bytes]:
    """A picture of every step, one after the other, and the last of them for those who want nothing to move."""
    frames = [shot(tab, "main")]
    for _ in range(int(tab.get_attribute("#slider", "max"))):
        tab.keyboard.press("ArrowRight")
        tab.wait_for_timeout(150)
        frames.append(shot(tab, "main"))
    durations = [STILL] * (len(frames) - 1) + [LAST]
    film = encoded(frames, save_all=True, append_images=frames[1:], duration=durations, loop=0)
    return {
        FOLDER / f"{MOVING}-{scheme}.webp": film,
        FOLDER / f"{MOVING}-still-{scheme}.webp": encoded(frames[-1:]),
    }


def shot(tab: Any, part: str = "body") -> Image.Image:
    """What the tab shows."""
    return Image.open(io.BytesIO(tab.locator(part).screenshot())).convert("RGB")


def encoded(frames: list[Image.Image], **settings: Any) -> bytes:
    """As WebP; letters stay sharp in it."""
    file = io.BytesIO()
    frames[0].save(file, "WEBP", quality=82, method=6, **settings)
    return file.getvalue()
