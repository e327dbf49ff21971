"""Job `chain`: what one recorded operation costs, forward, backward and in memory, as the graph grows.

A number is multiplied 1,000 to 1,000,000 times by a constant; an engine whose cost per operation grows with that has
something in it that isn't linear, and one that walks its graph by recursion ends early.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from functools import partial
from typing import Any

from contender_process import ContenderFailed, ContenderProcess
from jobs.admission import Entry, Start, absent, admit, started
from rounds import interleaved
from table import aligned, number

# Small graphs are timed several times over, so that a round of each size does about as much.
OPERATIONS_PER_ROUND = 100_000
# Below this, growth disappears in the pages that a process has anyway; above the other, nothing new is to be seen.
VISIBLE, ENOUGH = 10_000, 100_000
# At a million operations a round is long, and three say enough.
FEW_ROUNDS = 3


def run(contenders: Sequence[str], start: Start, settings: Any) -> dict[str, Any]:
    """Measure each contender at each size; what is kept of it, ready for JSON."""
    with started(contenders, start) as processes:
        entries = {
            name: {"sizes": []} | admit(process, "chain", None, lambda _process, _tolerance: {"status": "ok"})
            for name, process in processes.items()
        }
        for nodes in sorted(settings.nodes):
            willing = {name: process for name, process in processes.items() if _goes_on(entries[name], nodes)}
            _time(willing, entries, nodes, settings.rounds if nodes <= ENOUGH else min(settings.rounds, FEW_ROUNDS))
    for name, entry in entries.items():
        for size in entry["sizes"]:
            size.update(_memory(start(name), size["nodes"]) if size["nodes"] <= ENOUGH else {})
    return {"contenders": list(entries.values())}


def _goes_on(entry: Entry, nodes: int) -> bool:
    """Whether a chain of this length is worth a try."""
    if entry["status"] != "ok" or nodes > (entry["longest"] or nodes):
        return False
    return all(size["backward"] is not None for size in entry["sizes"])


def _time(processes: dict[str, ContenderProcess], entries: dict[str, Entry], nodes: int, rounds: int) -> None:
    repeats = max(1, OPERATIONS_PER_ROUND // nodes)

    def once(process: ContenderProcess) -> dict[str, float] | None:
        try:
            return process.ask("chain", nodes=nodes, repeats=repeats)
        except ContenderFailed:
            return None

    answers = interleaved({name: partial(once, process) for name, process in processes.items()}, rounds)
    for name, measured in answers.items():
        whole = [answer for answer in measured if answer is not None]
        if len(whole) < rounds:
            entries[name] |= {"status": "failed", "reason": f"ended, or took too long, at {nodes:,} operations"}
            continue
        forward, backward = ([answer[part] for answer in whole] for part in ("forward", "backward"))
        entries[name]["sizes"].append(
            {"nodes": nodes, "forward": statistics.median(forward), "backward": _median_or_none(backward)}
            | {"forward_rounds": forward, "backward_rounds": [None if t != t else t for t in backward]}
        )


def _median_or_none(times: Sequence[float]) -> float | None:
    return None if any(t != t for t in times) else statistics.median(times)


def _memory(process: ContenderProcess, nodes: int) -> dict[str, Any]:
    """Bytes per operation, in a fresh process: in a used one the graph would settle in space that is free already."""
    try:
        process.ask("load", contender=process.contender, job="chain", data=None)
        bytes_each = process.ask("memory", nodes=nodes)
    except ContenderFailed:
        return {}
    finally:
        process.stop()
    return bytes_each if nodes >= VISIBLE else bytes_each | {"resident": None}


def table(result: dict[str, Any], baseline: str) -> str:
    """The result for the terminal, a line for each size."""
    header = ["contender", "operations", "forward us", "backward us", "traced B", "resident B", "left B"]
    rows = [
        [entry["name"], f"{size['nodes']:,}", number(size["forward"], 1e6), number(size["backward"], 1e6)]
        + [number(size.get(kind)) for kind in ("traced", "resident", "left")]
        for entry in result["contenders"]
        for size in entry["sizes"]
    ]
    title = "chain: time and memory per recorded operation"
    return "\n".join([title, aligned(header, rows), *absent(result["contenders"])])
