"""Runs one example on one answer, and puts what came of it into named numbers that can be compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ladder.cases import Case
from micrograd.engine import Value

Read = Callable[[Any, Any], dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What an answer made of an example.

    Attributes:
        entries: Named numbers, truths and texts: the result, and the gradient and the data of each leaf.
        root: The end of the graph, where there is one.
        error: The exception that the answer raised.
    """

    entries: dict[str, Any]
    root: Value | None = None
    error: Exception | None = None

    def agrees_with(self, other: Outcome) -> bool:
        """Whether all entries are the same, up to rounding."""
        names = {*self.entries, *other.entries}
        return all(same(self.entries.get(name), other.entries.get(name)) for name in names)


def same(x: Any, y: Any) -> bool:
    """Whether two entries are the same, numbers up to rounding; nan is like nan."""
    if isinstance(x, float) and isinstance(y, float):
        return x == y or math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(x) and math.isnan(y))
    return type(x) is type(y) and x == y


def run(case: Case, name: str, function: Callable[..., Any], read: Read | None = None) -> Outcome:
    """What the answer called `name` makes of the example. NotImplementedError comes through: there is no answer yet."""
    leaves = {label: Value(number, label=label) for label, number in case.leaves.items()}
    root = _swept(case, leaves) if case.graph else None
    try:
        result = eval(case.text, {name: function, "root": root, **leaves})
        made = list(_values_in(result)) if read is None else []
        if made:
            root = made[0] if isinstance(result, Value) else sum(i * value for i, value in enumerate(made, 1))
            root.backward()
        entries = flattened("result", result) if read is None else read(result, root)
    except NotImplementedError:
        raise
    except Exception as error:
        return Outcome({"result": f"{type(error).__name__}: {error}"}, root, error)
    return Outcome({**entries, **_of_leaves(leaves)}, root)


def expected(case: Case, name: str, right: Callable[..., Any], read: Read | None = None) -> Outcome:
    """What a right answer makes of the example."""
    if case.expected is None:
        return run(case, name, right, read)
    return run(case, name, lambda *_, **__: case.expected, read)


def flattened(name: str, result: Any) -> dict[str, Any]:
    """A result as named entries.

    Example:
        >>> flattened("result", [1, Value(2.0)])
        {'result[0]': 1.0, 'result[1]': 2.0}
    """
    if isinstance(result, Value):
        return {name: result.data}
    if isinstance(result, (list, tuple)):
        return {k: v for i, part in enumerate(result) for k, v in flattened(f"{name}[{i}]", part).items()}
    if isinstance(result, dict):
        return {k: v for key, part in result.items() for k, v in flattened(f"{name}[{key!r}]", part).items()}
    if isinstance(result, (int, float)) and not isinstance(result, bool):
        return {name: float(result)}
    return {name: result if isinstance(result, bool) else repr(result)}


def _swept(case: Case, leaves: dict[str, Value]) -> Value:
    root: Value = eval(case.graph, {"chain": _chain, **leaves})
    root.backward()
    return root


def _chain(value: Value, length: int) -> Value:
    """A graph as deep as is asked for."""
    for _ in range(length):
        value = -value
    return value


def _values_in(result: Any) -> Iterator[Value]:
    if isinstance(result, Value):
        yield result
    elif isinstance(result, (list, tuple)):
        for part in result:
            yield from _values_in(part)


def _of_leaves(leaves: dict[str, Value]) -> dict[str, Any]:
    gradients = {f"{label}.grad": float(leaf.grad) for label, leaf in leaves.items()}
    return {**gradients, **{f"{label}.data": leaf.data for label, leaf in leaves.items()}}
