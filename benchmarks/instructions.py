"""What a change costs in machine instructions: a step of the same contenders on two trees, counted by valgrind.

python benchmarks/instructions.py ../bare . --contenders micrograd_scalar,micrograd_tensor

A time is another one at every try, and a difference of less than a few per cent drowns in that; a count hardly moves,
whatever else the machine does. It weighs all instructions alike: it says how much was added, and `compare.py` how long
that takes. The counts of two runs that differ in the number of steps are subtracted, which leaves out the start. Under
valgrind a step takes some fifty times as long.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from compare import started
from jobs.problem import make
from table import aligned

FEW = 2
"""Steps of the shorter run: the first warms up what Python specialises."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("before", type=Path, help="a working tree")
    add("after", type=Path, help="another")
    add("--contenders", default="micrograd_scalar,micrograd_tensor", help="whose step (default: %(default)s)")
    add("--steps", type=int, default=4, help="how many are counted (default: %(default)s)")
    add("--samples", type=int, default=10, help="of the two moons (default: %(default)s)")
    return parser.parse_args(arguments)


def counted(contender: str, tree: Path, problem: Path, steps: int) -> int:
    """All instructions of a process that trains for so many steps."""
    report = problem.with_suffix(".count")
    command = ("valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={report}")
    process = started(contender, tree, problem, under=command)
    process.ask("run", steps=steps)
    process.stop()
    found = re.search(r"^summary: (\d+)", report.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"valgrind left no count of {contender} in {tree}")
    return int(found[1])


def of_a_step(contender: str, tree: Path, problem: Path, steps: int) -> float:
    started(contender, tree, problem).stop()  # from now on its bytecode is there
    short, long = (counted(contender, tree, problem, FEW + more) for more in (0, steps))
    return (long - short) / steps


def main(arguments: Sequence[str]) -> None:
    settings = parse(arguments)
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind isn't installed. Install it, by apt install valgrind for instance, and try again.")
    os.environ["PYTHONHASHSEED"] = "0"  # where dicts collide, too, is the same in every run
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        problem = Path(folder, "problem.npz")
        make(samples=settings.samples, hidden=16).save(problem)
        for contender in settings.contenders.split(","):
            trees = settings.before, settings.after
            before, after = (of_a_step(contender, tree, problem, settings.steps) for tree in trees)
            rows.append([contender, f"{before:,.0f}", f"{after:,.0f}", f"{after / before:.4f}"])
    print(aligned(["contender", "before", "after", "after / before"], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
