"""Boxes for the parts that modules computed, and for layers: the parts that read the same, or are read by the same."""

from __future__ import annotations

from collections.abc import Sequence

from micrograd.engine.viz.debugger.boxes import Boxes
from micrograd.engine.viz.debugger.circles import in_order
from micrograd.engine.viz.debugger.parts import Part
from micrograd.engine.viz.debugger.steps import Steps
from micrograd.engine.viz.names.paths import as_code, owner_of
from micrograd.engine.viz.text import one_line


def box_parts(boxes: Boxes, steps: Steps, parts: Sequence[Part]) -> None:
    """Make a box for each part, in a box for its layer if it isn't alone there."""
    layers = _without_circles(steps, parts, _layers(boxes, steps, parts))
    members: dict[int, list[int]] = {}
    for number, layer in enumerate(layers):
        members.setdefault(layer, []).append(number)
    for numbers in members.values():
        parent = boxes.home[parts[numbers[0]].members[-1]]
        if len(numbers) > 1:
            parent = boxes.new(_layer_name(parts[numbers[0]], len(numbers)), "layer", parent)
        for number in numbers:
            part = parts[number]
            box = boxes.new(_part_name(steps, part), "module" if part.path else "neuron", parent)
            for place in part.members:
                boxes.home[place] = box


def _layers(boxes: Boxes, steps: Steps, parts: Sequence[Part]) -> list[int]:
    """For each part the number of its layer."""
    part_of = {place: number for number, part in enumerate(parts) for place in part.members}
    joined = list(range(len(parts)))
    meeting: dict[tuple[object, ...], int] = {}
    for user, part in enumerate(parts):
        for place in part.members:
            for source in (slot.source for slot in steps.slots[place] if slot.source >= 0):
                giver = part_of.get(source, -1)
                if giver == user:
                    continue
                if steps.order[source].op is not None:
                    _join(joined, meeting, user, ("reads", source, *_kind(boxes, part)))
                if giver >= 0:
                    _join(joined, meeting, giver, ("is read by", user, *_kind(boxes, parts[giver])))
    return [_top(joined, number) for number in range(len(parts))]


def _kind(boxes: Boxes, part: Part) -> tuple[object, ...]:
    """Parts of one layer lie in one box and in one module."""
    return boxes.home[part.members[-1]], owner_of(part.path) if part.path else ""


def _join(joined: list[int], meeting: dict[tuple[object, ...], int], part: int, place: tuple[object, ...]) -> None:
    other = _top(joined, meeting.setdefault(place, part))
    joined[_top(joined, part)] = other


def _top(joined: list[int], number: int) -> int:
    while joined[number] != number:
        joined[number] = joined[joined[number]]
        number = joined[number]
    return number


def _without_circles(steps: Steps, parts: Sequence[Part], layers: list[int]) -> list[int]:
    """The layers, those taken apart that would read each other if they were boxes."""
    unit_of = list(range(len(parts), len(parts) + len(steps.order)))
    for part, layer in zip(parts, layers, strict=True):
        for place in part.members:
            unit_of[place] = layer
    edges = {
        (unit_of[slot.source], unit_of[place])
        for place, slots in enumerate(steps.slots)
        for slot in slots
        if slot.source >= 0 and unit_of[slot.source] != unit_of[place]
    }
    sound = set(in_order(len(parts) + len(steps.order), edges))
    return [layer if layer in sound else number for number, layer in enumerate(layers)]


def _layer_name(part: Part, count: int) -> str:
    path = owner_of(part.path) if part.path else ""
    return as_code(path) if path else f"{count} units"


def _part_name(steps: Steps, part: Part) -> str:
    node = steps.order[part.members[-1]]
    if part.path or node.label:
        return one_line(as_code(part.path) or node.label)
    return "Σ" if node.op.name == "add" else f"{one_line(node.op.symbol)}(Σ)"
