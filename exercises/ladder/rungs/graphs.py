"""The walk back: what is summed, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ladder.cases import Case, leaves_of
from ladder.rungs.rung import Rung
from micrograd.engine import Value
from micrograd.engine.graph import topological_order

GRAPHS_OF_SUMS = (
    "a + b",
    "a * b",
    "a + a",
    "a * a",
    "(a + b) * b",
    "(a + a) * b",
    "(a + b) * (a + b)",
    "(a * b + a) * a",
)
VALID = "inputs before their users, each once"


def _walks() -> Iterator[Case]:
    for text in GRAPHS_OF_SUMS:
        numbers = dict(zip(leaves_of(text), (2.0, 3.0), strict=False))
        leaves = {name: Value(number, label=name) for name, number in numbers.items()}
        root = eval(text, dict(leaves))
        root.backward()
        names = _named(root)
        order = [(names[node], _local(node, names)) for node in reversed(topological_order(root))]
        gradients = {name: float(node.grad) for node, name in names.items()}
        yield Case(f"walk_back({order})", numbers, text, expected=gradients)


def _named(root: Any) -> dict[Any, str]:
    """The nodes by the names that a shown graph gives them."""
    letters = iter("cdefg")
    return {node: node.label or next(letters) for node in topological_order(root)}


def _local(node: Any, names: dict[Any, str]) -> list[tuple[str, float]]:
    """Each operand of a sum or a product, with how the node responds to it."""
    if not node.inputs:
        return []
    x, y = node.inputs
    return [(names[x], y.data), (names[y], x.data)] if node._op == "*" else [(names[x], 1.0), (names[y], 1.0)]


def _orders() -> Iterator[Case]:
    for text in ("a", "-a", "-a + a", "a + -a", "a + a", "(a + b) * b", "-(a + b) * (a + b)", "chain(a, 2000)"):
        yield Case("topological_order(root)", dict.fromkeys(leaves_of(text), 2.0), text)


def _as_order(result: Any, root: Any) -> dict[str, Any]:
    """Whether it is an order, since there are several right ones; if not, what it is."""
    if not isinstance(result, (list, tuple)) or not all(isinstance(node, Value) for node in result):
        return {"order": repr(result)}
    places = {node: place for place, node in enumerate(result)}
    complete = len(result) == len(places) and places.keys() == set(topological_order(root))
    if complete and all(places[operand] < places[node] for node in result for operand in node.inputs):
        return {"order": VALID}
    names = _named(root) if len(result) < 12 else {}
    return {"order": ", ".join(names.get(node, "?") for node in result) or "empty"}


GRAPHS = (
    Rung("08_walk_back", dict, _walks),
    Rung("09_topological_order", topological_order, _orders, _as_order),
)
