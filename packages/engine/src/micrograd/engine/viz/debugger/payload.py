"""All that the page needs of a graph, as data that JSON holds: numbers packed, words in tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from micrograd.engine.graph import Node
from micrograd.engine.viz.debugger.arrays import Arrays
from micrograd.engine.viz.debugger.formulas import derivatives, handed_back
from micrograd.engine.viz.debugger.groups import Grouped, group
from micrograd.engine.viz.debugger.placing import SYMBOL, place_units, symbol_width
from micrograd.engine.viz.debugger.steps import Slot, Steps
from micrograd.engine.viz.names.paths import as_code
from micrograd.engine.viz.operations import operation_symbol
from micrograd.engine.viz.page import packed
from micrograd.engine.viz.sources import source_of
from micrograd.engine.viz.text import clip, one_line

_NAN = float("nan")
_EXPRESSION = 28  # columns; a longer one is no name
_NAME = 100  # columns; a longer one is cut off


def payload(steps: Steps, names: Mapping[Node, str], arrays: Arrays | None = None) -> dict[str, Any]:
    """Write a graph down for the page.

    Args:
        steps: The graph.
        names: The paths of parameters.
        arrays: What describes arrays; for a graph that is part of a page, that of the page.
    """
    grouped = group(steps, names)
    arrays = arrays or Arrays()
    return {
        **_nodes(steps, names, arrays),
        **_slots(steps, arrays),
        **_operations(steps),
        **_sources(steps),
        **_boxes(steps, grouped),
    }


def _nodes(steps: Steps, names: Mapping[Node, str], arrays: Arrays) -> dict[str, Any]:
    return {
        "count": len(steps.order),
        "names": _names(steps, names),
        "parameters": [place for place, node in enumerate(steps.order) if node in names],
        "data": packed(map(_number, steps.data)),
        "grad": packed(map(_number, steps.gradients)),
        "reached": packed((gradient is not None for gradient in steps.gradients), "b"),
        "arrays": _arrays(steps.data, arrays),
        "gradArrays": _arrays(steps.gradients, arrays),
    }


def _names(steps: Steps, names: Mapping[Node, str]) -> dict[int, str]:
    """Labels, else paths of parameters, else the expression that made the node, if it made no other."""
    expressions = [_expression(node) for node in steps.order]
    counts = Counter(expressions)
    found = {}
    for place, (node, expression) in enumerate(zip(steps.order, expressions, strict=True)):
        is_only = counts[expression] == 1 and len(expression.text) <= _EXPRESSION
        name = node.label or as_code(names.get(node, "")) or (expression.text if is_only else "")
        if name:
            found[place] = clip(one_line(name), _NAME)
    return found


class _Expression(NamedTuple):
    """A part of a line of code, and where it is; without text for a leaf, and where it isn't known."""

    text: str
    place: object


def _expression(node: Node) -> _Expression:
    source = source_of(node) if node.op is not None else None
    return _Expression(source.expression if source else "", source)


def _slots(steps: Steps, arrays: Arrays) -> dict[str, Any]:
    slots = [slot for operands in steps.slots for slot in operands]
    starts = [0]
    for operands in steps.slots:
        starts.append(starts[-1] + len(operands))
    return {
        "starts": packed(starts, "i"),
        "slotSource": packed((slot.source for slot in slots), "i"),
        "slotLocal": packed(_number(slot.local) for slot in slots),
        "slotAmount": packed(_number(slot.amount) for slot in slots),
        "slotKind": packed(map(_kind, slots), "b"),
        "written": {number: _number(slot.data) for number, slot in enumerate(slots) if _differs(steps, slot)},
        "writtenArrays": _arrays([slot.data if slot.source < 0 else None for slot in slots], arrays),
        "localArrays": _arrays([slot.local for slot in slots], arrays),
        "amountArrays": _arrays([slot.amount for slot in slots], arrays),
    }


def _kind(slot: Slot) -> int:
    """Two bits: whether something is handed back, and whether there is a local derivative to show."""
    return (slot.amount is not None) + 2 * (slot.local is not None)


def _differs(steps: Steps, slot: Slot) -> bool:
    """Whether an operand is a constant, or held another number when this operation ran than when a later one did."""
    if slot.source < 0:
        return True
    now = steps.data[slot.source]
    return type(slot.data) is float and type(now) is float and slot.data != now and slot.data == slot.data


def _operations(steps: Steps) -> dict[str, Any]:
    """Each kind of operation once, and which kind each node is."""
    table: dict[tuple[str, str], int] = {}
    found: list[dict[str, Any]] = []
    kinds = []
    for place, node in enumerate(steps.order):
        if node.op is None:
            kinds.append(-1)
            continue
        key = (node.op.name, _symbol(steps, place))
        if key not in table:
            table[key] = len(found)
            found.append(_operation(node, *key))
        kinds.append(table[key])
    return {"ops": found, "op": packed(kinds, "i")}


def _symbol(steps: Steps, place: int) -> str:
    """The symbol of an operation; only one with a constant has to be looked at closely."""
    has_constant = any(slot.source < 0 for slot in steps.slots[place])
    return operation_symbol(steps.order[place]) if has_constant else one_line(steps.order[place].op.symbol)


def _operation(node: Node, name: str, symbol: str) -> dict[str, Any]:
    return {
        "name": one_line(name),
        "symbol": clip(symbol, SYMBOL),
        "plain": one_line(node.op.symbol),
        "width": symbol_width(symbol),
        "derivatives": derivatives(name),
        "handedBack": handed_back(name),
        "settings": one_line(", ".join(f"{key}={value!r:.40}" for key, value in (node.params or {}).items())),
    }


def _sources(steps: Steps) -> dict[str, Any]:
    table: dict[Any, int] = {}
    places = [table.setdefault(source_of(node), len(table)) for node in steps.order]
    lines = [
        source and [PurePath(source.file).name, source.line, one_line(source.text), one_line(source.expression)]
        for source in table
    ]
    return {"sources": lines, "source": packed(places, "i")}


def _boxes(steps: Steps, grouped: Grouped) -> dict[str, Any]:
    places = place_units(steps, grouped)
    boxes = [
        [box.name, box.kind, box.parent, layout, units]
        for box, layout, units in zip(grouped.groups, places.layout_of, grouped.units, strict=True)
    ]
    return {
        "groups": boxes,
        "layouts": places.layouts,
        "home": packed(grouped.home, "i"),
    }


def _arrays(found: list[Any], arrays: Arrays) -> dict[str, Any]:
    return {str(place): arrays.described(data) for place, data in enumerate(found) if _is_array(data)}


def _is_array(data: Any) -> bool:
    return bool(getattr(data, "shape", ()))


def _number(data: Any) -> float:
    try:
        return _NAN if data is None or _is_array(data) else float(data)
    except (TypeError, ValueError):
        return _NAN
