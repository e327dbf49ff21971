"""What a change costs: the same contenders on two trees of this repository, in turn.

git worktree add ../before COMMIT~1 && git worktree add ../after COMMIT
python benchmarks/compare.py ../before ../after --contenders micrograd_tensor,micrograd_scalar

The contenders' files are those beside this script; what they import comes from the trees. By the processor's time. The
least of many short rounds is the step when nothing else disturbed it. Two processes of the same code differ by some per
cent, as their memory happens to lie, so there are many pairs of them: a pair gives one ratio, and the table shows their
median and between what it lies, at 95%. A difference of less than that is for `instructions.py` to find.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

from contender_process import ContenderProcess
from jobs.problem import make
from rounds import interleaved, interval, steps_lasting
from table import aligned, number

PACKAGES = ("engine", "nn", "datasets")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("before", type=Path, help="a working tree")
    add("after", type=Path, help="another")
    add("--contenders", default="micrograd_tensor,micrograd_scalar", help="whose step (default: %(default)s)")
    add("--pairs", type=int, default=20, help="how many processes for each (default: %(default)s)")
    add("--rounds", type=int, default=20, help="how often each is timed in a process (default: %(default)s)")
    add("--seconds", type=float, default=0.02, help="how long a round lasts (default: %(default)s)")
    return parser.parse_args(arguments)


def started(contender: str, tree: Path, problem: Path, under: Sequence[str] = ()) -> ContenderProcess:
    sources = os.pathsep.join(str(tree.resolve() / "packages" / name / "src") for name in PACKAGES)
    process = ContenderProcess(contender, threads=1, timeout=300.0, path=sources, under=under)
    process.ask("load", contender=contender, job="seed", data=str(problem))
    return process


def least(contender: str, settings: argparse.Namespace, problem: Path) -> list[dict[str, float]]:
    """Seconds of a step on each tree, the least of each pair of processes; the trees take turns in going first."""
    names = ["before", "after"]
    found = []
    for _ in range(settings.pairs):
        found.append(_pair(contender, {name: getattr(settings, name) for name in names}, problem, settings))
        names.reverse()
    return found


def _pair(contender: str, trees: dict[str, Path], problem: Path, settings: argparse.Namespace) -> dict[str, float]:
    processes = {name: started(contender, tree, problem) for name, tree in trees.items()}

    def seconds(process: ContenderProcess, steps: int) -> float:
        return float(process.ask("run", steps=steps)["cpu"])

    try:
        steps = steps_lasting(settings.seconds, partial(seconds, next(iter(processes.values()))))
        runs = {name: partial(seconds, process, steps) for name, process in processes.items()}
        found = interleaved(runs, settings.rounds)
    finally:
        for process in processes.values():
            process.stop()
    return {name: min(rounds) / steps for name, rounds in found.items()}


def main(arguments: Sequence[str]) -> None:
    settings = parse(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        problem = Path(folder, "problem.npz")
        make(samples=100, hidden=16).save(problem)
        for contender in settings.contenders.split(","):
            pairs = least(contender, settings, problem)
            ratios = [pair["after"] / pair["before"] for pair in pairs]
            steps = [number(min(pair[name] for pair in pairs), 1e3) for name in ("before", "after")]
            low, high = interval(ratios)
            rows.append([contender, *steps, f"{median(ratios):.3f}", f"{low:.3f} to {high:.3f}"])
    print(aligned(["contender", "before ms", "after ms", "after / before", "95%"], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
