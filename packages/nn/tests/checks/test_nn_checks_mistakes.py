"""Each script in `mistakes/` plants a mistake, which is found; and nothing is said once it is mended."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

pytest.importorskip("numpy")

SCRIPTS = sorted((Path(__file__).parent / "mistakes").glob("*.py"))
PLANTED = [
    pytest.param(script, flavour, id=f"{script.stem}-{flavour}")
    for script in SCRIPTS
    for flavour in ("values", "tensors")
    if f"def {flavour}(" in script.read_text()
]


@pytest.mark.parametrize(("script", "flavour"), PLANTED)
def test_a_planted_mistake_is_found_and_its_correction_passes(script, flavour):
    names = runpy.run_path(str(script))
    report = names[flavour]()
    assert names["KIND"] in report.kinds, str(report)
    found = next(problem for problem in report if problem.kind == names["KIND"])
    assert all((found.where, found.what, found.why, found.instead))
    assert names[flavour](is_wrong=False).kinds == []


def test_there_are_thirty_kinds_and_more():
    kinds = {runpy.run_path(str(script))["KIND"] for script in SCRIPTS}
    assert len(kinds) >= 30
