"""`show_passes`: a compiled function, pass by pass, as a page."""

from __future__ import annotations

from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.viz.page import Page, page_text, resource
from micrograd.engine.viz.passes.comparing import WHAT, compared

_HERE = "micrograd.engine.viz.passes"


def show_passes(step: Any) -> Page:
    """The program after each named pass of the jit beside the one before, and what became what.

    Args:
        step: A function that `jit` compiled, or a training step by `jit_train_step`, after its first call.

    Returns:
        The page: `.html` is its text, `.save("passes.html")` writes it, and a notebook shows it.

    Raises:
        MicrogradTypeError: If `step` is something else, hasn't been called yet, or didn't lift to arrays.

    Example:
        >>> from micrograd.engine import jit
        >>> square = jit(lambda x, y, z: x * x + y * y + z * z, backend="numpy")
        >>> square(1.0, 2.0, 3.0)
        14.0
        >>> show_passes(square)
        <Page of 3 passes: 8 operations -> 1 instructions>
    """
    if not hasattr(step, "stages"):
        raise MicrogradTypeError(
            f"show_passes() shows what jit made of a function, but was given {kind_of(step)}. Write step = "
            "jit(f), call step(x) once, then show_passes(step)."
        )
    stages = compared(step.stages)
    if not stages:
        raise MicrogradTypeError(
            "this function was compiled as a tape of single operations, which no pass turns into arrays: print("
            "step.program) shows it. With NumPy installed, and for code that lifts, there is more to see."
        )
    names = {stage["name"] for stage in stages}
    counts = [[name, count, WHAT.get(name, "")] for name, count in step.stats.items() if name in WHAT]
    first, last = int(counts[0][1]) if counts else stages[0]["count"], stages[-1]["count"]
    return Page(
        page_text(
            title="The passes of the jit",
            body=resource(_HERE, "passes.html"),
            style=resource(_HERE, "passes.css"),
            script=resource(_HERE, "passes.js"),
            data={
                "tape": [row for row in counts if row[0] not in names],
                "stages": stages,
            },
        ),
        f"{len(stages)} passes: {first:,} operations -> {last:,} instructions",
        height=760,
    )
