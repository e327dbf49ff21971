"""A recorded sweep of sizes on the page of benchmarks: a picture with its description, and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from timings.curves import Line, chart
from timings.quantities import duration

LINES = (
    ("micrograd_010", "step", "micrograd 0.1.0", False, False),
    ("micrograd_scalar", "step", "Values", True, False),
    ("micrograd_jit", "first", "jit, the first step", True, True),
    ("micrograd_jit", "step", "jit, a step", True, False),
    ("numpy_by_hand", "step", "NumPy by hand", False, False),
)
AXES = {
    "nodes": ("nodes", "scalars in the graph", "Samples and width grow together"),
    "samples": ("samples", "samples, at width 16", "Only the samples grow"),
    "width": ("hidden", "width of both hidden layers, at 100 samples", "Only the net grows"),
}


@dataclass(frozen=True)
class Growth:
    """One sweep.

    Attributes:
        name: One of those in `AXES`.
        points: What was measured at each size, smallest first, as in the record.
    """

    name: str
    points: Sequence[Mapping[str, Any]]

    @cached_property
    def lines(self) -> list[Line]:
        """Those of who was measured at all."""
        along = AXES[self.name][0]
        found = [
            Line(
                name, [(p[along], p["costs"][who][key]) for p in self.points if key in p["costs"].get(who, {})], *style
            )
            for who, key, name, *style in LINES
        ]
        return [line for line in found if line.points]

    def picture(self) -> str:
        """Time of a step over size."""
        return chart(self.lines, f"Time of a training step over {AXES[self.name][1]}", AXES[self.name][1], _short)

    def section(self) -> str:
        """The picture in the page, with a text for those who can't see it."""
        ends = "; ".join(
            f"{line.name} from {duration(line.points[0][1])} at {line.points[0][0]:,} to "
            f"{duration(line.points[-1][1])} at {line.points[-1][0]:,}"
            for line in self.lines
        )
        _, label, caption = AXES[self.name]
        return f"{caption}:\n\n![Lines on logarithmic scales, time of a step over {label}: {ends}]({self._path})"

    @property
    def _path(self) -> str:
        return f"../assets/benchmarks/{self.name}.svg"

    def table(self) -> str:
        """The sizes, and what each took."""
        headers = [*(name for _, _, name, *_ in LINES), "memory of Values"]
        rows = [f"| scalars | samples | width | {' | '.join(headers)} |", f"|--:{'|--:' * (len(headers) + 2)}|"]
        for point in self.points:
            sizes = [f"{point[key]:,}" for key in ("nodes", "samples", "hidden")]
            costs = [point["costs"].get(who, {}).get(key) for who, key, *_ in LINES]
            peak = point["costs"].get("micrograd_scalar", {}).get("peak")
            times = ["-" if cost is None else duration(cost) for cost in costs]
            rows.append(f"| {' | '.join([*sizes, *times, '-' if peak is None else f'{peak / 1e6:,.0f} MB'])} |")
        return "\n".join(rows)


def _short(seconds: float) -> str:
    """A power of ten: "10 µs"."""
    return duration(seconds).replace(".00", "").replace(".0", "")
