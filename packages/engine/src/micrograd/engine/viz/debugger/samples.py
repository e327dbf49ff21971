"""Boxes for long sums, such as a loss over all samples: the sum, runs of its terms, and each large term.

A box holds what its result dominates. What several terms share lies beside them, in the box of the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from micrograd.engine.viz.debugger.boxes import ROOT, Boxes
from micrograd.engine.viz.debugger.dominators import immediate_dominators
from micrograd.engine.viz.debugger.spines import Spine

_LONG = 8
"""Additions in a sum that is a box of its own."""

_LARGE = 8
"""Nodes in a term that is a box of its own."""


def box_sums(boxes: Boxes, spines: Iterable[Spine], users: Sequence[Sequence[int]]) -> None:
    """Make the boxes of every long sum among these.

    Args:
        boxes: Where to make them.
        spines: The sums.
        users: For each node, in topological order, those that read it.
    """
    long = [spine for spine in spines if len(spine.links) >= _LONG]
    if long:
        _Sums(boxes, long, users).box()


class _Sums:
    """The sums of one graph: from the root down, every node goes where its dominator says."""

    def __init__(self, boxes: Boxes, spines: Sequence[Spine], users: Sequence[Sequence[int]]) -> None:
        self.boxes = boxes
        self.parents = immediate_dominators(users)
        self.sizes = _sizes(self.parents)
        self.link_of = {link: (spine, number) for spine in spines for number, link in enumerate(spine.links)}
        self.term_of = {spine.terms[number]: (spine, number) for spine, number in self.link_of.values()}
        self.wholes: dict[int, int] = {}
        self.runs: dict[tuple[int, int], int] = {}

    def box(self) -> None:
        home = self.boxes.home
        for place in range(len(home) - 2, -1, -1):
            home[place] = self._box_around(place, self.parents[place])
        # The root was the only one without a dominator; if it ends a sum, it lies in it like any other.
        home[-1] = self._box_around(len(home) - 1, -1)

    def _box_around(self, place: int, above: int) -> int:
        if place in self.link_of:
            return self._run(*self.link_of[place])
        if above in self.link_of:
            return self._under_link(place, *self.link_of[above])
        return self.boxes.home[above] if above >= 0 else ROOT

    def _under_link(self, place: int, spine: Spine, number: int) -> int:
        if place != spine.terms[number]:
            return self._whole(spine)
        run = self._run(spine, number)
        if self.sizes[place] < _LARGE:
            return run
        word = self._word(spine)
        return self.boxes.new(f"{word} {number}", word, run)

    def _whole(self, spine: Spine) -> int:
        top = spine.links[-1]
        if top not in self.wholes:
            above = self.parents[top]
            outer = ROOT if above == top else self._box_around_sum(top, above)
            name = f"sum of {len(spine.links)} {self._word(spine)}s"
            self.wholes[top] = self.boxes.new(name, "sum", outer)
        return self.wholes[top]

    def _box_around_sum(self, top: int, above: int) -> int:
        return self._under_link(top, *self.link_of[above]) if above in self.link_of else self.boxes.home[above]

    def _run(self, spine: Spine, number: int) -> int:
        whole, count = self._whole(spine), len(spine.links)
        length = _run_length(count)
        if length >= count:
            return whole
        first = number - number % length
        key = (spine.links[-1], first)
        if key not in self.runs:
            name = f"{self._word(spine)}s {first}–{min(first + length, count) - 1}"
            self.runs[key] = self.boxes.new(name, "run", whole)
        return self.runs[key]

    def _word(self, spine: Spine) -> str:
        large = sum(term >= 0 and self.sizes[term] >= _LARGE for term in spine.terms)
        return "sample" if 2 * large > len(spine.terms) else "term"


def _sizes(parents: Sequence[int]) -> list[int]:
    """How many nodes each one dominates, itself included."""
    sizes = [1] * len(parents)
    for place, parent in enumerate(parents[:-1]):
        sizes[parent] += sizes[place]
    return sizes


def _run_length(count: int) -> int:
    """How many terms make a run, a round number: 10 of 100, and no more than 20 runs."""
    if count <= 12:
        return count
    length = 5
    while count > 20 * length:
        length *= 2 if str(length)[0] != "2" else 5
    return max(length, 10)
