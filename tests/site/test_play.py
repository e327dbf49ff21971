"""The pages that compute for the reader: the playground steps, the trainer begins and learns, a run can be stopped."""

from __future__ import annotations

from typing import Any

START = 300_000  # milliseconds in which Python has started even on a busy machine


def test_playground_steps_through_an_expression(base: str, page: Any) -> None:
    page.goto(f"{base}playground/#expression=(a*b+%2B+c).relu()")
    page.locator("[data-action=show]").click()
    page.locator("form.playground[data-state=done]").wait_for(timeout=START)
    debugger = page.frame_locator(".live-output iframe").frame_locator("iframe")
    before = debugger.locator("body").inner_text(timeout=START)
    debugger.locator("[title^='A step on'], [aria-label^='A step on']").click()
    assert debugger.locator("body").inner_text() != before
    assert "result = (a*b + c).relu()" in debugger.locator(".source").inner_text()
    page.locator(".live-example", has_text="a*a + a").click()
    page.locator("form.playground[data-state=done]").wait_for(timeout=START)
    assert page.input_value("#expression") == "a*a + a"
    assert "expression=a*a" in page.url
    page.locator(".live-output iframe").wait_for(timeout=START)
    assert page.complaints == []


def test_trainer_learns_the_moons(base: str, page: Any) -> None:
    page.goto(f"{base}moons/")
    page.locator("form.trainer[data-state=ready]", has_text="Step 0:").wait_for(timeout=START)
    page.locator("[data-action=train]").click()
    reached = "() => Number(document.querySelector('form.trainer').dataset.accuracy) > 0.95"
    page.wait_for_function(reached, timeout=START)
    assert page.complaints == []


def test_a_run_can_be_stopped(base: str, page: Any) -> None:
    page.goto(f"{base}tutorials/01-derivative/")
    page.locator(".live-edit").first.click()
    page.locator("textarea.live-editor").fill("print('begun', flush=True)\nwhile True: pass")
    page.locator(".live-run").first.click()
    page.locator(".live-output", has_text="begun").wait_for(timeout=START)
    page.locator(".live-stop").first.click()
    page.locator(".live[data-state=stopped]").wait_for(timeout=2_000)
    page.locator(".live-edit").first.click()
    page.locator(".live-run").first.click()
    page.locator(".live[data-state=same]").wait_for(timeout=START)
    assert page.complaints == []
