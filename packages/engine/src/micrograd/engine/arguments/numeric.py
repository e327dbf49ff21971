"""What counts as one real number, in Python and in NumPy, told without importing NumPy."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError

NEVER_OPERANDS = (
    *(str, bytes, bytearray, memoryview, type(None), list, tuple, range, dict, set, frozenset),
    numbers.Number,  # one that isn't real, such as a complex number or a Decimal
)
"""Python's own types that can't stand beside a Value or a Tensor, and have no operator that could take one in."""


def as_float(data: Any) -> float:
    """A Python float from any real number, NumPy's scalars and 0-d arrays included.

    Raises:
        MicrogradTypeError: If `data` isn't one real number.
        MicrogradValueError: If it is an integer too large for a float.
    """
    if isinstance(data, float):
        return float(data)
    if data.__class__ is not int and not is_real(data):
        raise MicrogradTypeError(f"a Value holds one real number, but was given {_what_and_instead(data)}")
    try:
        return float(data)
    except OverflowError:
        raise MicrogradValueError(
            "this integer is larger than any float (1.8e308). Scale it, or write Value(float('inf'))."
        ) from None


def is_real(data: Any) -> bool:
    """Whether this is one real number of Python's or NumPy's, told without importing NumPy."""
    if isinstance(data, numbers.Real):
        return True
    if hasattr(data, "_interpreter_rank"):
        return False  # a Tensor or a tracer of one number: as a number it would lose its graph
    kind = getattr(getattr(data, "dtype", None), "kind", None)
    return getattr(data, "shape", None) == () and kind in ("b", "i", "u", "f")


def _what_and_instead(data: Any) -> str:
    """What was given instead of a number, and what to write."""
    if hasattr(data, "backward"):
        kind = type(data).__name__
        return f"a {kind}. Use it as it is, or its number: Value({kind.lower()}.data)"
    if isinstance(data, complex):
        return f"the complex number {data}. Perhaps its real part: Value({data.real!r})"
    if isinstance(data, (str, bytes)):
        return f"the text {data!r:.60}. Convert it first: Value(float(text))"
    if data is None:
        return "None. Perhaps a function that made it lacks its `return`"
    if isinstance(data, Iterable):
        return f"{kind_of(data)}. Make a Value of each element: [Value(x) for x in data]"
    return f"{kind_of(data)}: {data!r:.60}"
