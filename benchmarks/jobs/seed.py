"""Job `seed`: one training step of a net on two moons, forward, backward and update.

First everybody's losses are compared with the reference: who disagrees is wrong, and isn't timed.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from contender_process import ContenderFailed, ContenderProcess
from jobs.problem import make, reference_losses
from rounds import interleaved, ratio, steps_lasting
from table import aligned, number

# Sums in another order differ in the last bits, and a few steps of training multiply that; an error in a formula
# shows in the first digits.
TOLERANCES = {"float64": 1e-9, "float32": 1e-4}
CHECKED_STEPS = 5

Entry = dict[str, Any]
Start = Callable[[str], ContenderProcess]


def run(contenders: Sequence[str], start: Start, settings: Any) -> dict[str, Any]:
    """Check and time the contenders; what is kept of it, ready for JSON."""
    problem = make(settings.samples, settings.hidden)
    expected = list(islice(reference_losses(problem), CHECKED_STEPS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "problem.npz")
        problem.save(path)
        processes = {name: start(name) for name in contenders}
        try:
            entries = {name: _admit(process, path, expected) for name, process in processes.items()}
            _time(
                {name: processes[name] for name, entry in entries.items() if entry["status"] == "ok"}, entries, settings
            )
        finally:
            for process in processes.values():
                process.stop()
    _compare(entries, settings.baseline)
    sizes = {"samples": settings.samples, "hidden": settings.hidden}
    return {**sizes, "expected_losses": expected, "tolerances": TOLERANCES, "contenders": list(entries.values())}


def _admit(process: ContenderProcess, problem: Path, expected: Sequence[float]) -> Entry:
    """Whether a contender runs here and computes the right losses."""
    entry: Entry = {"name": process.name}
    try:
        answer = process.ask("load", contender=process.contender, problem=str(problem))
        if "skipped" in answer:
            return entry | {"status": "skipped", "reason": answer["skipped"]}
        losses = [process.ask("train", steps=1)["loss"] for _ in expected]
    except ContenderFailed as failure:
        return entry | {"status": "failed", "reason": str(failure)}
    return entry | answer | {"losses": losses} | _verdict(losses, expected, TOLERANCES[answer["dtype"]])


def _verdict(losses: Sequence[float], expected: Sequence[float], tolerance: float) -> Entry:
    for step, (loss, right) in enumerate(zip(losses, expected, strict=True)):
        if not math.isclose(loss, right, rel_tol=tolerance):
            return {"status": "wrong", "reason": f"loss {loss:.12g} at step {step}, should be {right:.12g}"}
    return {"status": "ok"}


def _time(processes: dict[str, ContenderProcess], entries: dict[str, Entry], settings: Any) -> None:
    def seconds(process: ContenderProcess, steps: int) -> float:
        return float(process.ask("train", steps=steps)[settings.clock])

    def each(process: ContenderProcess, steps: int) -> float:
        return seconds(process, steps) / steps

    counts = {name: steps_lasting(settings.seconds, partial(seconds, process)) for name, process in processes.items()}
    runs = {name: partial(each, process, counts[name]) for name, process in processes.items()}
    for name, times in interleaved(runs, settings.rounds).items():
        entries[name] |= {"steps_per_round": counts[name], "seconds_per_step": times}


def _compare(entries: dict[str, Entry], baseline: str) -> None:
    """Add the summary of the rounds; ratios where the baseline was timed."""
    base = entries.get(baseline, {}).get("seconds_per_step")
    for entry in entries.values():
        times = entry.get("seconds_per_step")
        if times:
            entry |= {"median": statistics.median(times), "min": min(times)}
            entry["ratio"] = ratio(times, base) if base else None


def table(result: dict[str, Any], baseline: str) -> str:
    """The result for the terminal: the fastest first, then those that were not timed, with the reason."""
    timed = sorted((e for e in result["contenders"] if "median" in e), key=lambda e: e["median"])
    header = ["contender", "median ms", "min ms", "steps/s", f"times {baseline}"]
    rows = [
        [e["name"], number(e["median"], 1e3), number(e["min"], 1e3), number(1 / e["median"]), number(e["ratio"])]
        for e in timed
    ]
    others = [f"{e['name']}: {e['status']}: {e['reason']}" for e in result["contenders"] if e["status"] != "ok"]
    title = f"seed: {result['samples']:,} samples, 2-{result['hidden']}-{result['hidden']}-1, one training step"
    return "\n".join([title, aligned(header, rows), *others])
