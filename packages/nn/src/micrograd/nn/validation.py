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


def whole_numbers(values: object, name: str, example: str, *, least: int = 1) -> list[int]:
    """A list or tuple of whole numbers, as a list of ints.

    Raises:
        MicrogradTypeError: It is none, or one of them isn't a whole number.
        MicrogradValueError: One of them is below `least`.

    Example:
        >>> whole_numbers((3, 5), "milestones", "MultiStepLR(optimizer, [30, 80])")
        [3, 5]
    """
    if not isinstance(values, (list, tuple, range)) and not hasattr(values, "tolist"):
        raise MicrogradTypeError(f"{name} is a list of whole numbers, but was given {_shown(values)}. Write {example}.")
    return [whole_number(value, f"one of {name}", example, least=least) for value in values]  # type: ignore[attr-defined]


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


def positive(value: object, name: str, example: str) -> float:
    """`value` as a finite float above 0.

    Raises:
        MicrogradTypeError: It isn't one real number.
        MicrogradValueError: It is nan, infinite, negative or 0.

    Example:
        >>> positive(1e-5, "eps", "BatchNorm1d(16, eps=1e-5)")
        1e-05
    """
    number = nonnegative(value, name, example)
    if number == 0.0:
        raise MicrogradValueError(f"{name} must be above 0. Write {example}.")
    return number


def share(value: object, name: str, example: str) -> float:
    """`value` as a float from 0 to 1.

    Raises:
        MicrogradTypeError: It isn't one real number.
        MicrogradValueError: It is nan, below 0 or above 1.

    Example:
        >>> share(0.9, "momentum", "BatchNorm1d(16, momentum=0.1)")
        0.9
    """
    number = real_number(value, name, example)
    if not 0.0 <= number <= 1.0:
        raise MicrogradValueError(f"{name} is a share, from 0 to 1, but is {number}. Write {example}.")
    return number


def yes_or_no(value: object, name: str, example: str) -> bool:
    """`value` as a bool, NumPy's included: a number in its place is most often one that was meant for another setting.

    Raises:
        MicrogradTypeError: It is something else.

    Example:
        >>> yes_or_no(True, "maximize", "SGD(model.parameters(), maximize=True)")
        True
    """
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise MicrogradTypeError(f"{name} is True or False, but was given {_shown(value)}. Write {example}.")


def require_methods(thing: object, name: str, methods: tuple[str, ...], example: str) -> None:
    """Refuse what lacks one of these methods, and a class in place of an object of it.

    Raises:
        MicrogradTypeError: Then.

    Example:
        >>> require_methods([], "a list", ("append", "pop"), "[1, 2]")
    """
    if isinstance(thing, type):
        raise MicrogradTypeError(
            f"{name} is to be an object, but was given the class {thing.__name__}. Write {example}."
        )
    missing = [method for method in methods if not callable(getattr(thing, method, None))]
    if missing == ["__call__"]:
        raise MicrogradTypeError(
            f"{name} is a function, but was given {_shown(thing)}. Give the function itself, rather than what it "
            f"returned: {example}."
        )
    if missing:
        raise MicrogradTypeError(f"{name} has {missing[0]}(), which {_shown(thing)} hasn't. Write {example}.")


def _shown(value: object) -> str:
    return f"the {type(value).__name__} {value!r:.60}"
