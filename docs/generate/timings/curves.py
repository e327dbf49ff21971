"""Pictures of how the cost of a step grows, lines on two logarithmic scales, as SVG: each line is named at its end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

LEFT, TOP, WIDTH, HEIGHT, RIGHT, BOTTOM = 58, 14, 440, 270, 170, 44
APART = 16  # of the names at the ends of lines, from baseline to baseline

STYLE = """\
text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #222 }
.tick { font-size: 11px; fill: #595959; font-variant-numeric: tabular-nums }
.x { text-anchor: middle }
.y { text-anchor: end }
.grid { stroke: #e2e2e2 }
.leader { stroke: #b5b5b5 }
polyline { fill: none; stroke: #7d8ea8; stroke-width: 2 }
circle { fill: #7d8ea8 }
.ours { font-weight: 600 }
polyline.ours { stroke: #d55e00 }
circle.ours { fill: #d55e00 }
.dashed { stroke-dasharray: 5 4 }"""


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        name: Written at its end.
        points: Their x and y, above 0, from left to right.
        is_ours: Whether it stands out.
        is_dashed: Whether it is drawn so.
    """

    name: str
    points: Sequence[tuple[float, float]]
    is_ours: bool = False
    is_dashed: bool = False


def chart(lines: Sequence[Line], title: str, x_label: str, y_name: Callable[[float], str]) -> str:
    """The picture; `y_name` writes a number of the vertical scale."""
    xs, ys = ([point[axis] for line in lines for point in line.points] for axis in (0, 1))
    x_range, y_range = _decades(xs), _decades(ys)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return LEFT + WIDTH * _part(point[0], x_range), TOP + HEIGHT * (1 - _part(point[1], y_range))

    width, height = LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img"><title>{escape(title)}</title>'
    )
    grid = [_vertical(place((10.0**k, 10.0 ** y_range[0]))[0], f"{10**k:,}") for k in range(x_range[0], x_range[1] + 1)]
    rows = range(y_range[0], y_range[1] + 1)
    grid += [_horizontal(place((10.0 ** x_range[0], 10.0**k))[1], y_name(10.0**k)) for k in rows]
    label = f'<text class="tick x" x="{LEFT + WIDTH / 2:.1f}" y="{height - 6}">{escape(x_label)}</text>'
    drawn = [_drawn(line, [place(point) for point in line.points]) for line in lines]
    names = _names([(line, *place(line.points[-1])) for line in lines])
    return "\n".join([head, f"<style>{STYLE}</style>", *grid, label, *drawn, *names, "</svg>", ""])


def _decades(numbers: Iterable[float]) -> tuple[int, int]:
    exponents = [math.log10(number) for number in numbers]
    return math.floor(min(exponents)), math.ceil(max(exponents))


def _part(number: float, decades: tuple[int, int]) -> float:
    return (math.log10(number) - decades[0]) / (decades[1] - decades[0])


def _vertical(x: float, name: str) -> str:
    end = TOP + HEIGHT
    line = f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{end}"/>'
    return f'{line}<text class="tick x" x="{x:.1f}" y="{end + 16}">{escape(name)}</text>'


def _horizontal(y: float, name: str) -> str:
    line = f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + WIDTH}" y2="{y:.1f}"/>'
    return f'{line}<text class="tick y" x="{LEFT - 6}" y="{y + 4:.1f}">{escape(name)}</text>'


def _drawn(line: Line, places: Sequence[tuple[float, float]]) -> str:
    ours, dashed = " ours" if line.is_ours else "", " dashed" if line.is_dashed else ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle class="dot{ours}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    return f'<polyline class="line{ours}{dashed}" points="{path}"/>{dots}'


def _names(ends: Sequence[tuple[Line, float, float]]) -> list[str]:
    """The lines' names beside the chart, at the heights of their ends as far as there is room between them."""
    placed: list[str] = []
    lowest = -math.inf
    for line, x, y in sorted(ends, key=lambda end: end[2]):
        lowest = max(y, lowest + APART)
        left, kind = LEFT + WIDTH + 22, "ours" if line.is_ours else "theirs"
        leader = f'<line class="leader" x1="{x + 5:.1f}" y1="{y:.1f}" x2="{left - 4}" y2="{lowest:.1f}"/>'
        placed.append(f'{leader}<text class="{kind}" x="{left}" y="{lowest + 4:.1f}">{escape(line.name)}</text>')
    return placed
