"""A bar chart on a logarithmic scale, as SVG: every bar is named and has its number written beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, LEFT, WIDTH, RIGHT = 26, 190, 430, 90

STYLE = """\
text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #222 }
.ours { font-weight: 600 }
.number, .tick { font-variant-numeric: tabular-nums }
.tick { font-size: 11px; fill: #595959; text-anchor: middle }
.name { text-anchor: end }
line { stroke: #d5d5d5 }
rect { fill: #7d8ea8 }
rect.ours { fill: #d55e00 }"""


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        name: Written at its left.
        number: How long it is, above 0.
        text: The number as it is written.
        is_ours: Whether it stands out.
    """

    name: str
    number: float
    text: str
    is_ours: bool = False


def chart(bars: Sequence[Bar], title: str, decades: Sequence[tuple[float, str]]) -> str:
    """The picture; `decades` are the places of the scale with their names, from its left end to its right."""
    low, high = math.log10(decades[0][0]), math.log10(decades[-1][0])
    height = ROW * len(bars) + 34

    def length(number: float) -> float:
        return WIDTH * (math.log10(number) - low) / (high - low)

    ticks = [_tick(LEFT + length(number), height, name) for number, name in decades]
    rows = [_row(bar, 8 + ROW * place, length(bar.number)) for place, bar in enumerate(bars)]
    size = f'width="{LEFT + WIDTH + RIGHT}" height="{height}" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escape(title)}</title>'
    return "\n".join([head, f"<style>{STYLE}</style>", *ticks, *rows, "</svg>", ""])


def _tick(x: float, height: int, name: str) -> str:
    line = f'<line x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{height - 24}"/>'
    return f'{line}<text class="tick" x="{x:.1f}" y="{height - 8}">{escape(name)}</text>'


def _row(bar: Bar, top: int, length: float) -> str:
    kind = " ours" if bar.is_ours else ""
    name = f'<text class="name{kind}" x="{LEFT - 8}" y="{top + 14}">{escape(bar.name)}</text>'
    body = f'<rect class="bar{kind}" x="{LEFT}" y="{top}" width="{length:.1f}" height="18" rx="2"/>'
    end = LEFT + length + 6
    text = f'<text class="number{kind}" x="{end:.1f}" y="{top + 14}">{escape(bar.text)}</text>'
    return name + body + text
