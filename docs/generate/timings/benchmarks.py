"""The page of benchmarks and its pictures, from the records that are committed in benchmarks/results/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reference import ROOT
from timings.bars import Bar, chart
from timings.growth import Growth
from timings.quantities import duration, significant

RESULTS = ROOT / "benchmarks" / "results"
PAGE = Path("docs/explanation/benchmarks.md")
PICTURES = Path("docs/assets/benchmarks")

NAMES = {
    "autograd_hips": "HIPS autograd",
    "c_by_hand": "C by hand",
    "jax_jit": "JAX, jit",
    "micrograd_010": "micrograd 0.1.0",
    "micrograd_fit": "fit",
    "micrograd_fit_jit": "fit, jit=True",
    "micrograd_jit": "jit of Values, LLVM",
    "micrograd_jit_numpy": "jit of Values, NumPy",
    "micrograd_scalar": "Values",
    "micrograd_tensor": "Tensors",
    "mygrad_tensor": "MyGrad",
    "numba_by_hand": "Numba by hand",
    "numpy_by_hand": "NumPy by hand",
    "pytorch_compiled": "PyTorch, compiled",
    "pytorch_eager": "PyTorch, eager",
    "pytorch_loader": "PyTorch, DataLoader",
    "tinygrad_jit": "tinygrad, TinyJit",
}
# Where many rows are computed, `jit` chooses NumPy by itself.
ROWS = {"micrograd_jit": "jit(vmap(model))", "micrograd_jit_numpy": "jit(vmap(model)), NumPy"}
OURS = tuple(name for name in NAMES if name.startswith("micrograd_") and name != "micrograd_010")
QUOTED = ("seed", "rows", "digits", "digits_single", "convnet", "chain", "curves")
SHOWN = (1000, 100_000, 1_000_000)
DECADES = [
    *((1e-6, "1 µs"), (1e-5, "10 µs"), (1e-4, "100 µs"), (1e-3, "1 ms")),
    *((1e-2, "10 ms"), (1e-1, "100 ms"), (1.0, "1 s")),
]

TEMPLATE = Path(__file__).with_suffix(".template")


def files() -> dict[Path, str]:
    """The page and its pictures, by their paths below the root."""
    records = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))}
    contenders = _timed(records["seed"], "seed")
    bars = [Bar(NAMES[c["name"]], c["median"], duration(c["median"]), c["name"] in OURS) for c in contenders]
    picture = chart(bars, "Time of one training step, on a logarithmic scale", DECADES)
    growths = {name: Growth(name, points) for name, points in records["curves"]["sweeps"].items()}
    pictures = {PICTURES / f"{name}.svg": growth.picture() for name, growth in growths.items()}
    return {PAGE: _page(records, growths), PICTURES / "seed.svg": picture, **pictures}


def _page(records: dict[str, Any], growths: dict[str, Growth]) -> str:
    seed, contenders = records["seed"], _timed(records["seed"], "seed")
    return TEMPLATE.read_text("utf-8").format(
        samples=seed["jobs"]["seed"]["samples"],
        hidden=seed["jobs"]["seed"]["hidden"],
        fastest=duration(contenders[0]["median"]),
        slowest=duration(contenders[-1]["median"]),
        steps=_steps(contenders),
        rows=_steps(_timed(records["rows"], "rows"), {**NAMES, **ROWS}),
        digits=_epochs(_timed(records["digits"], "digits")),
        digits_single=_epochs(_timed(records["digits_single"], "digits_single")),
        convnet=_epochs(_timed(records["convnet"], "convnet")),
        convnet_epochs=records["convnet"]["jobs"]["convnet"]["epochs"],
        chain=_chain(records["chain"]["jobs"]["chain"]["contenders"]),
        growths="\n\n".join(growth.section() for growth in growths.values()),
        growth=growths["nodes"].table(),
        records=_records({name: records[name] for name in QUOTED}),
        **seed["machine"],
    )


def _timed(record: dict[str, Any], job: str) -> list[dict[str, Any]]:
    """The contenders of a job that were timed, the fastest first."""
    contenders = [c for c in record["jobs"][job]["contenders"] if c["status"] == "ok"]
    return sorted(contenders, key=lambda contender: contender["median"])


def _epochs(contenders: list[dict[str, Any]]) -> str:
    base = next(c["median"] for c in contenders if c["name"] == "pytorch_eager")
    lines = ["| who | versions | an epoch | times PyTorch | reads |", "|---|---|--:|--:|--:|"]
    for contender in contenders:
        time, ratio = duration(contender["median"]), significant(contender["median"] / base)
        lines.append(
            f"| {_name(contender)} | {_versions(contender)} | {time} | {ratio} | {contender['accuracy']:.1%} |"
        )
    return "\n".join(lines)


def _records(records: dict[str, Any]) -> str:
    """What was run, when, by which clock."""
    lines = ["| date | clock | command |", "|---|---|---|"]
    for record in records.values():
        clock = "processor's" if "--clock cpu" in record["command"] else "wall's"
        lines.append(f"| {record['date'][:10]} | {clock} | `{record['command']}` |")
    return "\n".join(lines)


def _steps(contenders: list[dict[str, Any]], names: dict[str, str] = NAMES) -> str:
    fastest = contenders[0]["median"]
    lines = [f"| who | versions | time | times {names[contenders[0]['name']]} |", "|---|---|--:|--:|"]
    for contender in contenders:
        time, ratio = duration(contender["median"]), significant(contender["median"] / fastest)
        lines.append(f"| {_name(contender, names)} | {_versions(contender)} | {time} | {ratio} |")
    return "\n".join(lines)


def _versions(contender: dict[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in contender["versions"].items())


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


def _name(contender: dict[str, Any], names: dict[str, str] = NAMES) -> str:
    name = names[contender["name"]]
    return f"**{name}**" if contender["name"] in OURS else name
