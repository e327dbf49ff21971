"""The second step of a layered drawing: the order within the layers, with few crossings.

The median heuristic with transpositions of Gansner, Koutsofios, North and Vo, "A technique for drawing
directed graphs" (1993), here with barycentres; crossings are counted as in Barth, Juenger and Mutzel, "Simple
and efficient bilayer cross counting" (2002).
"""

from __future__ import annotations

from bisect import bisect_left

from micrograd.engine.viz.layout.layering import Layers

_SWEEPS = 24
_PATIENCE = 4  # sweeps without a better order, after which it is not worth going on


def reduce_crossings(layers: Layers) -> None:
    """Reorder the vertices within each layer; the best order that was come by is kept.

    Ties keep the order in which they were, so a graph that needs no crossing stays as it was given.
    """
    position = [0] * len(layers.layer_of)
    for layer in layers.order:
        _number(layer, position)
    best, fewest, patience = [list(layer) for layer in layers.order], count_crossings(layers), _PATIENCE
    for sweep in range(_SWEEPS):
        if fewest == 0 or patience == 0:
            break
        _sweep(layers, position, backwards=sweep % 2 == 0)
        _transpose(layers, position)
        crossings = count_crossings(layers)
        patience -= 1
        if crossings < fewest:
            best, fewest, patience = [list(layer) for layer in layers.order], crossings, _PATIENCE
    layers.order = best


def count_crossings(layers: Layers) -> int:
    """How many pairs of edges cross.

    Example:
        >>> from micrograd.engine.viz.layout.layering import make_layers
        >>> count_crossings(make_layers(4, [(0, 2), (0, 3), (1, 2), (1, 3)]))
        1
    """
    return sum(map(_crossings_after, [layers] * len(layers.order), layers.order, layers.order[1:]))


def _crossings_after(layers: Layers, layer: list[int], following: list[int]) -> int:
    """Crossings between two layers: the inversions among the ends of the edges, counted in a Fenwick tree."""
    position = {vertex: place for place, vertex in enumerate(following)}
    tree = [0] * (len(following) + 1)
    crossings = seen = 0
    for vertex in layer:
        ends = [position[user] for user in layers.users[vertex]]
        crossings += sum(seen - _sum_below(tree, end + 1) for end in ends)
        for end in ends:
            _add_one(tree, end + 1)
        seen += len(ends)
    return crossings


def _sum_below(tree: list[int], index: int) -> int:
    total = 0
    while index:
        total += tree[index]
        index &= index - 1
    return total


def _add_one(tree: list[int], index: int) -> None:
    while index < len(tree):
        tree[index] += 1
        index += index & -index


def _number(layer: list[int], position: list[int]) -> None:
    for place, vertex in enumerate(layer):
        position[vertex] = place


def _sweep(layers: Layers, position: list[int], *, backwards: bool) -> None:
    """Order each layer by the barycentres of its neighbours in the layer before or after."""
    neighbours = layers.users if backwards else layers.inputs
    for layer in reversed(layers.order) if backwards else layers.order:
        movable = [vertex for vertex in layer if neighbours[vertex]]
        centre = {v: sum(position[n] for n in neighbours[v]) / len(neighbours[v]) for v in movable}
        # Vertices without a neighbour there stay where they are, the others fill the places between.
        ordered = iter(sorted(movable, key=centre.__getitem__))
        layer[:] = [next(ordered) if neighbours[vertex] else vertex for vertex in layer]
        _number(layer, position)


def _transpose(layers: Layers, position: list[int]) -> None:
    """Swap neighbours within a layer for as long as that removes crossings."""
    for layer in layers.order:
        before = {v: sorted(position[n] for n in layers.inputs[v]) for v in layer}
        after = {v: sorted(position[n] for n in layers.users[v]) for v in layer}
        for _ in range(_PATIENCE):
            if not _swap_neighbours(layer, before, after):
                break
        _number(layer, position)


def _swap_neighbours(layer: list[int], before: dict[int, list[int]], after: dict[int, list[int]]) -> bool:
    swapped = False
    for place in range(len(layer) - 1):
        u, v = layer[place], layer[place + 1]
        gain = _crossings(before[u], before[v]) + _crossings(after[u], after[v])
        if gain > _crossings(before[v], before[u]) + _crossings(after[v], after[u]):
            layer[place], layer[place + 1] = v, u
            swapped = True
    return swapped


def _crossings(first: list[int], second: list[int]) -> int:
    """Crossings of the edges of two vertices side by side, given the sorted positions of their other ends."""
    return sum(bisect_left(second, end) for end in first)
