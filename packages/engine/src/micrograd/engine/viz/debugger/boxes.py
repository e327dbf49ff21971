"""Boxes in boxes, and which of them each node lies in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ROOT = 0
"""The box of the whole graph."""


@dataclass
class Group:
    """A box.

    Attributes:
        name: What it is called.
        kind: `graph`, `sum`, `sample`, `term`, `layer`, `module`, `neuron`, `leaves` or `run`.
        parent: The box around it; -1 for the whole graph.
        nodes: The nodes that lie in it and in no box within it.
        children: The boxes right within it.
    """

    name: str
    kind: str
    parent: int
    nodes: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)


class Boxes:
    """The boxes of a graph while they are being made.

    Args:
        count: How many nodes there are.

    Attributes:
        made: The boxes.
        home: For each node the innermost box that it lies in.
    """

    def __init__(self, count: int) -> None:
        self.made = [Group("graph", "graph", -1)]
        self.home = [ROOT] * count

    def new(self, name: str, kind: str, parent: int) -> int:
        """Make a box within another one."""
        self.made.append(Group(name, kind, parent))
        return len(self.made) - 1

    def way_up(self, box: int) -> list[int]:
        """A box and all around it, the whole graph first."""
        boxes = [box]
        while boxes[-1] != ROOT:
            boxes.append(self.made[boxes[-1]].parent)
        return boxes[::-1]

    def around(self, boxes: Iterable[int]) -> int:
        """The innermost box around all of these."""
        common: Sequence[int] | None = None
        for way in map(self.way_up, dict.fromkeys(boxes)):
            shared = way if common is None else [one for one, other in zip(common, way, strict=False) if one == other]
            common = shared
        return common[-1] if common else ROOT

    def fill(self) -> list[Group]:
        """All boxes with what lies in them, nodes and boxes in order."""
        for group in self.made:
            group.nodes, group.children = [], []
        for place, box in enumerate(self.home):
            self.made[box].nodes.append(place)
        for number, group in enumerate(self.made[1:], 1):
            self.made[group.parent].children.append(number)
        return self.made
