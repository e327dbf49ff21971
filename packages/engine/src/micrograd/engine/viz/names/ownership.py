"""The names of a graph's parameters, when nobody gave them: those that they have in the models that are alive.

A model is found by its leaves in the graph, not by its calls, so that one that was copied, or loaded, or in part, is
found too. Left out are models of other libraries, and objects that note themselves with nobody: they are given by
`parameters=`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from micrograd.engine.graph import Node
from micrograd.engine.observing.owners import Owner, living_owners


class _Claim:
    """What an owner has to say of a graph.

    Attributes:
        kind: What the owner is called.
        names: Its names for leaves of the graph.
        size: How many parameters it has.
    """

    def __init__(self, owner: Owner, leaves: frozenset[Node]) -> None:
        parameters = list(owner.named_parameters())
        self.kind = type(owner).__name__
        self.size = len(parameters)
        self.names = {leaf: name for name, leaf in parameters if leaf in leaves}

    def weight(self, open_: set[Node]) -> tuple[int, int, int]:
        """It is larger for one that names more of the open leaves, then for a larger owner, then for longer paths."""
        named = [name for leaf, name in self.names.items() if leaf in open_]
        return len(named), self.size, sum(name.count(".") for name in named)


def owned_names(nodes: Iterable[Node]) -> dict[Node, str]:
    """The parameters among these nodes, with their paths in the outermost module that they belong to.

    Where parameters of several models meet, each path begins with the class of its model, and with a number if there
    are several of that class.

    Args:
        nodes: The nodes of a graph.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.observing.owners import note_owner
        >>> class Line:
        ...     def __init__(self):
        ...         note_owner(self)
        ...         self.slope = Value(2.0)
        ...     def named_parameters(self):
        ...         return iter([("slope", self.slope)])
        >>> one, other = Line(), Line()
        >>> list(owned_names([Value(1.0), one.slope]).values())
        ['slope']
        >>> list(owned_names([one.slope, other.slope]).values())
        ['Line.0.slope', 'Line.1.slope']
    """
    leaves = frozenset(node for node in nodes if node.op is None)
    chosen = _chosen(leaves)
    prefixes = _prefixes([claim.kind for claim, _ in chosen])
    return {
        leaf: f"{prefix}{claim.names[leaf]}"
        for prefix, (claim, named) in zip(prefixes, chosen, strict=True)
        for leaf in claim.names
        if leaf in named
    }


def _chosen(leaves: frozenset[Node]) -> list[tuple[_Claim, set[Node]]]:
    """The owners that name the most leaves, one after the other, each with those that it is left to name."""
    claims = list(filter(None, (_claim(owner, leaves) for owner in living_owners())))
    found: list[tuple[_Claim, set[Node]]] = []
    unnamed = set(leaves)
    while claims:
        best = max(claims, key=lambda claim: claim.weight(unnamed))
        found.append((best, unnamed & best.names.keys()))
        unnamed -= best.names.keys()
        claims = [claim for claim in claims if not unnamed.isdisjoint(claim.names)]
    return found


def _claim(owner: Owner, leaves: frozenset[Node]) -> _Claim | None:
    # One that isn't finished, or whose own parameters() fails, must not keep a graph from being drawn.
    try:
        claim = _Claim(owner, leaves)
    except Exception:
        return None
    return claim if claim.names else None


def _prefixes(kinds: Sequence[str]) -> list[str]:
    """Nothing for one model, else the name of each, with a number where it would be that of another."""
    if len(kinds) == 1:
        return [""]
    counts, seen = Counter(kinds), Counter[str]()
    prefixes = []
    for kind in kinds:
        prefixes.append(f"{kind}.{seen[kind]}." if counts[kind] > 1 else f"{kind}.")
        seen[kind] += 1
    return prefixes
