"""The parts of a graph that one neuron or one module computed, recognised by the parameters that they read.

With names for the parameters, what reads those of one module belongs to it, and so does what goes on from there alone.
Without names, a sum of products with leaves, and the activation behind it, is taken for a neuron. Left out: what a
module computes from its inputs before any parameter comes in, and modules with several results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from micrograd.engine.graph import Node
from micrograd.engine.viz.debugger.spines import Spine
from micrograd.engine.viz.debugger.steps import Steps
from micrograd.engine.viz.names.paths import owner_of
from micrograd.engine.viz.sources import source_of

_SMALLEST = 3
_SUMS = frozenset({"add", "sub"})


@dataclass(frozen=True)
class Part:
    """Operations with a single result among them.

    Attributes:
        path: The path of the module; '' if it has none.
        members: The places of the operations, the result last.
    """

    path: str
    members: tuple[int, ...]


def find_parts(
    steps: Steps, users: Sequence[Sequence[int]], spines: Iterable[Spine], names: Mapping[Node, str]
) -> list[Part]:
    """The parts that modules computed, and the neurons that can be told without names.

    Args:
        steps: The graph.
        users: For each node, those that read it.
        spines: Its long sums.
        names: The paths of parameters.
    """
    owners = _owners(steps, names)
    named = [Part(owners[members[-1]] or "", members) for members in _connected(steps, owners, names)]
    candidates = [*named, *(Part("", _neuron(steps, users, spine)) for spine in spines)]
    parts: list[Part] = []
    taken: set[int] = set()
    for part in candidates:
        if len(part.members) >= _SMALLEST and taken.isdisjoint(part.members) and _has_one_exit(part.members, users):
            parts.append(part)
            taken.update(part.members)
    return parts


def _has_one_exit(members: tuple[int, ...], users: Sequence[Sequence[int]]) -> bool:
    inside = set(members)
    return all(users[member] and inside.issuperset(users[member]) for member in members[:-1])


# ---- by name ---------------------------------------------------------------------------------------------------------


def _owners(steps: Steps, names: Mapping[Node, str]) -> list[str | None]:
    """The module that each operation belongs to."""
    owners: list[str | None] = [None] * len(steps.order)
    parameters: dict[int, str] = {}
    for place, node in enumerate(steps.order):
        sources = [slot.source for slot in steps.slots[place] if slot.source >= 0]
        if node in names:
            parameters[place] = owner_of(names[node])
            continue
        read = {parameters[source] for source in sources if source in parameters}
        if read and all(source in parameters for source in sources):
            # A view, as W.T is, stands for its parameter; a penalty on parameters belongs to no module.
            if len(sources) == 1 and not node.op.elementwise:
                parameters[place] = read.pop()
        elif read:
            owners[place] = read.pop() if len(read) == 1 else None
        else:
            owners[place] = _inherited(steps, owners, place, sources)
    return owners


def _inherited(steps: Steps, owners: list[str | None], place: int, sources: list[int]) -> str | None:
    """The module that all operands come from, if the operation runs on the same line as they did."""
    found = {owners[source] for source in sources}
    if len(found) != 1:
        return None
    node, operand = steps.order[place], steps.order[sources[0]]
    return found.pop() if source_of(node) == source_of(operand) else None


def _connected(steps: Steps, owners: list[str | None], names: Mapping[Node, str]) -> list[tuple[int, ...]]:
    """The operations of one module that hang together: of one call, unless it calls itself."""
    parts: dict[int, list[int]] = {}
    part_of: dict[int, int] = {}
    for place, owner in enumerate(owners):
        if not owner:
            continue
        part_of[place] = place
        parts[place] = [place]
        if _begins_anew(steps, place, names):
            continue
        for slot in steps.slots[place]:
            if slot.source in part_of and owners[slot.source] == owner and part_of[slot.source] != part_of[place]:
                _unite(parts, part_of, part_of[slot.source], part_of[place])
    return [tuple(sorted(members)) for members in parts.values()]


def _unite(parts: dict[int, list[int]], part_of: dict[int, int], one: int, other: int) -> None:
    small, large = sorted((one, other), key=lambda part: len(parts[part]))
    for member in parts.pop(small):
        part_of[member] = large
        parts[large].append(member)


def _begins_anew(steps: Steps, place: int, names: Mapping[Node, str]) -> bool:
    """Whether a parameter is multiplied here with what came in, and not just added."""
    reads = any(slot.source >= 0 and steps.order[slot.source] in names for slot in steps.slots[place])
    return reads and steps.order[place].op.name not in _SUMS


# ---- by form ---------------------------------------------------------------------------------------------------------


def _neuron(steps: Steps, users: Sequence[Sequence[int]], spine: Spine) -> tuple[int, ...]:
    """A sum of products with leaves, with what a function of one operand makes of it; empty if it is none."""
    products = [term for term in (spine.base, *spine.terms) if term >= 0 and _is_product(steps, users, term)]
    if 2 * len(products) < len(spine.terms):
        return ()
    top, members = spine.links[-1], [*products, *spine.links]
    if len(users[top]) == 1 and len(steps.slots[users[top][0]]) == 1:
        members.append(users[top][0])
    return tuple(sorted(members))


def _is_product(steps: Steps, users: Sequence[Sequence[int]], place: int) -> bool:
    node = steps.order[place]
    if node.op is None or node.op.name != "mul" or len(users[place]) != 1:
        return False
    one, other = (slot.source for slot in steps.slots[place])
    return one != other and any(source >= 0 and steps.order[source].op is None for source in (one, other))
