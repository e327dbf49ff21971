"""How good a model's answers are, as a plain number for people to read; nothing here is differentiated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.value import Value
from micrograd.nn.targets import paired

Metric = Callable[[Any, Any], float]


def accuracy(scores: Sequence[Value | float], labels: Sequence[float]) -> float:
    """The share of samples whose score has the right sign: above 0 for the positive class.

    Args:
        scores: n scores.
        labels: n labels, in {-1, +1} or in {0, 1}.

    Returns:
        A number from 0 to 1.

    Raises:
        MicrogradValueError: If the lengths differ, there are none, or the labels are of another kind.

    Example:
        >>> from micrograd.engine import Value
        >>> accuracy([Value(0.3), Value(-2.0), Value(0.1), Value(4.0)], [1, -1, -1, 1])
        0.75
    """
    pairs = paired(scores, labels, "accuracy(scores, labels)")
    kinds = {label for _, label in pairs}
    if not (kinds <= {-1, 1} or kinds <= {0, 1}):
        raise MicrogradValueError(
            f"accuracy() compares with labels in {{-1, +1}} or {{0, 1}}, but was given "
            f"{list(kinds)[:4]!r:.60}. For a regression write fit(..., metrics=())."
        )
    right = sum(bool(label > 0) == bool(score > 0) for score, label in pairs)
    return right / len(pairs)
