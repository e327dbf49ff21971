"""Job `rows`: the scores that a scalar net gives to many rows at once, forward alone.

Ours is written for one row of Values, mapped over all rows and compiled: `jit(vmap(model))`. First everybody's scores
are compared with the reference: who disagrees is wrong, and isn't timed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from contender_process import ContenderProcess
from jobs import steps
from jobs.admission import TOLERANCES, Entry, Start
from jobs.problem import make, reference_scores

SIZES = {"samples": 10_000, "hidden": 256}


def run(contenders: Sequence[str], start: Start, settings: Any) -> dict[str, Any]:
    """Check and time the contenders; what is kept of it, ready for JSON."""
    sizes = {name: getattr(settings, name) or size for name, size in SIZES.items()}
    problem = make(**sizes)
    expected = reference_scores(problem).tolist()

    def check(process: ContenderProcess, tolerance: float) -> Entry:
        return _verdict(process.ask("run", steps=1)["result"], expected, tolerance)

    entries = steps.measure("rows", problem, check, contenders, start, settings)
    return {**sizes, "tolerances": TOLERANCES, "contenders": entries}


def _verdict(scores: Sequence[float], expected: Sequence[float], tolerance: float) -> Entry:
    if len(scores) != len(expected):
        return {"status": "wrong", "reason": f"{len(scores):,} scores, should be {len(expected):,}"}
    allowed = tolerance * max(map(abs, expected))  # a score near 0 is a difference of larger numbers
    for row, (score, right) in enumerate(zip(scores, expected, strict=True)):
        if not math.isclose(score, right, rel_tol=0.0, abs_tol=allowed):
            return {"status": "wrong", "reason": f"score {score:.12g} of row {row}, should be {right:.12g}"}
    return {"status": "ok"}


def table(result: dict[str, Any], baseline: str) -> str:
    """The result for the terminal."""
    title = f"rows: 2-{result['hidden']}-{result['hidden']}-1, scores of {result['samples']:,} rows"
    return steps.table(title, result, baseline)
