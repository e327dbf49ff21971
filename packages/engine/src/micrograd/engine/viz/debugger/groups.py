"""What a page shows at first of a graph that is too large to be shown: boxes, which open.

A long sum over large terms is a box of samples, a sample a box, a neuron or module a box, and neurons that read the
same are a layer. What is still too much for one box is cut into runs. No two boxes cut each other, and closed boxes
never make a circle: a box has a single way out, or else it was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from micrograd.engine.graph import Node
from micrograd.engine.viz.debugger.boxes import Boxes, Group
from micrograd.engine.viz.debugger.circles import Edge, in_order
from micrograd.engine.viz.debugger.layers import box_parts
from micrograd.engine.viz.debugger.leaves import box_leaves
from micrograd.engine.viz.debugger.parts import find_parts
from micrograd.engine.viz.debugger.samples import box_sums
from micrograd.engine.viz.debugger.spines import find_spines, users_of
from micrograd.engine.viz.debugger.steps import Steps

MOST = 40
"""The most units in a box that isn't cut into runs."""

_RUN = 24


@dataclass(frozen=True)
class Grouped:
    """A graph in boxes.

    Attributes:
        groups: The boxes, the whole graph first.
        home: For each node the innermost box that it lies in.
        units: What lies right in each box: a node by its place, a box by the complement (`~`) of its number; what is
            read before what reads it.
        edges: Between the units of each box, as pairs of places in `units`.
    """

    groups: list[Group]
    home: list[int]
    units: list[list[int]]
    edges: list[list[Edge]]


def group(steps: Steps, names: Mapping[Node, str]) -> Grouped:
    """Put a graph into boxes.

    Args:
        steps: The graph.
        names: The paths of parameters.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz.debugger.steps import steps_of
        >>> w, v, b = Value(1.0), Value(2.0), Value(0.5)
        >>> steps = steps_of((w * 3.0 + v * 4.0 + b).tanh() ** 2)
        >>> [(box.name, len(box.nodes)) for box in group(steps, {}).groups]
        [('graph', 1), ('tanh(Σ)', 10)]
    """
    boxes, users = Boxes(len(steps.order)), users_of(steps)
    spines = find_spines(steps, users)
    parts = find_parts(steps, users, spines, names)
    in_parts = {place for part in parts for place in part.members}
    box_sums(boxes, [spine for spine in spines if in_parts.isdisjoint(spine.links)], users)
    box_parts(boxes, steps, parts)
    box_leaves(boxes, steps, users, names)
    units, edges = _units(boxes, steps)
    while _cut_into_runs(boxes, units):
        units, edges = _units(boxes, steps)
    return Grouped(boxes.fill(), boxes.home, units, edges)


def _units(boxes: Boxes, steps: Steps) -> tuple[list[list[int]], list[list[Edge]]]:
    """What lies right in each box, in order, and the edges between."""
    groups = boxes.fill()
    units = [[*group.nodes, *(~child for child in group.children)] for group in groups]
    numbers = [{unit: number for number, unit in enumerate(inside)} for inside in units]
    edges: list[dict[Edge, None]] = [{} for _ in groups]
    ways = [boxes.way_up(box) for box in range(len(groups))]
    for place, slots in enumerate(steps.slots):
        home = boxes.home[place]
        for source in (slot.source for slot in slots if slot.source >= 0):
            box, u, v = (
                (home, source, place) if boxes.home[source] == home else _meeting(ways, boxes.home, source, place)
            )
            edges[box][numbers[box][u], numbers[box][v]] = None
    return _ordered(units, edges)


def _meeting(ways: list[list[int]], home: list[int], source: int, place: int) -> tuple[int, int, int]:
    """The innermost box around two nodes, and the units of it that they lie in."""
    one, other = ways[home[source]], ways[home[place]]
    depth = 0
    shortest = min(len(one), len(other))
    while depth < shortest and one[depth] == other[depth]:
        depth += 1
    u = ~one[depth] if depth < len(one) else source
    v = ~other[depth] if depth < len(other) else place
    return one[depth - 1], u, v


def _ordered(units: list[list[int]], edges: list[dict[Edge, None]]) -> tuple[list[list[int]], list[list[Edge]]]:
    ordered_units, ordered_edges = [], []
    for inside, between in zip(units, edges, strict=True):
        order = in_order(len(inside), between)
        places = {number: place for place, number in enumerate(order)}
        ordered_units.append([inside[number] for number in order])
        ordered_edges.append(sorted((places[u], places[v]) for u, v in between))
    return ordered_units, ordered_edges


def _cut_into_runs(boxes: Boxes, units: list[list[int]]) -> bool:
    """Cut every box with too much in it into runs of what lies in it; whether there was any."""
    crowded = [box for box, members in enumerate(units) if len(members) > MOST]
    for box in crowded:
        length = _RUN
        while len(units[box]) > _RUN * length:
            length *= _RUN
        for start in range(0, len(units[box]), length):
            _make_run(boxes, box, units[box][start : start + length], start)
    return bool(crowded)


def _make_run(boxes: Boxes, box: int, members: list[int], start: int) -> None:
    run = boxes.new(f"{start + 1}–{start + len(members)}", "run", box)
    for unit in members:
        if unit < 0:
            boxes.made[~unit].parent = run
        else:
            boxes.home[unit] = run
