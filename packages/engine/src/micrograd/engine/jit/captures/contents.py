"""What tells one state of a thing that a function knows from another, and what looks at it quickly.

Single numbers, lists of numbers and arrays count by their contents: small ones whole, large ones by a sample, so that
to compare them takes next to nothing. Of other containers it counts which things are in them; other things count by
what they are, and not by what is in them.

What it leaves out: a few numbers in the midst of a large list or array that are changed in place, unless the sample has
them; what is in a large container of other things than numbers.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Collection
from typing import Any

from micrograd.engine.graph import Node

SINGLE = (bool, int, float, complex, str, bytes, type(None))
CONTAINERS = (list, dict, set, deque)
"""What can be written into."""
MANY = 256
"""A container up to this length is compared whole, and searched for what is in it."""
_SMALL = 4096
"""So is an array of so many bytes."""
_ROWS = 16
"""Of a list of rows, about so many."""


def told_apart(value: Any) -> tuple[Any, ...]:
    """What is equal for two states of a thing in which a function computes the same.

    Example:
        >>> told_apart(0.5) == told_apart(0.5), told_apart(0.5) == told_apart(1), told_apart([1.0]) == told_apart([2.0])
        (True, False, False)
    """
    if isinstance(value, SINGLE):
        return type(value).__name__, repr(value)
    if isinstance(value, Node):
        return "node", id(value), value._requires_grad
    look = look_at(value)
    if is_array(value):
        # A large array is the same if it is the same object, and its sample hasn't changed.
        return "array", value.shape, str(value.dtype), look and look(), value.nbytes > _SMALL and id(value)
    if look is not None:
        kind = next(kind for kind in CONTAINERS if isinstance(value, kind))
        return "list" if kind is deque else kind.__name__, look()
    if isinstance(value, tuple) and all(isinstance(part, SINGLE) for part in value):
        return "tuple", repr(value)
    return ("container",) if isinstance(value, CONTAINERS) else ("object", id(value))


def static(setting: Any) -> tuple[Any, ...]:
    """What tells an argument that is no data from others: to Python, 1, 1.0 and True are equal.

    Example:
        >>> static(1) == static(True), static((0.0,)) == static((-0.0,)), static("mean") == static("mean")
        (False, False, True)
    """
    return "static", setting, repr(setting) if isinstance(setting, (*SINGLE, tuple)) else ""


def is_array(thing: Any) -> bool:
    """Whether this is an array of NumPy, or one of its numbers; told without importing it."""
    return hasattr(type(thing), "tobytes") and hasattr(type(thing), "dtype")


def look_at(thing: Any) -> Callable[[], Any] | None:
    """What takes a sample of a list, a dict or an array; None for those that don't count by their contents."""
    if is_array(thing):
        if thing.dtype.kind not in "fiub":
            return None
        return thing.tobytes if thing.nbytes <= _SMALL else functools.partial(_of_array, thing)
    if isinstance(thing, list) and thing and all(map(_is_number_or_row, thing[:_ROWS])):
        return functools.partial(_of_numbers, thing)
    if not isinstance(thing, CONTAINERS) or len(thing) > MANY:
        return None
    if isinstance(thing, dict):
        return functools.partial(_of_dict, thing)
    # Of things that aren't compared by value it is enough, and takes least, to ask which they are.
    if isinstance(thing, list) and not any(isinstance(part, SINGLE) for part in thing):
        return functools.partial(_which, thing)
    return functools.partial(_of_parts, thing)


def _is_number_or_row(part: Any) -> bool:
    is_row = isinstance(part, (list, tuple)) and all(isinstance(number, (int, float)) for number in part[:_ROWS])
    return is_row or isinstance(part, (int, float))


def _of_array(array: Any) -> Any:
    numbers = array.reshape(-1) if array.flags.c_contiguous else array.flat
    return numbers[:: max(1, array.size // MANY)].tobytes()


def _of_numbers(rows: list[Any]) -> list[Any]:
    step = len(rows) // (MANY if rows and isinstance(rows[0], (int, float)) else _ROWS)
    return [len(rows), *(row.copy() if isinstance(row, list) else row for row in rows[:: max(1, step)])]


def _which(parts: list[Any]) -> list[int]:
    return [*map(id, parts)]


def _of_parts(parts: Collection[Any]) -> Any:
    found = [_of_part(part) for part in parts]
    return frozenset(found) if isinstance(parts, set) else found


def _of_dict(parts: dict[Any, Any]) -> list[Any]:
    return [(key, _of_part(part)) for key, part in parts.items()]


def _of_part(part: Any) -> Any:
    return part if isinstance(part, SINGLE) else id(part)
