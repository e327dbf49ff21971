"""Our MLPClassifier and MLPRegressor beside scikit-learn's: 10-fold scores, and how long a fit takes.

python benchmarks/estimators.py                             # breast_cancer, digits, wine and diabetes, 10 folds each
python benchmarks/estimators.py --data wine --clock cpu --json results.json
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
import shlex
import statistics
import sys
import time
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sklearn import datasets
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import machine
from rounds import ratio
from table import aligned, number

DATA = ("breast_cancer", "digits", "wine", "diabetes")
FOLDS = 10
MODULES = {"micrograd": "micrograd.nn.estimators", "scikit-learn": "sklearn.neural_network"}
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--data", nargs="+", choices=DATA, default=list(DATA), help="which sets (default: all four)")
    add("--folds", type=int, default=FOLDS, help="how many (default: %(default)s)")
    add("--hidden", type=int, nargs="+", default=[100], help="widths of the hidden layers (default: 100)")
    add("--max-iter", type=int, default=200, help="epochs at most (default: %(default)s)")
    add("--clock", choices=CLOCKS, default="wall", help="cpu on a machine that others use too")
    add("--json", type=Path, help="also write everything that was measured to this file")
    return parser.parse_args(arguments)


def nets(name: str, settings: argparse.Namespace) -> dict[str, Any]:
    """The two, in the same pipeline; quantities are brought to one scale as well."""
    kind = "MLPRegressor" if name == "diabetes" else "MLPClassifier"
    pipelines = {
        who: make_pipeline(
            StandardScaler(),
            getattr(importlib.import_module(module), kind)(
                hidden_layer_sizes=settings.hidden, max_iter=settings.max_iter, random_state=0
            ),
        )
        for who, module in MODULES.items()
    }
    if name == "diabetes":
        return {who: TransformedTargetRegressor(net, transformer=StandardScaler()) for who, net in pipelines.items()}
    return pipelines


def measure(name: str, settings: argparse.Namespace) -> dict[str, Any]:
    """Scores and seconds of each fold, both contenders in turn."""
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    folds = (KFold if name == "diabetes" else StratifiedKFold)(settings.folds, shuffle=True, random_state=0)
    found: dict[str, Any] = {who: {"scores": [], "seconds": []} for who in MODULES}
    clock = CLOCKS[settings.clock]
    for net in nets(name, settings).values():
        clone(net).fit(X[::5], y[::5])  # what is imported or made once is no part of a fit
    for train, test in folds.split(X, y):
        for who, net in nets(name, settings).items():
            begin = clock()
            net.fit(X[train], y[train])
            found[who]["seconds"].append(clock() - begin)
            found[who]["scores"].append(float(net.score(X[test], y[test])))
    times = {who: entry["seconds"] for who, entry in found.items()}
    return {"contenders": found, "ratio": ratio(times["micrograd"], times["scikit-learn"])}


def table(results: dict[str, Any]) -> str:
    header = ["data", "contender", "mean score", "median s", "times scikit-learn"]
    rows = [
        [
            name,
            who,
            f"{statistics.mean(entry['scores']):.4f}",
            number(statistics.median(entry["seconds"])),
            number(result["ratio"] if who == "micrograd" else 1.0),
        ]
        for name, result in results.items()
        for who, entry in result["contenders"].items()
    ]
    return aligned(header, rows)


def main(arguments: Sequence[str]) -> None:
    settings = parse(arguments)
    warnings.simplefilter("ignore", ConvergenceWarning)  # both stop at the same epoch
    results = {}
    for name in settings.data:
        with threadpool_limits(1):
            results[name] = measure(name, settings)
        print(table({name: results[name]}), flush=True)
    if settings.json:
        record = {
            "format": 1,
            "date": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
            "command": shlex.join(["python", "benchmarks/estimators.py", *arguments]),
            "machine": machine.describe(),
            "versions": {who: version(who) for who in ("scikit-learn", "numpy")},
            "results": results,
        }
        settings.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
