"""The share of right answers: of scores one by one, and of logits in batches."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.targets import paired
from micrograd.nn.walking import is_tensor

_IGNORED = -100
Metric = Callable[[Any, Any], float]


def accuracy(scores: Any, labels: Any) -> float:
    """The share of samples whose score has the right sign, or whose largest logit is that of the right class.

    Args:
        scores: n scores, above 0 for the positive class; or logits, shape (n, classes, ...).
        labels: n labels, in {-1, +1} or in {0, 1}; or the numbers of classes, shape (n, ...), where -100 doesn't count,
            as in `cross_entropy`.

    Returns:
        A number from 0 to 1.

    Raises:
        MicrogradTypeError: If the labels are texts.
        MicrogradValueError: If the lengths differ, there are none, or the labels are of another kind.

    Example:
        >>> from micrograd.engine import Value
        >>> accuracy([Value(0.3), Value(-2.0), Value(0.1), Value(4.0)], [1, -1, -1, 1])
        0.75
    """
    if is_tensor(scores):
        return _of_arrays(scores, labels)
    pairs = paired(scores, labels, "accuracy(scores, labels)")
    _require_two_classes({label for _, label in pairs})
    right = sum(bool(label > 0) == bool(score > 0) for score, label in pairs)
    return right / len(pairs)


def _of_arrays(scores: Any, labels: Any) -> float:
    import numpy as np

    given, truth = (np.asarray(getattr(part, "_data", part)) for part in (scores, labels))
    if truth.dtype.kind not in "biuf":
        raise MicrogradTypeError(
            f"accuracy() compares with numbers, but the labels are of dtype {truth.dtype}. Write "
            "names, labels = np.unique(labels, return_inverse=True)."
        )
    if truth.size and given.ndim == truth.ndim + 1 and given.shape[1] > 1 and given[:, 0].shape == truth.shape:
        counted = truth != _IGNORED
        return float((given.argmax(axis=1) == truth)[counted].mean()) if counted.any() else math.nan
    if given.shape != truth.shape or not truth.size:
        raise MicrogradValueError(
            f"accuracy() takes logits of shape (n, classes) with n labels, or n scores with n labels, but was given "
            f"shapes {given.shape} and {truth.shape}. For a model with one output write y[:, None]; for a regression "
            "write fit(..., metrics=())."
        )
    _require_two_classes(set(np.unique(truth).tolist()))
    return float(((given > 0) == (truth > 0)).mean())


def _require_two_classes(kinds: set[Any]) -> None:
    if not (kinds <= {-1, 1} or kinds <= {0, 1}):
        raise MicrogradValueError(
            f"accuracy() compares with labels in {{-1, +1}} or {{0, 1}}, but was given "
            f"{list(kinds)[:4]!r:.60}. For a regression write fit(..., metrics=())."
        )
