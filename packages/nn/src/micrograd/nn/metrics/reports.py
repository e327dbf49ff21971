"""Precision, recall, F1 and the confusion matrix, from scikit-learn, which the extra `[sklearn]` brings."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError, MissingExtraError


class _Report:
    """A metric that compares the classes with the largest logits with the labels."""

    function = ""

    def __init__(self, average: str = "macro") -> None:
        if average not in ("macro", "micro", "weighted"):
            raise MicrogradValueError(
                f'average={average!r} is "macro" (every class counts the same), "micro" (every sample does) or '
                f'"weighted" (classes count by their samples). Write {type(self).__name__}("macro").'
            )
        self.average = average
        self.__name__ = self.function.removesuffix("_score")

    def __call__(self, logits: Any, labels: Any) -> float:
        """A number from 0 to 1, from logits of shape (n, classes) and n labels; a class that never occurs counts 0."""
        scores, truth = logits_and_labels(logits, labels, self.__name__)
        compare = getattr(_sklearn_metrics(), self.function)
        return float(compare(truth, scores.argmax(axis=1), average=self.average, zero_division=0.0))


class Precision(_Report):
    """How much of what is taken for a class is of that class; a metric for `fit`.

    Args:
        average: How the classes are put together: "macro", "micro" or "weighted".

    Raises:
        MicrogradValueError: If it is another, or logits and labels don't fit.
        MissingExtraError: If scikit-learn isn't installed.

    Example:
        >>> logits = np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 2.0]])
        >>> Precision()(logits, np.array([0, 1, 1]))
        0.75
    """

    function = "precision_score"


class Recall(_Report):
    """How much of each class is found; the arguments are those of `Precision`.

    Example:
        >>> logits = np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 2.0]])
        >>> Recall()(logits, np.array([0, 1, 1]))
        0.75
    """

    function = "recall_score"


class F1(_Report):
    """The harmonic mean of precision and recall; the arguments are those of `Precision`.

    Example:
        >>> logits = np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 2.0]])
        >>> round(F1()(logits, np.array([0, 1, 1])), 4)
        0.6667
    """

    function = "f1_score"


def confusion_matrix(logits: Any, labels: Any) -> np.ndarray:
    """How many samples of each class, a row, are taken for each class, a column.

    Args:
        logits: Shape (n, classes).
        labels: The numbers of the classes, shape (n,).

    Returns:
        Integers of shape (classes, classes).

    Raises:
        MicrogradValueError: If they don't fit.
        MissingExtraError: If scikit-learn isn't installed.

    Example:
        >>> logits = np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 2.0]])
        >>> confusion_matrix(logits, np.array([0, 1, 1]))
        array([[1, 0],
               [1, 1]])
    """
    scores, truth = logits_and_labels(logits, labels, "confusion_matrix")
    classes = np.arange(scores.shape[1])
    matrix: np.ndarray = _sklearn_metrics().confusion_matrix(truth, scores.argmax(axis=1), labels=classes)
    return matrix


def logits_and_labels(logits: Any, labels: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays, of shapes (n, classes) and (n,); those with more axes, such as of texts, laid out in a row.

    Raises:
        MicrogradValueError: If they don't fit, there are none, or a label is no class.
    """
    scores, truth = (np.asarray(getattr(part, "_data", part)) for part in (logits, labels))
    if scores.ndim < 2 or scores[:, 0].shape != truth.shape or not truth.size or scores.shape[1] < 2:
        raise MicrogradValueError(
            f"{name} takes logits of shape (n, classes) and n labels, but was given shapes {scores.shape} and "
            f"{truth.shape}. For a model with one output write np.stack([-scores, scores], axis=1)."
        )
    if truth.dtype.kind not in "iu" or truth.min() < 0 or truth.max() >= scores.shape[1]:
        raise MicrogradValueError(
            f"{name} takes the numbers of {scores.shape[1]} classes, integers from 0, but the labels are {truth.dtype} "
            f"from {truth.min()} to {truth.max()}. Write np.unique(labels, return_inverse=True)[1]."
        )
    return np.moveaxis(scores, 1, -1).reshape(-1, scores.shape[1]), truth.ravel()


def _sklearn_metrics() -> Any:
    try:
        import sklearn.metrics
    except ImportError:
        raise MissingExtraError(
            "this metric is scikit-learn's, which isn't installed. Run pip install \"micrograd-nn[sklearn]\", or pip "
            'install "./packages/nn[sklearn]" in a clone of the repository.'
        ) from None
    return sklearn.metrics
