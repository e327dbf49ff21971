"""What the jobs `seed` and `rows` share: a step that is repeated, timed in rounds, and shown as a table."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from contender_process import ContenderProcess
from jobs.admission import Check, Entry, Start, absent, admit, admitted, started
from jobs.problem import Problem
from rounds import interleaved, ratio, steps_lasting
from table import aligned, number


def measure(
    job: str, problem: Problem, check: Check, contenders: Sequence[str], start: Start, settings: Any
) -> list[Entry]:
    """Check and time the contenders; an entry for each."""
    with tempfile.TemporaryDirectory() as folder, started(contenders, start) as processes:
        path = Path(folder, "problem.npz")
        problem.save(path)
        entries = {name: admit(process, job, path, check) for name, process in processes.items()}
        _time(admitted(processes, entries), entries, settings)
    _compare(entries, settings.baseline)
    return list(entries.values())


def _time(processes: dict[str, ContenderProcess], entries: dict[str, Entry], settings: Any) -> None:
    def seconds(process: ContenderProcess, steps: int) -> float:
        return float(process.ask("run", steps=steps)[settings.clock])

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


def table(title: str, result: dict[str, Any], baseline: str) -> str:
    """The result for the terminal: the fastest first, then those that were not timed, with the reason."""
    timed = sorted((e for e in result["contenders"] if "median" in e), key=lambda e: e["median"])
    header = ["contender", "median ms", "min ms", "steps/s", f"times {baseline}"]
    rows = [
        [e["name"], number(e["median"], 1e3), number(e["min"], 1e3), number(1 / e["median"]), number(e["ratio"])]
        for e in timed
    ]
    return "\n".join([title, aligned(header, rows), *absent(result["contenders"])])
