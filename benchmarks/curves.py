"""How the cost of one training step grows: with the size of the graph, with the samples, with the width of the net.

python benchmarks/curves.py --json benchmarks/results/curves.json
python benchmarks/curves.py --sweeps width --largest 100_000 --clock cpu

The step is that of the job `seed`. Each point has a process of its own, so that none finds a warm or a full house; it
gives the time of the first step, the least of the following ones, and the most memory that the process had. A point
that would need more memory than half of what the machine has to spare is left out, and so is, in a sweep, whoever has
failed at a smaller size. Nothing is checked here: `run.py` does that.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import machine
from contender_process import ContenderFailed, ContenderProcess, install
from jobs.problem import Problem, make
from table import aligned, number

Size = tuple[int, int]
"""Samples, and the width of both hidden layers."""

SWEEPS: dict[str, list[Size]] = {
    "nodes": [(10, 5), (30, 12), (100, 20), (300, 38), (1000, 68)],
    "samples": [(n, 16) for n in (10, 30, 100, 300, 1000, 3000, 10_000)],
    "width": [(100, width) for width in (4, 8, 16, 32, 64, 128)],
}
CONTENDERS = ("micrograd_010", "micrograd_scalar", "micrograd_jit", "numpy_by_hand")
# The most scalars that are worth the wait: micrograd takes 20 us for each.
LARGEST = {"micrograd_010": 1_000_000}
BYTES_PER_NODE = {"micrograd_010": 2000, "micrograd_scalar": 600, "micrograd_jit": 300}
MOST_STEPS, ENOUGH_SECONDS = 20, 0.5


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--sweeps", nargs="+", choices=SWEEPS, default=list(SWEEPS), help="which (default: all)")
    add("--contenders", nargs="+", default=list(CONTENDERS), help=f"who (default: {' '.join(CONTENDERS)})")
    add("--largest", type=int, default=20_000_000, help="the most scalars in a graph (default: %(default)s)")
    add("--clock", choices=("wall", "cpu"), default="wall", help="cpu on a machine that others use too")
    add("--timeout", type=float, default=600.0, help="the longest step, in seconds (default: %(default)s)")
    add("--json", type=Path, help="also write everything that was measured to this file")
    return parser.parse_args(arguments)


def sweep(sizes: Sequence[Size], settings: argparse.Namespace) -> list[dict[str, Any]]:
    """The points of a curve, smallest first."""
    points: list[dict[str, Any]] = []
    gone: set[str] = set()
    for samples, hidden in sizes:
        problem = make(samples, hidden)
        if problem.nodes > settings.largest:
            break
        costs = {who: _cost(who, problem, settings) for who in settings.contenders if who not in gone}
        gone |= {who for who, cost in costs.items() if "reason" in cost}
        points.append({"samples": samples, "hidden": hidden, "nodes": problem.nodes, "costs": costs})
    return points


def _cost(who: str, problem: Problem, settings: argparse.Namespace) -> dict[str, Any]:
    needed, spare = problem.nodes * BYTES_PER_NODE.get(who, 0), machine.spare_memory()
    if problem.nodes > LARGEST.get(who, settings.largest):
        return {"reason": "takes too long"}
    if spare is not None and needed > spare / 2:
        return {"reason": f"may need {needed / 1e9:.1f} GB, of {spare / 1e9:.1f} to spare"}
    process = ContenderProcess(who, threads=1, timeout=settings.timeout)
    try:
        return _measured(process, problem, settings.clock)
    except ContenderFailed as failure:
        return {"reason": str(failure)}
    finally:
        process.stop()


def _measured(process: ContenderProcess, problem: Problem, clock: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "problem.npz")
        problem.save(path)
        answer = process.ask("load", contender=process.contender, job="seed", data=str(path), any_size=True)
    if "skipped" in answer:
        return {"reason": answer["skipped"]}
    first, *steps = [process.ask("run", steps=1)[clock]]
    # A second one at any rate: the first may compile, and is cold.
    while not steps or (len(steps) < MOST_STEPS and sum(steps) < ENOUGH_SECONDS):
        steps.append(process.ask("run", steps=1)[clock])
    return {"first": first, "step": min(steps), "peak": process.ask("peak")["bytes"]}


def table(name: str, points: Sequence[dict[str, Any]]) -> str:
    header = ["sweep", "samples", "width", "scalars", "contender", "first ms", "step ms", "peak MB"]
    rows = [
        [name, f"{point['samples']:,}", f"{point['hidden']:,}", f"{point['nodes']:,}", who]
        + [number(cost.get(key), scale) for key, scale in (("first", 1e3), ("step", 1e3), ("peak", 1e-6))]
        for point in points
        for who, cost in point["costs"].items()
    ]
    reasons = [
        f"{who} at {point['nodes']:,}: {cost['reason']}"
        for point in points
        for who, cost in point["costs"].items()
        if "reason" in cost
    ]
    return "\n".join([aligned(header, rows), *reasons])


def main(arguments: Sequence[str]) -> None:
    settings = parse(arguments)
    os.environ["MICROGRAD_CACHE"] = ""  # a first step compiles, and doesn't find what an earlier run left
    settings.contenders = [who for who in settings.contenders if install(who) is None]
    sweeps = {}
    for name in settings.sweeps:
        sweeps[name] = sweep(SWEEPS[name], settings)
        print(table(name, sweeps[name]), end="\n\n", flush=True)
    if settings.json:
        record = {
            "format": 1,
            "date": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
            "command": shlex.join(["python", "benchmarks/curves.py", *arguments]),
            "machine": machine.describe(),
            "clock": settings.clock,
            "sweeps": sweeps,
        }
        settings.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
