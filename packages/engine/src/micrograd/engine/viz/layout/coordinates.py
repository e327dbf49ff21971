"""The third step of a layered drawing: how far down its layer each vertex goes.

Brandes and Koepf, "Fast and simple horizontal coordinate assignment" (2001). Each vertex is aligned with a
median of its neighbours where that crosses nothing; this gives blocks that lie on one straight line. Blocks
are packed as tightly as sizes allow. That is done four times, from either side and either end, and the four
results are averaged. Packing follows the correction that dagre uses: longest paths in the graph of blocks,
once from each side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from micrograd.engine.viz.layout.layering import Edge, Layers

Distance = Callable[[int, int], float]


def assign_coordinates(layers: Layers, distance: Distance) -> list[float]:
    """The coordinate of each vertex along its layer; neighbours are at least `distance(u, v)` apart.

    Example:
        >>> from micrograd.engine.viz.layout.layering import make_layers
        >>> assign_coordinates(make_layers(3, [(0, 2), (1, 2)]), lambda u, v: 10.0)
        [0.0, 10.0, 5.0]
    """
    conflicts = _crossed_trunks(layers)
    candidates = []
    for backwards in (False, True):
        for mirrored in (False, True):
            order = [layer[::-1] if mirrored else layer for layer in layers.order]
            root = _align(order, layers, conflicts, backwards=backwards)
            found = _pack(order, root, (lambda u, v: distance(v, u)) if mirrored else distance)
            candidates.append([-x for x in found] if mirrored else found)
    return _average(candidates)


def _crossed_trunks(layers: Layers) -> set[Edge]:
    """Edges not to be straightened, because they cross or leave a trunk, which is longer and comes first."""
    conflicts: set[Edge] = set()
    for previous, layer in pairwise(layers.order):
        position = {vertex: place for place, vertex in enumerate(previous)}
        goes_on = {layers.inputs[vertex][0] for vertex in layer if layers.is_dummy(vertex)}
        start, low = 0, 0
        for place, vertex in enumerate(layer):
            trunk = _trunk_before(layers, vertex)
            if trunk is None and place < len(layer) - 1:
                continue
            high = len(previous) - 1 if trunk is None else position[trunk]
            for other in layer[start : place + 1]:
                for u in layers.inputs[other]:
                    leaves = u in goes_on and not layers.is_dummy(other)
                    if leaves or not low <= position[u] <= high:
                        conflicts.add((u, other))
            start, low = place + 1, high
    return conflicts


def _trunk_before(layers: Layers, vertex: int) -> int | None:
    """The dummy before this one, if the edge between is a piece of a trunk."""
    if not layers.is_dummy(vertex) or not layers.is_dummy(layers.inputs[vertex][0]):
        return None
    return layers.inputs[vertex][0]


def _align(order: list[list[int]], layers: Layers, conflicts: set[Edge], *, backwards: bool) -> list[int]:
    """For each vertex the first one of the block that it belongs to."""
    neighbours = layers.users if backwards else layers.inputs
    position = [0] * len(layers.layer_of)
    root = list(range(len(position)))
    for layer in order[::-1] if backwards else order:
        last = -1
        for place, vertex in enumerate(layer):
            position[vertex] = place
            for median in _medians(neighbours[vertex], position):
                edge = (vertex, median) if backwards else (median, vertex)
                if position[median] > last and edge not in conflicts:
                    root[vertex] = root[median]
                    last = position[median]
                    break
    return root


def _medians(neighbours: list[int], position: list[int]) -> list[int]:
    ordered = sorted(neighbours, key=position.__getitem__)
    middle = (len(ordered) - 1) // 2
    return ordered[middle : len(ordered) // 2 + 1]


def _pack(order: list[list[int]], root: list[int], distance: Distance) -> list[float]:
    """Blocks as near the first side as they go, then back as far as those beyond them let them."""
    after: dict[int, list[tuple[int, float]]] = {}
    waiting = dict.fromkeys(root, 0)
    for layer in order:
        for u, v in pairwise(layer):
            after.setdefault(root[u], []).append((root[v], distance(u, v)))
            waiting[root[v]] += 1
    place = dict.fromkeys(waiting, 0.0)
    ready = [block for block, count in waiting.items() if not count]
    for block in ready:
        for other, gap in after.get(block, ()):
            place[other] = max(place[other], place[block] + gap)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for block in reversed(ready):
        if block in after:
            place[block] = min(place[other] - gap for other, gap in after[block])
    return [place[block] for block in root]


def _average(candidates: Sequence[list[float]]) -> list[float]:
    """The mean of the two middle candidates for each vertex, all lined up with the narrowest; the first at 0.

    Each candidate keeps the distances, hence each order statistic of them does, and so does their mean.
    """
    if not candidates[0]:
        return []
    narrowest = min(candidates, key=lambda xs: max(xs) - min(xs))
    shifts = [
        max(narrowest) - max(xs) if number % 2 else min(narrowest) - min(xs) for number, xs in enumerate(candidates)
    ]
    columns = zip(*([x + shift for x in xs] for xs, shift in zip(candidates, shifts, strict=True)), strict=True)
    means = [(four[1] + four[2]) / 2 for four in map(sorted, columns)]
    first = min(means)
    return [x - first for x in means]
