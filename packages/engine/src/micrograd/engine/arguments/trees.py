"""Nested lists, tuples and dicts of numbers, arrays, Values or Tensors, seen as a flat list of leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def flatten(tree: Any) -> tuple[list[Any], Callable[[Iterator[Any]], Any]]:
    """The leaves of a tree in order, and a function that builds the same tree from other leaves.

    Example:
        >>> leaves, rebuild = flatten({"w": [1.0, 2.0], "b": 3.0})
        >>> leaves, rebuild(iter([10.0, 20.0, 30.0]))
        ([1.0, 2.0, 3.0], {'w': [10.0, 20.0], 'b': 30.0})
    """
    if isinstance(tree, dict):
        names = list(tree)
        leaves, rebuild = flatten(list(tree.values()))
        return leaves, lambda new: dict(zip(names, rebuild(new), strict=True))
    if isinstance(tree, (list, tuple)):
        parts = [flatten(branch) for branch in tree]
        kind, builds = type(tree), [build for _, build in parts]  # and not the tree: its leaves may be large
        make = (lambda branches: kind(*branches)) if hasattr(tree, "_fields") else kind
        return [leaf for part, _ in parts for leaf in part], lambda new: make([build(new) for build in builds])
    return [tree], next


def map_leaves(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """The tree with `function` applied to each leaf, and to the leaves at the same places of the others.

    Example:
        >>> map_leaves(lambda x, y: x + y, [1.0, (2.0,)], [10.0, (20.0,)])
        [11.0, (22.0,)]
    """
    leaves, rebuild = flatten(tree)
    return rebuild(map(function, leaves, *(flatten(other)[0] for other in others)))
