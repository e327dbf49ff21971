"""Numbers given as settings (a learning rate, a count): checked once, and refused with the corrected code."""

from __future__ import annotations

import math
import numbers
import operator

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError


def whole_number(value: object, name: str, example: str, *, least: int = 1) -> int:
    """`value` as an int, NumPy's integers included.

    Args:
        value: What the caller gave.
        name: What the setting is called.
        example: Code that would work, for the message.
        least: The smallest number that makes sense.

    Raises:
        MicrogradTypeError: It isn't a whole number; True and 2.0 aren't.
        MicrogradValueError: It is below `least`.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise MicrogradTypeError(f"{name} is a whole number, but was given {_shown(value)}. Write {example}.")
    number = operator.index(value)
    if number < least:
        raise MicrogradValueError(f"{name} must be at least {least}, but is {number}. Write {example}.")
    return number


def real_number(value: object, name: str, example: str) -> float:
    """`value` as a finite float.

    Raises:
        MicrogradTypeError: It isn't one real number.
        MicrogradValueError: It is nan or infinite.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise MicrogradTypeError(f"{name} is a real number, but was given {_shown(value)}. Write {example}.")
    number = float(value)
    if not math.isfinite(number):
        raise MicrogradValueError(f"{name} must be finite, but is {number}. Write {example}.")
    return number


def nonnegative(value: object, name: str, example: str) -> float:
    """`value` as a finite float that is at least 0.

    Raises:
        MicrogradTypeError: It isn't one real number.
        MicrogradValueError: It is nan, infinite or negative.
    """
    number = real_number(value, name, example)
    if number < 0.0:
        raise MicrogradValueError(f"{name} must not be negative, but is {number}. Write {example}.")
    return number


def _shown(value: object) -> str:
    return f"the {type(value).__name__} {value!r:.60}"
