"""A `GraphView` with sizes and places: cards, operations and arrows, ready for any format.

An operation and the value that it computed are placed as one unit, side by side. So each result stands beside
the operation that it came from, and the layout has half as many boxes to arrange.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from micrograd.engine.viz.layout.sugiyama import Layout, Point, Size, lay_out
from micrograd.engine.viz.text import clip, columns, shape_text
from micrograd.engine.viz.view import EdgeView, GraphView, NodeView

MARGIN = 18.0
PADDING = 10.0
CAPTION = 26.0  # room for the word "data" or "grad" before a number
HEADER = 17.0
ROW = 25.0
DIGIT, LETTER = 6.65, 6.95  # the width of a column in the fonts for numbers and for names
_TAG_LETTER = 6.2
_OP = 27.0
_STEM = 19.0  # the arrow from an operation to its result
_PORT_GAP = 9.0
_LABEL_COLUMNS, _SYMBOL_COLUMNS, _NUMBER_COLUMNS = 26, 18, 24


@dataclass(frozen=True)
class PlacedNode:
    """A node with its box, and its texts cut to what the box has room for.

    Attributes:
        view: The node.
        label: Its name or symbol as it fits.
        tag: The word for its kind that a leaf carries, so that colour isn't needed to tell; else empty.
        corner: The upper left corner.
        size: Width and height.
        split: How far from the left the column of gradients begins; 0 for an operation.
    """

    view: NodeView
    label: str
    tag: str
    corner: Point
    size: Size
    split: float = 0.0


@dataclass(frozen=True)
class PlacedEdge:
    """An arrow with the points of its route, which is drawn as `Layout.routes` says.

    Attributes:
        view: The edge.
        points: Its route.
        port: How far beyond the middle of its target it ends, negative if before it.
    """

    view: EdgeView
    points: tuple[Point, ...]
    port: float = 0.0


@dataclass(frozen=True)
class Scene:
    """A picture before it is written: a size, and what stands where."""

    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]
    size: Size
    rankdir: str


def arrange(view: GraphView, rankdir: str = "LR") -> Scene:
    """Give every node and edge of the view its place.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz.view import view_graph
        >>> x = Value(3.0, label="x")
        >>> [(node.label, node.tag) for node in arrange(view_graph(x * x)).nodes]
        [('x', 'input'), ('*', ''), ('', '')]
    """
    return _Arrangement(view, rankdir).scene()


class _Arrangement:
    """What `arrange` does: the layout sees `units`, each an operation with its result or a leaf."""

    def __init__(self, view: GraphView, rankdir: str) -> None:
        self.view = view
        self.across = rankdir == "LR"
        self.rankdir = rankdir
        self.split, self.width = _card_columns(view.nodes)
        self.sizes = {node.id: self._node_size(node) for node in view.nodes}
        self.units = self._units()
        self.unit_of = {node.id: number for number, unit in enumerate(self.units) for node in unit}
        self.between = [edge for edge in view.edges if self.unit_of[edge.source] != self.unit_of[edge.target]]

    def scene(self) -> Scene:
        pairs = [(self.unit_of[edge.source], self.unit_of[edge.target]) for edge in self.between]
        layout = lay_out([self._unit_size(unit) for unit in self.units], pairs, rankdir=self.rankdir)
        nodes = [
            node for unit, corner in zip(self.units, layout.corners, strict=True) for node in self._place(unit, corner)
        ]
        boxes = {node.view.id: node for node in nodes}
        edges = [
            self._stem(edge, boxes)
            for edge in self.view.edges
            if self.unit_of[edge.source] == self.unit_of[edge.target]
        ]
        edges += self._arrows(layout, boxes)
        width, height = layout.size
        return Scene(tuple(nodes), tuple(edges), (width + 2 * MARGIN, height + 2 * MARGIN), self.rankdir)

    def _units(self) -> list[list[NodeView]]:
        operation_of = {edge.target: edge.source for edge in self.view.edges if edge.operand is None}
        nodes = {node.id: node for node in self.view.nodes}
        values = [node for node in self.view.nodes if node.kind != "op"]
        return [[nodes[operation_of[v.id]], v] if v.id in operation_of else [v] for v in values]

    def _node_size(self, node: NodeView) -> Size:
        if node.kind == "op":
            symbol = clip(node.label, _SYMBOL_COLUMNS)
            return max(_OP, columns(symbol) * LETTER + 16), _OP
        return self.width, ROW + HEADER * _has_header(node)

    def _unit_size(self, unit: Sequence[NodeView]) -> Size:
        widths, heights = zip(*(self.sizes[node.id] for node in unit), strict=True)
        stems = _STEM * (len(unit) - 1)
        if self.across:
            return sum(widths) + stems, max(heights)
        return max(widths), sum(heights) + stems

    def _place(self, unit: Sequence[NodeView], corner: Point) -> list[PlacedNode]:
        x, y = corner
        unit_width, unit_height = self._unit_size(unit)
        placed = []
        for node in unit:
            width, height = self.sizes[node.id]
            if self.across:
                placed.append(self._placed(node, (x, y + (unit_height - height) / 2)))
                x += width + _STEM
            else:
                placed.append(self._placed(node, (x + (unit_width - width) / 2, y)))
                y += height + _STEM
        return placed

    def _placed(self, node: NodeView, corner: Point) -> PlacedNode:
        x, y = corner[0] + MARGIN, corner[1] + MARGIN
        if node.kind == "op":
            return PlacedNode(node, clip(node.label, _SYMBOL_COLUMNS), "", (x, y), self.sizes[node.id])
        return PlacedNode(node, clip(node.label, _LABEL_COLUMNS), _tag(node), (x, y), self.sizes[node.id], self.split)

    def _stem(self, edge: EdgeView, boxes: dict[str, PlacedNode]) -> PlacedEdge:
        """The short arrow from an operation to its result."""
        source, target = boxes[edge.source], boxes[edge.target]
        (x, y), (width, height) = source.corner, source.size
        if self.across:
            return PlacedEdge(edge, ((x + width, y + height / 2), (target.corner[0], y + height / 2)))
        return PlacedEdge(edge, ((x + width / 2, y + height), (x + width / 2, target.corner[1])))

    def _arrows(self, layout: Layout, boxes: dict[str, PlacedNode]) -> list[PlacedEdge]:
        """The arrows between units, spread over the near side of the node where they end."""
        shifts = self._shifts(layout)
        routes = [
            [self._moved((x + MARGIN, y + MARGIN), shift) for x, y in route]
            for route, shift in zip(layout.routes, shifts, strict=True)
        ]
        arrows = []
        for number, offset in self._ports(routes).items():
            edge, route = self.between[number], routes[number]
            before, (x, y) = (self._moved(point, offset - shifts[number]) for point in route[-2:])
            inset = self._inset(boxes[edge.target], offset)
            end = (x + inset, y) if self.across else (x, y + inset)
            arrows.append(PlacedEdge(edge, (*route[:-2], before, end), offset))
        return arrows

    def _inset(self, end: PlacedNode, offset: float) -> float:
        """How much further in the outline of an operation lies there, since its ends are round."""
        if end.view.kind != "op":
            return 0.0
        radius = _OP / 2
        beyond = max(0.0, abs(offset) - (end.size[self.across] / 2 - radius))
        return radius - math.sqrt(radius**2 - beyond**2)

    def _moved(self, point: Point, shift: float) -> Point:
        """The point, moved across the direction of the picture."""
        return (point[0], point[1] + shift) if self.across else (point[0] + shift, point[1])

    def _shifts(self, layout: Layout) -> list[float]:
        """How far each arrow keeps from its middle line: two between the same nodes run side by side."""
        twins: dict[tuple[str, str], list[int]] = {}
        for number, edge in enumerate(self.between):
            twins.setdefault((edge.source, edge.target), []).append(number)
        shifts = [0.0] * len(self.between)
        for numbers in twins.values():
            # A longer line is shared, with only its last piece left to each arrow.
            if all(self._is_direct(layout, number) for number in numbers):
                for number, shift in zip(numbers, _spread(len(numbers), _PORT_GAP, 0.75 * _OP), strict=True):
                    shifts[number] = shift
        return shifts

    def _is_direct(self, layout: Layout, number: int) -> bool:
        """Whether the arrow goes from box to box on its own, neither along a shared line nor branching off from one."""
        unit, route = self.unit_of[self.between[number].source], layout.routes[number]
        end = layout.corners[unit][not self.across] + self._unit_size(self.units[unit])[not self.across]
        return len(route) == 3 and math.isclose(route[0][not self.across], end)

    def _ports(self, routes: list[list[Point]]) -> dict[int, float]:
        """How far from the middle each arrow meets its target, in the order in which they come in."""
        incoming: dict[str, list[int]] = {}
        for number, edge in enumerate(self.between):
            incoming.setdefault(edge.target, []).append(number)
        ports: dict[int, float] = {}
        for numbers in incoming.values():
            numbers.sort(key=lambda number: routes[number][-3][self.across])
            ports.update(zip(numbers, _spread(len(numbers), _PORT_GAP, 0.75 * _OP), strict=True))
        return ports


def _spread(count: int, gap: float, most: float) -> list[float]:
    """Places around 0 at this distance from each other, or closer if all must lie within `most`."""
    gap = min(gap, most / max(count - 1, 1))
    return [(number - (count - 1) / 2) * gap for number in range(count)]


def _card_columns(nodes: Sequence[NodeView]) -> tuple[float, float]:
    """How wide the column of data and a card are, the same for all cards of the picture."""
    cards = [node for node in nodes if node.kind != "op"]
    data, grad = (
        max(_number_width(text) for text in texts) for texts in zip(*((c.data, c.grad) for c in cards), strict=True)
    )
    header = max(_header_width(node) for node in cards)
    spare = max(0.0, header - data - grad)
    return data + spare / 2, data + grad + spare


def _number_width(text: str) -> float:
    return 2 * PADDING + CAPTION + DIGIT * columns(clip(text, _NUMBER_COLUMNS))


def _header_width(node: NodeView) -> float:
    tag = _TAG_LETTER * (columns(_tag(node)) + 1)
    return 2 * PADDING + LETTER * columns(clip(node.label, _LABEL_COLUMNS)) + tag


def _has_header(node: NodeView) -> bool:
    return bool(node.label or _tag(node))


def _tag(node: NodeView) -> str:
    kind = {"parameter": "param", "data": "input"}.get(node.kind, "")
    return f"{kind} {shape_text(node.shape)}".strip()
