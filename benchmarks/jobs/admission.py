"""Who takes part in a job: each contender is started, loads the data, and is checked before anything is timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contender_process import ContenderFailed, ContenderProcess

# Sums in another order differ in the last bits, and a few steps of training multiply that; an error in a formula
# shows in the first digits.
TOLERANCES = {"float64": 1e-9, "float32": 1e-4}

Entry = dict[str, Any]
Start = Callable[[str], ContenderProcess]
Check = Callable[[ContenderProcess, float], Entry]
"""Ask a loaded contender for something with a known answer; its status, to a relative tolerance, and what it found."""


@contextmanager
def started(contenders: Sequence[str], start: Start) -> Iterator[dict[str, ContenderProcess]]:
    """A process for each contender, stopped at the end."""
    processes: dict[str, ContenderProcess] = {}
    try:
        for name in contenders:
            processes[name] = start(name)
        yield processes
    finally:
        for process in processes.values():
            process.stop()


def admit(process: ContenderProcess, job: str, data: Path | None, check: Check) -> Entry:
    """Whether a contender runs here and computes what is right."""
    entry: Entry = {"name": process.name}
    try:
        answer = process.ask("load", contender=process.contender, job=job, data=data and str(data))
        if "skipped" in answer:
            return entry | {"status": "skipped", "reason": answer["skipped"]}
        return entry | answer | check(process, TOLERANCES[answer["dtype"]])
    except ContenderFailed as failure:
        return entry | {"status": "failed", "reason": str(failure)}


def admitted(processes: dict[str, ContenderProcess], entries: dict[str, Entry]) -> dict[str, ContenderProcess]:
    """Those that are to be timed."""
    return {name: process for name, process in processes.items() if entries[name]["status"] == "ok"}


def absent(entries: Sequence[Entry]) -> list[str]:
    """A line for each that wasn't timed, with the reason."""
    return [f"{entry['name']}: {entry['status']}: {entry['reason']}" for entry in entries if entry["status"] != "ok"]
