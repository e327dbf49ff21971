"""What tells one state of a thing that a function knows from another, and what looks at it quickly.

Single numbers, lists of numbers and arrays count by their contents: small ones whole, large ones by a sample, so that
to compare them takes next to nothing. Other things count by what they are, and not by what is in them.

What it leaves out: a few numbers in the midst of a large list or array that are changed in place, unless the sample has
them; lists of other things than numbers, modules and parameters, such as a log that the code appends to.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from micrograd.engine.changes import Announcing
from micrograd.engine.graph import Node

SINGLE = (bool, int, float, complex, str, bytes, type(None))
MANY = 256
"""A list of numbers up to this length is compared whole, and a container searched for modules."""
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
        return "dict" if isinstance(value, dict) else "list", look()
    if isinstance(value, tuple) and all(isinstance(part, SINGLE) for part in value):
        return "tuple", repr(value)
    return ("container",) if isinstance(value, (list, dict)) else ("object", id(value))


def is_array(thing: Any) -> bool:
    """Whether this is an array of NumPy, or one of its numbers; told without importing it."""
    return hasattr(type(thing), "tobytes") and hasattr(type(thing), "dtype")


def look_at(thing: Any) -> Callable[[], Any] | None:
    """What takes a sample of a list, a dict or an array; None for those that don't count by their contents."""
    if is_array(thing):
        if thing.dtype.kind not in "fiub":
            return None
        return thing.tobytes if thing.nbytes <= _SMALL else functools.partial(_of_array, thing)
    if isinstance(thing, list) and thing:
        if all(map(_is_number_or_row, thing[:_ROWS])):
            return functools.partial(_of_numbers, thing)
        if len(thing) <= MANY and all(map(_is_part, thing)):
            return functools.partial(_of_parts, thing)
    if isinstance(thing, dict) and 0 < len(thing) <= MANY and all(map(_is_part, thing.values())):
        return functools.partial(_of_dict, thing)
    return None


def _is_number_or_row(part: Any) -> bool:
    is_row = isinstance(part, (list, tuple)) and all(isinstance(number, (int, float)) for number in part[:_ROWS])
    return is_row or isinstance(part, (int, float))


def _is_part(part: Any) -> bool:
    return isinstance(part, (Announcing, Node, *SINGLE))


def _of_array(array: Any) -> Any:
    numbers = array.reshape(-1) if array.flags.c_contiguous else array.flat
    return numbers[:: max(1, array.size // MANY)].tobytes()


def _of_numbers(rows: list[Any]) -> list[Any]:
    step = len(rows) // (MANY if rows and isinstance(rows[0], (int, float)) else _ROWS)
    return [len(rows), *(row.copy() if isinstance(row, list) else row for row in rows[:: max(1, step)])]


def _of_parts(parts: list[Any]) -> list[Any]:
    return [part if isinstance(part, SINGLE) else id(part) for part in parts]


def _of_dict(parts: dict[Any, Any]) -> list[Any]:
    return [(key, part if isinstance(part, SINGLE) else id(part)) for key, part in parts.items()]
