"""The Check button of an exercise, pressed: on the gap, on a known mistake, on the solution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SOLUTION = (Path(__file__).parents[2] / "exercises" / "solutions" / "02_add.py").read_text("utf-8")


def verdict(block: Any) -> tuple[str, str]:
    block.locator(".live-check").click()
    block.page.wait_for_function("b => b.dataset.state && b.dataset.state !== 'busy'", arg=block.element_handle())
    return block.get_attribute("data-state"), block.locator(".live-output").inner_text()


@pytest.fixture
def add(base: str, page: Any) -> Any:
    page.set_default_timeout(120_000)
    page.goto(f"{base}exercises/operations/")
    return page.locator("[data-exercise='02_add'] .live")


def test_check_tells_gap_mistake_and_solution(add: Any, page: Any) -> None:
    state, unfinished = verdict(add)
    assert state == "failed" and unfinished
    add.locator(".live-edit").click()
    editor = page.locator("[data-exercise='02_add'] .live-editor")
    editor.fill(SOLUTION.replace("+=", "="))
    state, told = verdict(add)
    assert state == "failed" and told != unfinished
    assert add.locator(".live-picture img").count() == 1
    editor.fill(SOLUTION)
    assert verdict(add)[0] == "same"
    assert page.complaints == []
