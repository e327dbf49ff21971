"""A layered layout: boxes and arrows between them to places and routes. Knows nothing of what the boxes hold.

The steps are `layering.py`, `ordering.py` and `coordinates.py`; here their result gets its sizes. Everything
is computed for a picture that runs from left to right; one that runs from top to bottom is the same with x
and y exchanged.

Left out: cycles, labels on edges, nested groups (collapse a group into one box and lay that out).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from micrograd.engine.viz.layout.coordinates import assign_coordinates
from micrograd.engine.viz.layout.layering import Edge, Layers, make_layers
from micrograd.engine.viz.layout.ordering import reduce_crossings

Point = tuple[float, float]
Size = tuple[float, float]

_BOX_GAP = 14.0
_LINE_GAP = 9.0
_MIN_LAYER_GAP, _MAX_LAYER_GAP = 36.0, 150.0
_SLOPE = 0.24  # how much wider a gap gets with the height that its steepest edge climbs


@dataclass(frozen=True)
class Layout:
    """Where everything goes, in pixels from the upper left corner.

    Attributes:
        corners: The upper left corner of each box.
        routes: For each edge, the points where it turns from curve to straight and back: a curve leads from
            the first point to the second, a straight line to the third, a curve to the fourth, and so on;
            last comes a straight line. Long edges from one box share a line: the first of them has it in its
            route, the others start where they branch off.
        size: Width and height of the whole.
    """

    corners: list[Point]
    routes: list[list[Point]]
    size: Size


def lay_out(sizes: Sequence[Size], edges: Sequence[Edge], *, rankdir: str = "LR") -> Layout:
    """Place boxes of these sizes so that edges run in one direction, are short, and cross little and no box.

    Args:
        sizes: Width and height of each box.
        edges: Pairs of places in `sizes`, each leading from a lower to a higher one. A pair may come more
            than once.
        rankdir: `LR` for left to right, `TB` for top to bottom.

    Raises:
        GraphError: An edge leads from a higher place to a lower one.

    Example:
        >>> lay_out([(40, 20), (40, 20)], [(0, 1)]).corners
        [(0.0, 0.0), (76.0, 0.0)]
    """
    if rankdir == "TB":
        flipped = lay_out([(height, width) for width, height in sizes], edges)
        turned = [[(x, y) for y, x in route] for route in flipped.routes]
        return Layout([(x, y) for y, x in flipped.corners], turned, flipped.size[::-1])
    layers = make_layers(len(sizes), edges)
    reduce_crossings(layers)
    return _Measured(layers, sizes).layout(edges)


class _Measured:
    """Layers with sizes: `lefts` and `rights` bound each layer, `middles` are heights of vertices."""

    def __init__(self, layers: Layers, sizes: Sequence[Size]) -> None:
        self.layers = layers
        self.sizes = sizes
        self.middles = self._middles()
        self.lefts, self.rights = self._columns()

    def layout(self, edges: Sequence[Edge]) -> Layout:
        boxes = zip(self.sizes, self.layers.layer_of, self.middles, strict=False)
        # Boxes end where their layer ends, so that edges leave side by side.
        corners = [(self.rights[layer] - width, middle - height / 2) for (width, height), layer, middle in boxes]
        bottom = max((y + height for (_, y), (_, height) in zip(corners, self.sizes, strict=True)), default=0.0)
        lines = max(self.middles, default=0.0)
        return Layout(
            corners,
            self._routes(edges),
            (max(self.rights, default=0.0), max(bottom, lines)),
        )

    def _height(self, vertex: int) -> float:
        return 0.0 if self.layers.is_dummy(vertex) else self.sizes[vertex][1]

    def _distance(self, u: int, v: int) -> float:
        gap = _LINE_GAP if self.layers.is_dummy(u) or self.layers.is_dummy(v) else _BOX_GAP
        return (self._height(u) + self._height(v)) / 2 + gap

    def _middles(self) -> list[float]:
        middles = assign_coordinates(self.layers, self._distance)
        top = min((middle - self._height(v) / 2 for v, middle in enumerate(middles)), default=0.0)
        return [middle - top for middle in middles]

    def _columns(self) -> tuple[list[float], list[float]]:
        """Where each layer begins and ends; steep edges get more room between two layers."""
        lefts: list[float] = []
        rights: list[float] = []
        for layer in self.layers.order:
            rise = max(
                (abs(self.middles[u] - self.middles[v]) for v in layer for u in self.layers.inputs[v]),
                default=0.0,
            )
            gap = min(max(_MIN_LAYER_GAP, _SLOPE * rise), _MAX_LAYER_GAP)
            lefts.append(rights[-1] + gap if rights else 0.0)
            rights.append(lefts[-1] + max(0.0 if self.layers.is_dummy(v) else self.sizes[v][0] for v in layer))
        return lefts, rights

    def _routes(self, edges: Sequence[Edge]) -> list[list[Point]]:
        """Each edge on from where the others from the same box have left it: so a trunk is drawn once."""
        drawn = [0] * len(self.sizes)
        routes = []
        for u, v in edges:
            dummies = self.layers.path(u, v)[1:-1]
            shared = min(drawn[u], len(dummies))
            drawn[u] = max(drawn[u], len(dummies))
            routes.append(self._route([u, *dummies][shared:], v))
        return routes

    def _route(self, vertices: list[int], end: int) -> list[Point]:
        layer_of = self.layers.layer_of
        points = [(self.rights[layer_of[vertices[0]]], self.middles[vertices[0]])]
        for dummy in vertices[1:]:
            points += [(side[layer_of[dummy]], self.middles[dummy]) for side in (self.lefts, self.rights)]
        left, right = self.lefts[layer_of[end]], self.rights[layer_of[end]]
        return [*points, (left, self.middles[end]), (right - self.sizes[end][0], self.middles[end])]
