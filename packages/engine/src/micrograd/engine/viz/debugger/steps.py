"""A graph taken apart: every operation with what it read, gave and hands back, as plain data.

The gradients are those of the engine's own sweep, computed anew; nothing in the graph is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.backprop import Contribution
from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.viz.calls import contributions_seen, inputs_seen, operands_seen, without_calls
from micrograd.engine.viz.flow import Flow, ones, quiet


class Slot(NamedTuple):
    """One operand of one operation.

    Attributes:
        source: The operand's place in the order; -1 for a constant.
        data: What it held when the operation ran.
        local: The derivative of the operation by this operand; None where there is none, or it is a matrix.
        amount: What the operation hands back to it; None if nothing.
    """

    source: int
    data: Any
    local: Any = None
    amount: Any = None


@dataclass(frozen=True)
class Steps:
    """The operations of a graph in the order in which they ran; the backward pass goes through them in reverse.

    Attributes:
        order: The nodes, inputs before their users.
        slots: The operands of each node; none for a leaf.
        data: What each node holds, of a leaf what it held when the expression ran.
        gradients: The complete gradient of each node; None where none arrives.
    """

    order: list[Node]
    slots: list[list[Slot]]
    data: list[Any]
    gradients: list[Any]


def steps_of(root: Node) -> Steps:
    """Take the graph of `root` apart.

    A root that isn't a single number, or has no gradient, has a forward pass only.

    Raises:
        MicrogradTypeError: `root` is no node.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0)
        >>> steps = steps_of(x * x)
        >>> [(slot.source, slot.data, slot.local, slot.amount) for slot in steps.slots[1]]
        [(0, 3.0, 3.0, 3.0), (0, 3.0, 3.0, 3.0)]
        >>> steps.gradients
        [6.0, 1.0]
    """
    if not isinstance(root, Node):
        raise MicrogradTypeError(
            f"There is no graph in {kind_of(root)}: only a Value or a Tensor remembers how it was computed. "
            "Give the result itself, for example: y = Value(2.0) * 3; debug(y)."
        )
    has_gradient = root._requires_grad and not getattr(root._data, "shape", ())
    gradients = Flow(root).gradients if has_gradient else {}
    order = without_calls(topological_order(root))
    places = {node: place for place, node in enumerate(order)}
    with quiet(root._data):
        slots = [_slots(node, places, gradients.get(node)) for node in order]
    return Steps(order, slots, _data_as_read(order, slots), [gradients.get(node) for node in order])


def _slots(node: Node, places: dict[Node, int], g: Any) -> list[Slot]:
    if node.op is None:
        return []
    handed_back = _handed_back(node, g)
    slots = []
    for place, (operand, data) in enumerate(zip(*operands_seen(node), strict=True)):
        source = -1 if operand is None else places[operand]
        slots.append(Slot(source, data, *handed_back.get(place, (None, None))))
    return slots


def _handed_back(node: Node, g: Any) -> dict[int, tuple[Any, Any]]:
    """Local derivative and contribution, for each place among the operands to which the node hands something back."""
    if g is None:
        return {}
    found = contributions_seen(node, g)
    places = _receiving(node, found)
    # A closure by hand is the user's own, and may count its calls or print: it runs once. So does a compiled function.
    by_hand = isinstance(node.op, HandWritten)
    slopes = (_ratio(amount, g) for _, amount in found) if by_hand else _slopes(node, g)
    return {place: (slope, amount) for place, slope, (_, amount) in zip(places, slopes, found, strict=False)}


def _ratio(amount: Any, g: Any) -> Any:
    """The local derivative, where both are single numbers."""
    return amount / g if isinstance(g, float) and isinstance(amount, float) and g else None


def _receiving(node: Node, found: list[Contribution]) -> Iterator[int]:
    """The places of the operands in the order of `contributions`."""
    operands, _ = operands_seen(node)
    if isinstance(node.op, HandWritten):
        # It says what it hands back to whom: once to each input, or once for each place.
        places: dict[Node | None, list[int]] = {}
        for place, operand in enumerate(operands):
            places.setdefault(operand, []).append(place)
        yield from (places[receiver].pop(0) for receiver, _ in found)
        return
    for place, operand in enumerate(operands):
        if operand is not None and operand._requires_grad and node.op.rule(place) is not None:
            yield place


def _slopes(node: Node, g: Any) -> Iterator[Any]:
    """The local derivatives: what is handed back for a gradient of 1, if that is all there is to them."""
    shape = getattr(g, "shape", ())
    is_single = not shape and all(not getattr(operand._data, "shape", ()) for operand in inputs_seen(node))
    if not is_single and not node.op.elementwise:
        return (None for _ in node.inputs)
    slopes = (slope for _, slope in contributions_seen(node, ones(g)))
    return (slope if getattr(slope, "shape", ()) == shape else None for slope in slopes)


def _data_as_read(order: list[Node], slots: list[list[Slot]]) -> list[Any]:
    """What the expression read; a leaf may have been written since."""
    data = [node._data for node in order]
    for operands in slots:
        for slot in operands:
            if slot.source >= 0:
                data[slot.source] = slot.data
    return data
