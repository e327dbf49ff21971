"""Nested lists, tuples and dicts of numbers, arrays, Values or Tensors, seen as a flat list of leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from micrograd.engine.errors import MicrogradValueError


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


def spread_entries(name: str, entries: Any, tree: Any) -> list[Any]:
    """One entry for each leaf of the tree: an entry that stands where the tree has a branch is that of all its leaves.

    Args:
        name: What a message calls the entries.
        entries: An entry, or a nest of them with the structure of the tree, or less of it.
        tree: The tree.

    Raises:
        MicrogradValueError: If the entries have a structure that the tree has not.

    Example:
        >>> spread_entries("axes", {"w": [0, 1], "b": None}, {"b": (5.0, 6.0), "w": [7.0, 8.0]})
        [None, None, 0, 1]
    """
    if not isinstance(entries, (dict, list, tuple)):
        return [entries] * len(flatten(tree)[0])
    branches = tree if isinstance(tree, (dict, list, tuple)) else ()
    is_dict = isinstance(entries, dict)
    if is_dict != isinstance(tree, dict) or len(entries) != len(branches) or (is_dict and set(entries) != set(tree)):
        raise MicrogradValueError(
            f"{name}={entries!r:.60} has another structure than what it is for, {tree!r:.80}. Give one entry for all "
            "of it, or one for each part."
        )
    keys = branches if is_dict else range(len(branches))
    return [entry for key in keys for entry in spread_entries(name, entries[key], branches[key])]
