"""What a change costs: the same contenders on two trees of this repository, in turn.

git worktree add ../before COMMIT~1 && git worktree add ../after COMMIT
python benchmarks/compare.py ../before ../after --contenders micrograd_tensor,micrograd_scalar

The contenders' files are those beside this script; what they import comes from the trees. By the processor's time. The
least of many short rounds is what to look at: it is the step when nothing else disturbed it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from contender_process import ContenderProcess
from jobs.problem import make
from rounds import interleaved, ratio, steps_lasting
from table import aligned, number

PACKAGES = ("engine", "nn", "datasets")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("before", type=Path, help="a working tree")
    add("after", type=Path, help="another")
    add("--contenders", default="micrograd_tensor,micrograd_scalar", help="whose step (default: %(default)s)")
    add("--pairs", type=int, default=10, help="how many processes for each (default: %(default)s)")
    add("--rounds", type=int, default=40, help="how often each is timed in a process (default: %(default)s)")
    add("--seconds", type=float, default=0.02, help="how long a round lasts (default: %(default)s)")
    return parser.parse_args(arguments)


def started(contender: str, tree: Path, problem: Path) -> ContenderProcess:
    sources = os.pathsep.join(str(tree.resolve() / "packages" / name / "src") for name in PACKAGES)
    process = ContenderProcess(contender, threads=1, timeout=300.0, path=sources)
    process.ask("load", contender=contender, job="seed", data=str(problem))
    return process


def times(contender: str, settings: argparse.Namespace, problem: Path) -> dict[str, list[float]]:
    """Seconds of a step on each tree, round by round.

    Two processes of the same code differ by some per cent, as their memory happens to lie; so there are several pairs,
    and each tree goes first in every other one.
    """
    names = ["before", "after"]
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(settings.pairs):
        for name, seconds in _pair(contender, {name: getattr(settings, name) for name in names}, problem, settings):
            found[name] += seconds
        names.reverse()
    return found


def _pair(
    contender: str, trees: dict[str, Path], problem: Path, settings: argparse.Namespace
) -> list[tuple[str, list[float]]]:
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
    return [(name, [took / steps for took in rounds]) for name, rounds in found.items()]


def main(arguments: Sequence[str]) -> None:
    settings = parse(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        problem = Path(folder, "problem.npz")
        make(samples=100, hidden=16).save(problem)
        for contender in settings.contenders.split(","):
            found = times(contender, settings, problem)
            least = {name: min(rounds) for name, rounds in found.items()}
            ratios = least["after"] / least["before"], ratio(found["after"], found["before"])
            rows.append([contender, *(number(least[name], 1e3) for name in found), *(f"{r:.3f}" for r in ratios)])
    print(aligned(["contender", "least before ms", "least after ms", "least / least", "median ratio"], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
