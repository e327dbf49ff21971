"""Which node everything that a node computes must pass on its way to the root: its immediate dominator.

What a node dominates, itself included, is a part of the graph with a single way out. Such a part can be drawn as a box,
and boxes that lie apart or in each other never make a circle, however many are closed.
"""

from __future__ import annotations

from collections.abc import Sequence


def immediate_dominators(users: Sequence[Sequence[int]]) -> list[int]:
    """For each node the nearest one that lies on all its paths to the last node; that one is its own.

    It is the nearest common ancestor of the node's users in the tree of dominators so far. Every node keeps one far
    ancestor beside its parent, so that looking for it takes a number of steps that grows with the logarithm of the
    depth (Myers, "An applicative random-access stack", Information Processing Letters 17, 1983).

    Args:
        users: For each node, in topological order, the places of those that read it.

    Example:
        >>> immediate_dominators([[1, 2], [3], [3], []])
        [3, 3, 3, 3]
    """
    last = len(users) - 1
    tree = _Ancestors(len(users))
    for node in range(last - 1, -1, -1):
        nearest = users[node][0]
        for user in users[node][1:]:
            nearest = tree.common(nearest, user)
        tree.hang(node, nearest)
    return tree.parent


class _Ancestors:
    """A tree that grows downwards, with jumps."""

    def __init__(self, count: int) -> None:
        self.parent = [count - 1] * count
        self.jump = [count - 1] * count
        self.depth = [0] * count

    def hang(self, node: int, parent: int) -> None:
        jump, depth = self.jump, self.depth
        self.parent[node] = parent
        depth[node] = depth[parent] + 1
        far = jump[parent]
        jump[node] = jump[far] if depth[parent] - depth[far] == depth[far] - depth[jump[far]] else parent

    def common(self, u: int, v: int) -> int:
        parent, jump, depth = self.parent, self.jump, self.depth
        if depth[u] < depth[v]:
            u, v = v, u
        while depth[u] > depth[v]:
            u = jump[u] if depth[jump[u]] >= depth[v] else parent[u]
        while u != v:
            # Nodes of one depth jump equally far.
            u, v = (jump[u], jump[v]) if jump[u] != jump[v] else (parent[u], parent[v])
        return u
