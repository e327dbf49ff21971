"""Putting boxes in order, and finding those that can't be: a circle of boxes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

Edge = tuple[int, int]


def in_order(count: int, edges: Iterable[Edge]) -> list[int]:
    """Units from 0 to count - 1 so that every edge leads on, else in the order of their numbers.

    Those on a circle, or behind one, are left out.

    Example:
        >>> in_order(4, [(3, 1), (1, 2)]), in_order(2, [(0, 1), (1, 0)])
        ([0, 3, 1, 2], [])
    """
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for u, v in set(edges):
        after[u].append(v)
        waiting[v] += 1
    ready = [unit for unit in range(count) if not waiting[unit]]
    order = []
    while ready:
        unit = heapq.heappop(ready)
        order.append(unit)
        for user in after[unit]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, user)
    return order
