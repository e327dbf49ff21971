"""Long sums, as Python's `sum()` records them: a chain of additions with a term hanging on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from micrograd.engine.viz.debugger.steps import Steps


@dataclass(frozen=True)
class Spine:
    """A chain of additions.

    Attributes:
        links: The additions, the first one first; each but the last is read by the next one alone.
        terms: What each of them adds to the sum so far.
        base: What the first one adds to; -1 for a constant.
    """

    links: tuple[int, ...]
    terms: tuple[int, ...]
    base: int


def find_spines(steps: Steps, users: Sequence[Sequence[int]], at_least: int = 2) -> list[Spine]:
    """Every chain of at least so many additions, each chain as long as possible.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz.debugger.steps import steps_of
        >>> steps = steps_of(Value(1.0) + Value(2.0) + Value(3.0))
        >>> find_spines(steps, users_of(steps))
        [Spine(links=(2, 4), terms=(1, 3), base=0)]
    """
    adds = [node.op is not None and node.op.name == "add" for node in steps.order]
    spines = []
    for top, is_add in enumerate(adds):
        if not is_add or _continues(steps, users, adds, top):
            continue
        links = [top]
        while _is_link(users, adds, below := steps.slots[links[-1]][0].source):
            links.append(below)
        if len(links) >= at_least:
            links.reverse()
            terms = tuple(steps.slots[link][1].source for link in links)
            spines.append(Spine(tuple(links), terms, steps.slots[links[0]][0].source))
    return spines


def _is_link(users: Sequence[Sequence[int]], adds: list[bool], node: int) -> bool:
    return node >= 0 and adds[node] and len(users[node]) == 1


def _continues(steps: Steps, users: Sequence[Sequence[int]], adds: list[bool], node: int) -> bool:
    """Whether the next addition goes on from this one."""
    if not _is_link(users, adds, node):
        return False
    user = users[node][0]
    return adds[user] and steps.slots[user][0].source == node and steps.slots[user][1].source != node


def users_of(steps: Steps) -> list[list[int]]:
    """For each node the places of those that read it, each once."""
    users: list[list[int]] = [[] for _ in steps.order]
    for place, slots in enumerate(steps.slots):
        for source in dict.fromkeys(slot.source for slot in slots if slot.source >= 0):
            users[source].append(place)
    return users
