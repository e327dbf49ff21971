"""What the trainer's net begins from: its page shows it before any Python is there."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from reference import ROOT

MODULE = ROOT / "docs" / "javascripts" / "live" / "moons.py"
BEGINNING = Path("docs/assets/moons/beginning.json")
CHOICES = {"shape": "moons", "noise": 0.1, "layers": [8, 8], "activation": "relu", "seed": 1}
"""Those of the form as docs/moons.md has it."""


def files() -> dict[Path, str]:
    """What `begin` gives for these choices, to three decimals: a picture needs no more."""
    beginning = json.loads(runpy.run_path(str(MODULE))["begin"](json.dumps(CHOICES)))
    text = json.dumps({"choices": CHOICES, **_rounded(beginning)}, separators=(",", ":"))
    return {BEGINNING: text + "\n"}


def _rounded(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _rounded(entry) for name, entry in data.items()}
    if isinstance(data, list):
        return [_rounded(entry) for entry in data]
    return round(data, 3) if isinstance(data, float) else data
