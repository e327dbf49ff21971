"""One contender in a process of its own; it does what the runner asks on standard input, a JSON object a line.

    {"do": "load", "contender": ..., "job": ..., "data": path or null, "any_size": false}
                                       -> {"versions": ..., "dtype": ..., "longest": ...} or {"skipped": why}
    {"do": "run", "steps": 100}        -> {"wall": seconds, "cpu": seconds, "result": of the last step}
    {"do": "peak"}                     -> {"bytes": of memory that the process had at its largest}
    {"do": "epochs", "epochs": 2}      -> {"wall": [seconds, seconds], "cpu": [...], "loss": ..., "accuracy": ...}
    {"do": "chain", "nodes": 1000, "repeats": 20}     -> {"forward": ..., "backward": ...}, seconds per operation
    {"do": "memory", "nodes": 1000}                   -> {"traced": ..., "resident": ..., "left": ...}, bytes each

The garbage collector is as every user has it: on.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from jobs import problem
from jobs.contract import Chain, Unavailable
from jobs.convnet_task import ConvnetTask
from jobs.digits_task import DigitsTask

Answer = dict[str, Any]

LOADERS: dict[str, Callable[[Path], Any]] = {
    "seed": problem.load,
    "rows": problem.load,
    "digits": DigitsTask.load,
    "convnet": ConvnetTask.load,
}


class Worker:
    """The contender, once loaded, and the requests that it answers: each method is one."""

    contender: ModuleType
    job: Any
    dtype = "float64"

    def load(self, contender: str, job: str, data: str | None, any_size: bool = False) -> Answer:
        try:
            self.contender = import_contender(contender)
            self.job = self._prepared(job, data, any_size)
        except Unavailable as reason:
            return {"skipped": str(reason)}
        except ModuleNotFoundError as missing:
            return {"skipped": f"not installed: {missing.name}"}
        libraries = getattr(self.contender, "LIBRARIES", ())
        return {
            "versions": {name: version(name) for name in libraries},
            "dtype": getattr(self.contender, "DTYPE", self.dtype),
            "longest": getattr(self.contender, "LONGEST", None),
        }

    def _prepared(self, job: str, path: str | None, any_size: bool) -> Any:
        if not hasattr(self.contender, job):
            raise Unavailable("has no such job")
        if path is None:
            return getattr(self.contender, job)
        data, limit = LOADERS[job](Path(path)), getattr(self.contender, "LIMIT", None)
        self.dtype = getattr(data, "dtype", self.dtype)
        if job == "seed" and not any_size and limit is not None and data.multiplications > limit:
            raise Unavailable(f"too large: {data.multiplications:,} multiplications a step, it bears {limit:,}")
        return getattr(self.contender, job)(data)

    def run(self, steps: int) -> Answer:
        start, cpu_start = time.perf_counter(), time.process_time()
        result = self.job(steps)
        return {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu_start, "result": result}

    def peak(self) -> Answer:
        return {"bytes": _most_resident()}

    def epochs(self, epochs: int) -> Answer:
        walls, cpus = [], []

        def tick() -> None:
            walls.append(time.perf_counter())
            cpus.append(time.process_time())

        loss, accuracy = self.job(epochs, tick)
        times = {name: [b - a for a, b in pairwise(clock)] for name, clock in (("wall", walls), ("cpu", cpus))}
        return {**times, "loss": loss, "accuracy": accuracy}

    def chain(self, nodes: int, repeats: int) -> Answer:
        forward = backward = 0.0
        for _ in range(repeats):
            times = time_chain(self.job, nodes)
            forward, backward = forward + times[0], backward + times[1]
        operations = nodes * repeats
        return {"forward": forward / operations, "backward": backward / operations}

    def memory(self, nodes: int) -> Answer:
        resident = resident_bytes(self.job, nodes)
        traced, left = traced_bytes(self.job, nodes)
        return {"resident": resident, "traced": traced, "left": left}


def import_contender(name: str) -> ModuleType:
    """The contender of this name in `contenders/`, or that in a Python file anywhere."""
    if not name.endswith(".py"):
        return importlib.import_module(f"contenders.{name}")
    spec = importlib.util.spec_from_file_location(Path(name).stem, name)
    if spec is None or spec.loader is None:
        raise Unavailable(f"no such file: {name}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def time_chain(chain: Chain, nodes: int) -> tuple[float, float]:
    """Seconds forward and backward; nan backward where Python's stack doesn't suffice."""
    start = time.perf_counter()
    root = chain.forward(nodes)
    recorded = time.perf_counter()
    try:
        chain.backward(root)
    except RecursionError:
        return recorded - start, float("nan")
    return recorded - start, time.perf_counter() - recorded


def resident_bytes(chain: Chain, nodes: int) -> float | None:
    """By how much the process grows for each recorded operation; also counts what no Python allocator sees."""
    # Of the largest size so far, since not every system tells the present one.
    before = _most_resident()
    root = chain.forward(nodes)
    grown = _most_resident() - before
    del root
    return grown / nodes if grown else None


def _most_resident() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def traced_bytes(chain: Chain, nodes: int) -> tuple[float, float]:
    """What Python allocates for each recorded operation, and what of it waits for the cyclic collector afterwards."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        root = chain.forward(nodes)
        recorded = tracemalloc.get_traced_memory()[0] - before
        del root
        left = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        gc.enable()
    return recorded / nodes, left / nodes


def serve() -> None:
    """Answer until the runner closes the line."""
    # Libraries print what they like; the answers keep a channel of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker()
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(worker, request.pop("do"))(**request)
        print(json.dumps(answer, default=list), file=answers, flush=True)


if __name__ == "__main__":
    serve()
