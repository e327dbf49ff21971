"""An optimiser's rule as formulas, read off the rule itself.

A rule is written in plain operators, so it runs on Values too: run once on Values with names, it leaves a graph, and
the graph is the formula. The page evaluates it with the numbers of any parameter at any step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from micrograd.engine.graph import Node, topological_order
from micrograd.engine.value import Value
from micrograd.engine.viz.operations import operands

# Those that the page can compute; each is followed by how tightly it binds.
_SIGNS = {"add": (" + ", 1), "sub": (" − ", 1), "mul": (" × ", 2), "div": (" / ", 2), "pow": (" ** ", 4)}
_FUNCTIONS = frozenset({"sqrt", "square", "abs", "sign", "exp", "log", "maximum", "minimum", "neg"})
_ATOM = 5

Formula = tuple[str, int]
"""A text with `{3}` for the number that the third instruction gives, and how tightly its last sign binds."""


def formulas(optimizer: Any) -> dict[str, Any] | None:
    """What a rule computes, as data for the page; None for a rule that can't be read so.

    Returns:
        `inputs`, the names of what the rule reads; `numbers`, those among them that are the same for all parameters;
        `program`, a list of `[operation, operands]`, where an operand is a place or a constant, `{"c": number}`;
        `outputs`, of each result its name, its formula and its place.

    Example:
        >>> class Descent:
        ...     states = 0
        ...     def numbers(self, step):
        ...         return {"lr": 0.1}
        ...     def rule(self, p, g, states, numbers):
        ...         return p - numbers["lr"] * g, ()
        >>> formulas(Descent())["outputs"]
        [['new', '{0} − {2} × {1}', 4]]
    """
    try:
        return _read(optimizer)
    except Exception:  # a rule of the user's own may do anything; the page then shows old and new alone
        return None


def _read(optimizer: Any) -> dict[str, Any]:
    settings = optimizer.numbers(1)
    names = state_names(optimizer)
    inputs = [Value(0.5, label="old"), Value(0.25, label="grad")]
    states = tuple(Value(0.125, label=name) for name in names)
    numbers = {name: Value(setting, label=name) for name, setting in settings.items()}
    new, kept = optimizer.rule(*inputs, states, numbers)
    given: list[Node] = [*inputs, *states, *numbers.values()]
    outputs = [(f"{name}′", state) for name, state in zip(names, kept, strict=True)] + [("new", new)]
    program, places = _program([node for _, node in outputs], given)
    return {
        "inputs": [node.label for node in given],
        "numbers": list(numbers),
        "program": program,
        "outputs": _written(outputs, given, places),
    }


def state_names(optimizer: Any) -> list[str]:
    """What an optimiser calls the numbers that it keeps for each parameter."""
    names = list(getattr(optimizer, "state_names", ()))
    return [*names, *(f"state {k + 1}" for k in range(len(names), optimizer.states))][: optimizer.states]


def _program(roots: Sequence[Node], given: Sequence[Node]) -> tuple[list[Any], dict[Node, int]]:
    """The instructions that follow the inputs, and the place of each node."""
    places = {node: place for place, node in enumerate(given)}
    program: list[Any] = []
    for root in roots:
        for node in topological_order(root, stop=list(places)):
            if node.op is None:
                places[node] = len(given) + len(program)
                program.append(["constant", [{"c": node._data}]])
                continue
            if node.op.name not in _SIGNS and node.op.name not in _FUNCTIONS:
                raise KeyError(node.op.name)
            read = [places[x] if x is not None else {"c": data} for x, data in operands(node)]
            places[node] = len(given) + len(program)
            program.append([node.op.name, read])
    return program, places


def _written(outputs: Sequence[tuple[str, Node]], given: Sequence[Node], places: dict[Node, int]) -> list[list[Any]]:
    """Each output as a formula of the inputs and of the outputs before it."""
    known: dict[Node, Formula] = {node: (f"{{{places[node]}}}", _ATOM) for node in given}
    written = []
    for name, root in outputs:
        for node in topological_order(root, stop=list(known)):
            known[node] = _formula(node, known)
        written.append([name, known[root][0], places[root]])
        known[root] = (f"{{{places[root]}}}", _ATOM)
    return written


def _formula(node: Node, known: dict[Node, Formula]) -> Formula:
    if node.op is None:
        return f"{node._data:.10g}", _ATOM
    parts = [known[x] if x is not None else (f"{data:.10g}", _ATOM) for x, data in operands(node)]
    if node.op.name == "neg":
        return f"−{_within(parts[0], 3)}", 3
    if node.op.name not in _SIGNS:
        return f"{node.op.name}({', '.join(text for text, _ in parts)})", _ATOM
    sign, binding = _SIGNS[node.op.name]
    left, right = parts
    return f"{_within(left, binding)}{sign}{_within(right, binding + (node.op.name in ('sub', 'div', 'pow')))}", binding


def _within(part: Formula, binding: int) -> str:
    text, own = part
    return f"({text})" if own < binding else text
