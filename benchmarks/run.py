"""Time MicroGrad side by side with its peers.

python benchmarks/run.py                                    # the seed's job, everybody who is installed
python benchmarks/run.py --contenders micrograd_scalar,micrograd_010 --rounds 20
python benchmarks/run.py --samples 1000 --hidden 64         # a larger one
python benchmarks/run.py --jobs seed,chain --json results.json
python benchmarks/run.py --jobs rows --baseline numpy_by_hand
python benchmarks/run.py --jobs digits,convnet --baseline pytorch_eager
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shlex
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import machine
from contender_process import ContenderProcess, available, install
from jobs import chain, rows, seed, training

JOBS: dict[str, Any] = {
    "seed": seed,
    "rows": rows,
    "chain": chain,
    "digits": training.digits,
    "digits_single": training.digits_single,
    "convnet": training.convnet,
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--jobs", type=_names, default=["seed"], help=f"comma-separated, of {', '.join(JOBS)} (default: seed)")
    add("--contenders", type=_names, default=available(), help="names in contenders/, or paths of files like them")
    add("--baseline", default="micrograd_scalar", help="who the ratios are to (default: %(default)s)")
    add("--rounds", type=_positive, default=10, help="how often everybody is timed (default: %(default)s)")
    add("--seconds", type=float, default=0.3, help="seed, rows: how long a round lasts (default: %(default)s)")
    add("--clock", choices=("wall", "cpu"), default="wall", help="cpu on a machine that others use too; not for chain")
    add("--samples", type=_positive, help="how many (default: seed 100, rows 10,000)")
    add("--hidden", type=_positive, help="width of both hidden layers (default: seed 16, rows 256)")
    add("--epochs", type=_positive, default=10, help="the trainings: of each training (default: %(default)s)")
    add("--nodes", type=_sizes, default=[900, 10**3, 10**4, 10**5, 10**6], help="chain: how many operations")
    add("--threads", type=_positive, default=1, help="for numerical libraries (default: %(default)s)")
    add("--timeout", type=float, default=300.0, help="the longest answer, in seconds (default: %(default)s)")
    add("--json", type=Path, help="also write everything that was measured to this file")
    settings = parser.parse_args(arguments)
    for kind, given, known in (("job", settings.jobs, JOBS), ("contender", settings.contenders, available())):
        for name in given:
            if name not in known and not Path(name).is_file():
                parser.error(f"there is no {kind} {name!r}; there are {', '.join(known)}")
    return settings


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name for name in text.split(",") if name))


def _sizes(text: str) -> list[int]:
    return [_positive(size) for size in text.split(",")]


def _positive(text: str) -> int:
    number = int(text.replace("_", ""))
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} isn't positive")
    return number


def main(arguments: Sequence[str]) -> int:
    """Run the jobs; 1 if a contender was wrong or failed, which is a finding, and 0 if some were just not there."""
    settings = parse(arguments)
    settings.contenders, missing = _installed(settings.contenders)
    start = partial(ContenderProcess, threads=settings.threads, timeout=settings.timeout)
    results: dict[str, Any] = {}
    for name in settings.jobs:
        results[name] = JOBS[name].run(settings.contenders, start, settings)
        results[name]["contenders"] += missing
        print(JOBS[name].table(results[name], settings.baseline), end="\n\n", flush=True)
    if settings.json:
        _write(settings.json, _record(settings, arguments, results))
    statuses = [entry["status"] for result in results.values() for entry in result["contenders"]]
    return int(any(status in ("wrong", "failed") for status in statuses))


def _installed(contenders: Sequence[str]) -> tuple[list[str], list[dict[str, Any]]]:
    """Those that can run, and entries for those whose own requirements can't be had."""
    failures = {name: install(name) for name in contenders}
    missing = [
        {"name": name, "status": "skipped", "reason": reason, "sizes": []}
        for name, reason in failures.items()
        if reason
    ]
    return [name for name, reason in failures.items() if not reason], missing


def _record(settings: argparse.Namespace, arguments: Sequence[str], results: dict[str, Any]) -> dict[str, Any]:
    keep = ("baseline", "rounds", "seconds", "clock", "threads")
    return {
        "format": 1,
        "date": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "benchmarks/run.py", *arguments]),
        "machine": machine.describe(),
        "settings": {name: getattr(settings, name) for name in keep},
        "jobs": results,
    }


def _write(path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
