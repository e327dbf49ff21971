"""Job `digits`: epochs of a training as a user writes it, with shuffled batches, and how well the net then reads.

A round is a training from the initial weights. Its figure is the median epoch, without the first, in which a jit
compiles; what that costs shows in the time of the whole training. Whoever begins with another loss, or ends below the
accuracy that the net reaches everywhere, is wrong, and isn't timed.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from contender_process import ContenderFailed, ContenderProcess
from jobs.digits_task import first_loss, make
from jobs.seed import TOLERANCES, Entry, Start
from rounds import interleaved, ratio
from table import aligned, number

ACCURACY = 0.93  # of the digits put aside, after the first training; five epochs reach 0.96
MEASURED = 3  # epochs, at least


def run(contenders: Sequence[str], start: Start, settings: Any) -> dict[str, Any]:
    """Check and time the contenders; what is kept of it, ready for JSON."""
    task = make()
    expected = first_loss(task)
    epochs = max(settings.epochs, MEASURED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "task.npz")
        task.save(path)
        processes = {name: start(name) for name in contenders}
        try:
            entries = {name: _admit(process, path, expected, epochs) for name, process in processes.items()}
            willing = {name: p for name, p in processes.items() if entries[name]["status"] == "ok"}
            _time(willing, entries, epochs, settings)
        finally:
            for process in processes.values():
                process.stop()
    base = entries.get(settings.baseline, {}).get("seconds_per_epoch")
    for entry in entries.values():
        times = entry.get("seconds_per_epoch")
        entry["ratio"] = ratio(times, base) if times and base else None
    return {"epochs": epochs, "expected_loss": expected, "contenders": list(entries.values())}


def _admit(process: ContenderProcess, task: Path, expected: float, epochs: int) -> Entry:
    """Whether a contender runs here, begins with the right loss, and learns."""
    entry: Entry = {"name": process.name}
    try:
        answer = process.ask("load_digits", contender=process.contender, task=str(task))
        if "skipped" in answer:
            return entry | {"status": "skipped", "reason": answer["skipped"]}
        trained = process.ask("digits", epochs=max(epochs, 5))
    except ContenderFailed as failure:
        return entry | {"status": "failed", "reason": str(failure)}
    return entry | answer | _verdict(trained, expected, TOLERANCES[answer["dtype"]])


def _verdict(trained: dict[str, Any], expected: float, tolerance: float) -> Entry:
    found = {"loss": trained["loss"], "accuracy": trained["accuracy"]}
    if not math.isclose(trained["loss"], expected, rel_tol=tolerance):
        return found | {
            "status": "wrong",
            "reason": f"begins with loss {trained['loss']:.12g}, should be {expected:.12g}",
        }
    if trained["accuracy"] < ACCURACY:
        return found | {
            "status": "wrong",
            "reason": f"reads {trained['accuracy']:.1%}, should be {ACCURACY:.0%} or more",
        }
    return found | {"status": "ok"}


def _time(processes: dict[str, ContenderProcess], entries: dict[str, Entry], epochs: int, settings: Any) -> None:
    runs = {name: partial(process.ask, "digits", epochs=epochs) for name, process in processes.items()}
    for name, answers in interleaved(runs, settings.rounds).items():
        times = [statistics.median(answer[settings.clock][1:]) for answer in answers]
        entries[name] |= {
            "seconds_per_epoch": times,
            "median": statistics.median(times),
            "min": min(times),
            "training": statistics.median(sum(answer[settings.clock]) for answer in answers),
            "accuracy": statistics.median(answer["accuracy"] for answer in answers),
        }


def table(result: dict[str, Any], baseline: str) -> str:
    """The result for the terminal: the fastest first, then those that were not timed, with the reason."""
    timed = sorted((e for e in result["contenders"] if "median" in e), key=lambda e: e["median"])
    header = ["contender", "median ms", "min ms", "training ms", "accuracy", f"times {baseline}"]
    rows = [
        [
            e["name"],
            *(number(e[name], 1e3) for name in ("median", "min", "training")),
            f"{e['accuracy']:.1%}",
            number(e["ratio"]),
        ]
        for e in timed
    ]
    others = [f"{e['name']}: {e['status']}: {e['reason']}" for e in result["contenders"] if e["status"] != "ok"]
    title = f"digits: 64-128-10, batches of 64, one epoch of 1,437 images; trainings of {result['epochs']} epochs"
    return "\n".join([title, aligned(header, rows), *others])
