"""`show_passes`: what each pass of the jit left, beside what it was given."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

pytest.importorskip("numpy")

from micrograd.engine import MicrogradTypeError, Tensor, Value, jit, vmap
from micrograd.engine.viz import show_passes
from micrograd.engine.viz.passes.comparing import compared

W = [[Value(0.1 * (i + j)) for j in range(3)] for i in range(4)]


def layer(rows: Any) -> Any:
    hidden = [[sum(w * x for w, x in zip(ws, row, strict=True)).tanh() for ws in W] for row in rows]
    return sum(sum(h) for h in hidden)


def compiled(f: Any = layer) -> Any:
    step = jit(f, backend="numpy")
    step([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]])
    return step


def page_data(step: Any) -> dict[str, Any]:
    html = show_passes(step).html
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def test_stages_are_the_passes_in_order() -> None:
    step = compiled()
    _ = step.program
    assert [stage.name for stage in step.stages] == list(step.passes)
    assert [stage.text for stage in step.stages] == list(step.passes.values())
    assert [stage["count"] for stage in page_data(step)["stages"]] == [step.stats[name] for name in step.passes]


def test_both_sides_of_every_stage_are_whole() -> None:
    step = compiled()
    _ = step.program
    before: list[str] = []
    for stage, rows in zip(step.stages, compared(step.stages), strict=True):
        assert [left[0] for left, _ in rows["rows"] if left] == before
        before = [right[0] for _, right in rows["rows"] if right]
        assert before == list(stage.lines)


def test_what_is_computed_twice_is_shown_as_merged() -> None:
    step = jit(lambda t: t.exp() * t.exp() + t.exp(), backend="numpy")
    step(Tensor([1.0, 2.0]))
    shared = next(stage for stage in compared(step.stages) if stage["name"] == "lifting, shared")
    merged = [(left[0].partition(":")[0], left[3]) for left, right in shared["rows"] if right is None]
    assert merged == [("v1", "v0"), ("v3", "v0")]


def test_instructions_say_what_they_were_lifted_from() -> None:
    (lifted, *_) = compared(compiled().stages)
    origins = {right[1] for _, right in lifted["rows"]}
    assert "8 × tanh" in origins


def test_the_tape_is_counted_before() -> None:
    data = page_data(compiled())
    assert [name for name, *_ in data["tape"]] == ["trace", "folding", "dead", "sums"]
    assert data["tape"][0][1] > 24


def test_a_row_function_shows_both_programs() -> None:
    step = jit(vmap(lambda row: (row * row).sum()), backend="numpy")
    step(Tensor([[1.0, 2.0], [3.0, 4.0]]))
    names = [stage["name"] for stage in page_data(step)["stages"]]
    assert names[0] == "one row: lifting"
    assert "lifting" in names or any(not name.startswith("one row") for name in names)


def test_what_has_no_passes_is_refused() -> None:
    with pytest.raises(MicrogradTypeError, match=r"step = jit\(f\)"):
        show_passes(layer)
    with pytest.raises(MicrogradTypeError, match="call it once"):
        show_passes(jit(layer))
    tape = jit(lambda x: x * x + 1.0, backend="python")
    tape(2.0)
    with pytest.raises(MicrogradTypeError, match="tape of single operations"):
        show_passes(tape)
