"""What a message calls a thing that was given where another was expected."""

from __future__ import annotations

from typing import Any

_SPELT_WITH_A_VOWEL = "AEFHILMNORSX"  # the names of these letters begin with a vowel, as in "an MLP"


def kind_of(thing: Any) -> str:
    """The class of a thing, with its article.

    Example:
        >>> kind_of("text"), kind_of(3)
        ('a str', 'an int')
    """
    name = type(thing).__name__
    is_spelt = name[:2].isupper()
    takes_an = name[0] in _SPELT_WITH_A_VOWEL if is_spelt else name[0] in "aeioAEIO"
    return f"{'an' if takes_an else 'a'} {name}"
