"""Trainings: epochs as a user writes them, and how well the net then reads.

A round is a training from the initial weights. Its figure is the median epoch, without the first, in which a jit
compiles; what that costs shows in the time of the whole training. Whoever begins with another loss, or ends below the
accuracy that the net reaches everywhere, is wrong, and isn't timed.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from contender_process import ContenderProcess
from jobs import convnet_task, digits_task
from jobs.admission import Entry, Start, absent, admit, admitted, started
from jobs.task import Task
from rounds import interleaved, ratio
from table import aligned, number

MEASURED = 3  # epochs, at least
LEARNED = 5  # epochs, after which accuracies are compared


@dataclass(frozen=True)
class TrainingJob:
    """A job of `run.py`.

    Attributes:
        name: What it is called.
        task: What the contenders' function is called.
        net: Its layers, for the table.
        make: What makes the task.
        accuracy: Which part of the digits put aside the net reads after five epochs, at least.
    """

    name: str
    task: str
    net: str
    make: Callable[[], Task]
    accuracy: float

    def run(self, contenders: Sequence[str], start: Start, settings: Any) -> dict[str, Any]:
        """Check and time the contenders; what is kept of it, ready for JSON."""
        data = self.make()
        expected = data.first_loss()
        epochs = max(settings.epochs, MEASURED)

        def check(process: ContenderProcess, tolerance: float) -> Entry:
            return self._verdict(process.ask("epochs", epochs=max(epochs, LEARNED)), expected, tolerance)

        with tempfile.TemporaryDirectory() as folder, started(contenders, start) as processes:
            path = Path(folder, "task.npz")
            data.save(path)
            entries = {name: admit(process, self.task, path, check) for name, process in processes.items()}
            _time(admitted(processes, entries), entries, epochs, settings)
        base = entries.get(settings.baseline, {}).get("seconds_per_epoch")
        for entry in entries.values():
            times = entry.get("seconds_per_epoch")
            entry["ratio"] = ratio(times, base) if times and base else None
        return {"epochs": epochs, "expected_loss": expected, "contenders": list(entries.values())}

    def _verdict(self, trained: dict[str, Any], expected: float, tolerance: float) -> Entry:
        loss, accuracy = trained["loss"], trained["accuracy"]
        entry: Entry = {"loss": loss, "accuracy": accuracy, "status": "wrong"}
        if not math.isclose(loss, expected, rel_tol=tolerance):
            return entry | {"reason": f"begins with loss {loss:.12g}, should be {expected:.12g}"}
        if accuracy < self.accuracy:
            return entry | {"reason": f"reads {accuracy:.1%}, should be {self.accuracy:.0%} or more"}
        return entry | {"status": "ok"}

    def table(self, result: dict[str, Any], baseline: str) -> str:
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
        title = f"{self.name}: {self.net}, batches of 64, one epoch of 1,437 images; of {result['epochs']} epochs"
        return "\n".join([title, aligned(header, rows), *absent(result["contenders"])])


def _time(processes: dict[str, ContenderProcess], entries: dict[str, Entry], epochs: int, settings: Any) -> None:
    runs = {name: partial(process.ask, "epochs", epochs=epochs) for name, process in processes.items()}
    for name, answers in interleaved(runs, settings.rounds).items():
        times = [statistics.median(answer[settings.clock][1:]) for answer in answers]
        entries[name] |= {
            "seconds_per_epoch": times,
            "median": statistics.median(times),
            "min": min(times),
            "training": statistics.median(sum(answer[settings.clock]) for answer in answers),
            "accuracy": statistics.median(answer["accuracy"] for answer in answers),
        }


_digits = partial(TrainingJob, task="digits", net="64-128-10", accuracy=0.93)  # five epochs reach 0.96
digits = _digits("digits", make=partial(digits_task.make, "float64"))
digits_single = _digits("digits_single", make=partial(digits_task.make, "float32"))
convnet = TrainingJob("convnet", "convnet", "two convolutions, 512-64-10", convnet_task.make, accuracy=0.9)
