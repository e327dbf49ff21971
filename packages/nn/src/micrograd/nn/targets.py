"""Scores and what they should have been, in pairs: a loss that compares the wrong ones teaches nonsense."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value


def paired(scores: Any, targets: Any, call: str) -> list[tuple[Any, Any]]:
    """Each score with its target.

    Args:
        scores: n Values or numbers.
        targets: n numbers.
        call: How the caller is written, for the message.

    Raises:
        MicrogradTypeError: If one of them is no sequence, or a score is itself a list.
        MicrogradValueError: If the lengths differ, or are 0.

    Example:
        >>> paired([0.5, -2.0], (1, -1), "f(scores, labels)")
        [(0.5, 1), (-2.0, -1)]
    """
    left, right = _listed(scores, call), _listed(targets, call)
    if len(left) != len(right):
        raise MicrogradValueError(
            f"{call} was given {len(left)} of the first and {len(right)} of the second, but needs one each "
            "per sample. Write scores = [model(x) for x in X] with the X that belongs to y."
        )
    if not left:
        raise MicrogradValueError(f"{call} was given no samples, and the mean of none has no value. Give one.")
    for item in (*left, *right):
        if isinstance(item, (list, tuple)):
            raise MicrogradTypeError(
                f"{call} takes one number per sample, but one of them is a list of {len(item)}. Build a "
                "model with a single output, MLP(2, [16, 1]), and flatten the targets, y.ravel()."
            )
    return list(zip(left, right, strict=True))


def _listed(items: Any, call: str) -> list[Any]:
    if isinstance(items, Value) or not isinstance(items, Iterable) or isinstance(items, (str, bytes, dict)):
        raise MicrogradTypeError(
            f"{call} takes two sequences, one entry per sample, but was given the {type(items).__name__} "
            f"{items!r:.60}. For a single sample write [score] and [label]."
        )
    return list(items.tolist() if hasattr(items, "tolist") else items)
