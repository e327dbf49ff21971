"""The first step of a layered drawing (Sugiyama, Tagawa, Toda 1981): the layer of each vertex.

Vertices are the integers 0, 1, ...; an edge `(u, v)` has `u < v`, as the topological order gives them. So
there are no cycles to break, and a plain loop visits inputs before users.

An edge that spans several layers is led through a dummy vertex in each layer between, so that the next steps
only see edges between neighbouring layers. All long edges from one vertex carry the same value, so they share
one trunk of dummies, from which they branch off: this keeps the number of dummies, and of lines to follow,
small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from micrograd.engine.errors import GraphError

Edge = tuple[int, int]

DUMMY_BUDGET = 20_000
"""With more dummies than this, the longest edges go straight through, behind what is in their way."""


@dataclass
class Layers:
    """A graph in which every edge leads from one layer to the next.

    Attributes:
        real: How many vertices are the graph's own; from this number on they are dummies.
        layer_of: The layer of each vertex.
        inputs: For each vertex, its neighbours in the layer before.
        users: For each vertex, its neighbours in the layer after.
        trunks: For each vertex of the graph, the dummies of its long edges, nearest first.
        order: For each layer, its vertices from first to last.
    """

    real: int
    layer_of: list[int]
    inputs: list[list[int]]
    users: list[list[int]]
    trunks: list[list[int]]
    order: list[list[int]]

    def is_dummy(self, vertex: int) -> bool:
        """Whether the vertex only stands for a piece of a long edge."""
        return vertex >= self.real

    def path(self, u: int, v: int) -> list[int]:
        """The vertices that the edge passes, both ends included."""
        return [u, *self.trunks[u][: self.layer_of[v] - self.layer_of[u] - 1], v]


def make_layers(count: int, edges: Sequence[Edge]) -> Layers:
    """Spread `count` vertices over layers, with each edge from one layer to the next.

    Raises:
        GraphError: An edge does not lead from a lower to a higher vertex.

    Example:
        >>> layers = make_layers(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
        >>> layers.layer_of[:4], layers.path(0, 3)
        ([0, 1, 2, 3], [0, 4, 5, 3])
    """
    for u, v in edges:
        if not 0 <= u < v < count:
            raise GraphError(f"edge ({u}, {v}) of a layout must lead upwards among {count} vertices; sort them first.")
    layer_of = _balanced_layers(count, edges)
    layers = Layers(count, layer_of, [[] for _ in layer_of], [[] for _ in layer_of], [[] for _ in layer_of], [])
    _connect(layers, _without_the_longest(layer_of, edges))
    layers.order = _depth_first_order(layers)
    return layers


def _balanced_layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """Each vertex as early as its inputs allow, or right before its first user if that makes no line longer.

    So leaves stand beside the operations that they feed, products beside the sum that they enter, and neurons
    of one layer, which share their inputs, in one column.
    """
    inputs: list[list[int]] = [[] for _ in range(count)]
    users: list[list[int]] = [[] for _ in range(count)]
    for u, v in dict.fromkeys(edges):
        inputs[v].append(u)
        users[u].append(v)
    early, pull = [0] * count, [0.0] * count
    for v in range(count):
        early[v] = max((early[u] + 1 for u in inputs[v]), default=0)
        pull[v] = sum(min(1.0, pull[u]) if len(users[u]) == 1 else 1.0 for u in inputs[v])
    layer_of = early[:]
    for v in reversed(range(count)):
        # Moving on from an input that stays makes a line longer, but one that many share only once for all.
        cost = sum(pull[u] if len(users[u]) == 1 else 1.0 / len(users[u]) for u in inputs[v])
        if users[v] and cost < 1.0:
            layer_of[v] = min(layer_of[user] for user in users[v]) - 1
    return layer_of


def _without_the_longest(layer_of: list[int], edges: Sequence[Edge]) -> list[Edge]:
    """The edges once each, in order, less those so long that their dummies would exceed the budget."""
    kept = list(dict.fromkeys(edges))
    while True:
        reach: dict[int, int] = {}
        for u, v in kept:
            reach[u] = max(reach.get(u, 1), layer_of[v] - layer_of[u])
        if sum(reach.values()) - len(reach) <= DUMMY_BUDGET:
            return kept
        limit = max(reach.values()) // 2
        kept = [(u, v) for u, v in kept if layer_of[v] - layer_of[u] <= limit]


def _connect(layers: Layers, edges: Sequence[Edge]) -> None:
    for u, v in edges:
        trunk = layers.trunks[u]
        for _ in range(layers.layer_of[v] - layers.layer_of[u] - 1 - len(trunk)):
            trunk.append(_add_dummy(layers, trunk[-1] if trunk else u))
        before = layers.path(u, v)[-2]
        layers.users[before].append(v)
        layers.inputs[v].append(before)


def _add_dummy(layers: Layers, before: int) -> int:
    dummy = len(layers.layer_of)
    layers.layer_of.append(layers.layer_of[before] + 1)
    layers.users[before].append(dummy)
    layers.inputs.append([before])
    layers.users.append([])
    return dummy


def _depth_first_order(layers: Layers) -> list[list[int]]:
    """Each layer in the order of a walk from the last vertex back along operands, first operand first.

    A tree is drawn without a crossing in this order, and reads as the expression does.
    """
    order: list[list[int]] = [[] for _ in range(max(layers.layer_of, default=-1) + 1)]
    seen = [False] * len(layers.layer_of)
    stack = [v for v in range(layers.real) if not layers.users[v]]
    while stack:
        vertex = stack.pop()
        if not seen[vertex]:
            seen[vertex] = True
            order[layers.layer_of[vertex]].append(vertex)
            stack.extend(reversed(layers.inputs[vertex]))
    return order
