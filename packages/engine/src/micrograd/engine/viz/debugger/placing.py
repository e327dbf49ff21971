"""Where everything lies within its box, by the layout of the pictures; boxes that look alike are laid out once.

The places are those with all boxes closed. The page opens a box by moving apart what lies around it, so that nothing
changes sides and a reader finds everything where it was.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from micrograd.engine.viz.debugger.circles import Edge
from micrograd.engine.viz.debugger.groups import Grouped
from micrograd.engine.viz.debugger.steps import Steps
from micrograd.engine.viz.layout.sugiyama import Point, Size, lay_out
from micrograd.engine.viz.operations import operation_symbol
from micrograd.engine.viz.text import clip, columns

CARD: Size = (184.0, 46.0)
ARRAY: Size = (184.0, 92.0)
BOX: Size = (208.0, 66.0)
CHIPS = 19.0
"""The height of a row of chips; as much is left free above, so that lines still meet the middle."""

STEM = 16.0
SYMBOL = 14
"""The most columns of a symbol."""

_GAP = 16.0


@dataclass
class Places:
    """The layouts of all boxes.

    Attributes:
        layouts: For each kind of box: the rectangles of its units, its edges with their routes, and its size.
        layout_of: For each box the number of its layout.
    """

    layouts: list[dict[str, Any]] = field(default_factory=list)
    layout_of: list[int] = field(default_factory=list)


def place_units(steps: Steps, grouped: Grouped) -> Places:
    """Lay out the inside of every box.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz.debugger.groups import group
        >>> from micrograd.engine.viz.debugger.steps import steps_of
        >>> steps = steps_of(Value(2.0) * 3.0)
        >>> places = place_units(steps, group(steps, {}))
        >>> len(places.layouts), places.layout_of
        (1, [0])
    """
    places = Places()
    known: dict[Any, int] = {}
    for box, units in enumerate(grouped.units):
        sizes = [BOX if unit < 0 else _size(steps, grouped, unit) for unit in units]
        key = (tuple(sizes), tuple(grouped.edges[box]))
        if key not in known:
            known[key] = len(places.layouts)
            places.layouts.append(_layout(sizes, grouped.edges[box]))
        places.layout_of.append(known[key])
    return places


def _reads_from_outside(steps: Steps, grouped: Grouped, place: int) -> bool:
    """Whether an operand lies outside of the operation's box: it is then named below, on a chip."""
    home = grouped.home[place]
    return any(slot.source >= 0 and not _lies_in(grouped, slot.source, home) for slot in steps.slots[place])


def _lies_in(grouped: Grouped, place: int, box: int) -> bool:
    around = grouped.home[place]
    while around not in (box, -1):
        around = grouped.groups[around].parent
    return around == box


def _size(steps: Steps, grouped: Grouped, place: int) -> Size:
    width, height = ARRAY if getattr(steps.data[place], "shape", ()) else CARD
    node = steps.order[place]
    if node.op is None:
        return width, height
    width += STEM + symbol_width(operation_symbol(node))
    return width, height + 2 * CHIPS * _reads_from_outside(steps, grouped, place)


def symbol_width(symbol: str) -> float:
    """The width of an operation with this symbol.

    Example:
        >>> symbol_width("*"), symbol_width("tanh")
        (30.0, 44.0)
    """
    return max(30.0, 7.0 * columns(clip(symbol, SYMBOL)) + 16.0)


def _layout(sizes: Sequence[Size], edges: Sequence[Edge]) -> dict[str, Any]:
    if not edges:
        return _grid(sizes)
    layout = lay_out(sizes, edges)
    return _written(sizes, layout.corners, edges, layout.routes, layout.size)


def _grid(sizes: Sequence[Size]) -> dict[str, Any]:
    """What doesn't hang together, in rows that make up a landscape."""
    width, height = (max((size[side] for size in sizes), default=0.0) + _GAP for side in (0, 1))
    across = max(1, round(math.sqrt(1.6 * len(sizes) * height / width)))
    corners = [(number % across * width, number // across * height) for number in range(len(sizes))]
    rows = -(-len(sizes) // across)
    whole = (min(across, len(sizes)) * width - _GAP, rows * height - _GAP)
    return _written(sizes, corners, [], [], whole)


def _written(
    sizes: Sequence[Size],
    corners: Sequence[Point],
    edges: Sequence[Edge],
    routes: Sequence[Sequence[Point]],
    whole: Size,
) -> dict[str, Any]:
    boxes = [[round(x), round(y), round(w), round(h)] for (x, y), (w, h) in zip(corners, sizes, strict=True)]
    points = [[round(number) for point in route for number in point] for route in routes]
    return {"boxes": boxes, "edges": [list(edge) for edge in edges], "routes": points, "size": list(map(round, whole))}
