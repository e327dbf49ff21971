"""Where leaves lie: beside what reads them, and many that several boxes share in a box of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from micrograd.engine.graph import Node
from micrograd.engine.viz.debugger.boxes import ROOT, Boxes
from micrograd.engine.viz.debugger.steps import Steps
from micrograd.engine.viz.names.paths import as_code, owner_of

_MANY = 8


def box_leaves(boxes: Boxes, steps: Steps, users: Sequence[Sequence[int]], names: Mapping[Node, str]) -> None:
    """Put every leaf into the innermost box around all that read it; shared parameters go outside of all boxes."""
    shared: dict[int, list[int]] = {}
    for place, node in enumerate(steps.order):
        if node.op is not None or not users[place]:
            continue
        homes = {boxes.home[user] for user in users[place]}
        boxes.home[place] = boxes.around(homes) if len(homes) == 1 or node not in names else ROOT
        if len(homes) > 1:
            shared.setdefault(boxes.home[place], []).append(place)
    for box, places in shared.items():
        _box(boxes, [place for place in places if steps.order[place] not in names], box, "leaves")
        _box_parameters(boxes, steps, [place for place in places if steps.order[place] in names], names)


def _box(boxes: Boxes, places: list[int], parent: int, word: str) -> int:
    """A box for many leaves; for a few, the one that they lie in."""
    if len(places) < _MANY:
        return parent
    box = boxes.new(f"{len(places)} {word}", "leaves", parent)
    for place in places:
        boxes.home[place] = box
    return box


def _box_parameters(boxes: Boxes, steps: Steps, places: list[int], names: Mapping[Node, str]) -> None:
    """Boxes as the modules lie in each other."""
    whole = _box(boxes, places, ROOT, "parameters")
    if whole == ROOT:
        return
    of_path = {"": whole}
    for place in places:
        owner = owner_of(names[steps.order[place]])
        for path in _way_down(owner):
            if path not in of_path:
                of_path[path] = boxes.new(as_code(path), "leaves", of_path[owner_of(path)])
        boxes.home[place] = of_path[owner]


def _way_down(path: str) -> list[str]:
    paths = [path]
    while paths[-1]:
        paths.append(owner_of(paths[-1]))
    return paths[::-1]
