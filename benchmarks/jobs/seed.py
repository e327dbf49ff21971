"""Job `seed`: one training step of a net on two moons, forward, backward and update.

First everybody's losses are compared with the reference: who disagrees is wrong, and isn't timed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice
from typing import Any

from contender_process import ContenderProcess
from jobs import steps
from jobs.admission import TOLERANCES, Entry, Start
from jobs.problem import make, reference_losses

CHECKED_STEPS = 5
SIZES = {"samples": 100, "hidden": 16}


def run(contenders: Sequence[str], start: Start, settings: Any) -> dict[str, Any]:
    """Check and time the contenders; what is kept of it, ready for JSON."""
    sizes = {name: getattr(settings, name) or size for name, size in SIZES.items()}
    problem = make(**sizes)
    expected = list(islice(reference_losses(problem), CHECKED_STEPS))

    def check(process: ContenderProcess, tolerance: float) -> Entry:
        losses = [process.ask("run", steps=1)["result"] for _ in expected]
        return {"losses": losses} | _verdict(losses, expected, tolerance)

    entries = steps.measure("seed", problem, check, contenders, start, settings)
    return {**sizes, "expected_losses": expected, "tolerances": TOLERANCES, "contenders": entries}


def _verdict(losses: Sequence[float], expected: Sequence[float], tolerance: float) -> Entry:
    for step, (loss, right) in enumerate(zip(losses, expected, strict=True)):
        if not math.isclose(loss, right, rel_tol=tolerance):
            return {"status": "wrong", "reason": f"loss {loss:.12g} at step {step}, should be {right:.12g}"}
    return {"status": "ok"}


def table(result: dict[str, Any], baseline: str) -> str:
    """The result for the terminal."""
    title = f"seed: {result['samples']:,} samples, 2-{result['hidden']}-{result['hidden']}-1, one training step"
    return steps.table(title, result, baseline)
