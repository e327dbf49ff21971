"""The page of benchmarks and its picture, from the records that are committed in benchmarks/results/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bars import Bar, chart
from reference import ROOT

RESULTS = ROOT / "benchmarks" / "results"
PAGE = Path("docs/explanation/benchmarks.md")
PICTURE = Path("docs/assets/benchmarks/seed.svg")

NAMES = {
    "autograd_hips": "HIPS autograd",
    "c_by_hand": "C by hand",
    "jax_jit": "JAX, jit",
    "micrograd_010": "micrograd 0.1.0",
    "micrograd_jit": "jit of Values, Numba",
    "micrograd_jit_numpy": "jit of Values, NumPy",
    "micrograd_scalar": "Values",
    "micrograd_tensor": "Tensors",
    "mygrad_tensor": "MyGrad",
    "numba_by_hand": "Numba by hand",
    "numpy_by_hand": "NumPy by hand",
    "pytorch_compiled": "PyTorch, compiled",
    "pytorch_eager": "PyTorch, eager",
    "tinygrad_jit": "tinygrad, TinyJit",
}
OURS = ("micrograd_jit", "micrograd_jit_numpy", "micrograd_scalar", "micrograd_tensor")
SHOWN = (1000, 100_000, 1_000_000)
DECADES = [
    *((1e-6, "1 µs"), (1e-5, "10 µs"), (1e-4, "100 µs"), (1e-3, "1 ms")),
    *((1e-2, "10 ms"), (1e-1, "100 ms"), (1.0, "1 s")),
]

TEMPLATE = Path(__file__).with_suffix(".template")


def files() -> dict[Path, str]:
    """The page and its picture, by their paths below the root."""
    record, chains = (json.loads((RESULTS / f"{job}.json").read_text("utf-8")) for job in ("seed", "chain"))
    contenders = [c for c in record["jobs"]["seed"]["contenders"] if c["status"] == "ok"]
    contenders.sort(key=lambda contender: contender["median"])
    bars = [Bar(NAMES[c["name"]], c["median"], duration(c["median"]), c["name"] in OURS) for c in contenders]
    picture = chart(bars, "Time of one training step, on a logarithmic scale", DECADES)
    return {PAGE: _page(record, chains, contenders), PICTURE: picture}


def _page(record: dict[str, Any], chains: dict[str, Any], contenders: list[dict[str, Any]]) -> str:
    machine = record["machine"]
    return TEMPLATE.read_text("utf-8").format(
        samples=record["jobs"]["seed"]["samples"],
        hidden=record["jobs"]["seed"]["hidden"],
        fastest=duration(contenders[0]["median"]),
        slowest=duration(contenders[-1]["median"]),
        steps=_steps(contenders),
        chain=_chain(chains["jobs"]["chain"]["contenders"]),
        processor=machine["processor"],
        cores=machine["cores"],
        system=machine["system"],
        python=machine["python"],
        date=record["date"][:10],
        rounds=record["settings"]["rounds"],
        command=record["command"],
        chain_command=chains["command"],
    )


def _steps(contenders: list[dict[str, Any]]) -> str:
    fastest = contenders[0]["median"]
    lines = [f"| who | versions | time a step | times {NAMES[contenders[0]['name']]} |", "|---|---|--:|--:|"]
    for contender in contenders:
        versions = ", ".join(f"{name} {version}" for name, version in contender["versions"].items())
        time, ratio = duration(contender["median"]), significant(contender["median"] / fastest)
        lines.append(f"| {_name(contender)} | {versions} | {time} | {ratio} |")
    return "\n".join(lines)


def _chain(contenders: list[dict[str, Any]]) -> str:
    lines = ["| who | operations | forward, each | backward, each | memory, each |", "|---|--:|--:|--:|--:|"]
    for contender in contenders:
        for size in contender["sizes"]:
            if size["nodes"] in SHOWN:
                times = (duration(size[way]) if size.get(way) else "fails" for way in ("forward", "backward"))
                lines.append(f"| {_name(contender)} | {size['nodes']:,} | {' | '.join(times)} | {_memory(size)} |")
    return "\n".join(lines)


def _memory(size: dict[str, Any]) -> str:
    """By how much the process grew; on short chains, where that can't be told, what Python's allocators gave out."""
    found = size.get("resident") or size.get("traced") or 0.0
    return f"{found:,.0f} B" if found >= 10 else "-"  # a C++ library allocates past Python


def _name(contender: dict[str, Any]) -> str:
    name = NAMES[contender["name"]]
    return f"**{name}**" if contender["name"] in OURS else name


def duration(seconds: float) -> str:
    """Three digits with a unit that suits.

    Example:
        >>> duration(0.0000204), duration(0.1757), duration(1.219)
        ('20.4 µs', '176 ms', '1.22 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{significant(seconds / size)} {unit}"
    return f"{significant(seconds / 1e-9)} ns"


def significant(number: float) -> str:
    """Three digits, or all before the point.

    Example:
        >>> significant(1.0), significant(16.2345), significant(121765.2)
        ('1.00', '16.2', '121,765')
    """
    return f"{number:,.0f}" if number >= 100 else f"{number:#.3g}"
