"""`TopKAccuracy`: how often the right class is among the k that the model gives the largest logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.metrics.reports import logits_and_labels
from micrograd.nn.validation import whole_number


class TopKAccuracy:
    """The share of samples whose class is among the k with the largest logits; a metric for `fit`.

    Args:
        k: How many may be tried.

    Raises:
        MicrogradValueError: If k isn't at least 1, or larger than the number of classes of a call.

    Example:
        >>> logits = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]])
        >>> TopKAccuracy(2)(logits, np.array([1, 2]))
        0.5
    """

    def __init__(self, k: int = 5) -> None:
        self.k = whole_number(k, "k", "TopKAccuracy(5)")
        self.__name__ = f"top_{self.k}_accuracy"

    def __call__(self, logits: Any, labels: Any) -> float:
        """A number from 0 to 1, from logits of shape (n, classes) and n labels."""
        scores, truth = logits_and_labels(logits, labels, self.__name__)
        if self.k > scores.shape[1]:
            raise MicrogradValueError(
                f"TopKAccuracy({self.k}) needs as many classes, but the logits have {scores.shape[1]}. "
                "Write a smaller k."
            )
        # Those with the same logit as the last one count by their place, as in argmax: the first come first.
        best = np.argsort(-scores, axis=1, kind="stable")[:, : self.k]
        return float((best == truth[:, None]).any(axis=1).mean())
