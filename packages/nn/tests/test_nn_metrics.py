"""Metrics of logits: equal to scikit-learn's, and no number where the input makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor  # noqa: E402
from micrograd.nn import accuracy  # noqa: E402
from micrograd.nn.metrics.ranking import TopKAccuracy  # noqa: E402
from micrograd.nn.metrics.reports import F1, Precision, Recall, confusion_matrix  # noqa: E402

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(60, 4))
LABELS = RNG.integers(0, 3, size=60)  # class 3 never occurs


def test_accuracy_of_logits_and_of_scores() -> None:
    right = (LOGITS.argmax(axis=1) == LABELS).mean()
    assert accuracy(LOGITS, LABELS) == accuracy(Tensor(LOGITS), LABELS) == right
    images = LOGITS.reshape(15, 2, 2, 4).transpose(0, 3, 1, 2)
    assert accuracy(images, LABELS.reshape(15, 2, 2)) == right
    scores = np.array([0.5, -1.0, 2.0, -0.1])
    assert (
        accuracy(scores, np.array([1, 0, 0, 0])) == accuracy(scores[:, None], np.array([[1], [-1], [-1], [-1]])) == 0.75
    )


@pytest.mark.parametrize(
    ("scores", "labels", "message"),
    [
        (LOGITS, LABELS[:, None], r"shapes \(60, 4\) and \(60, 1\)"),
        (LOGITS[:, :1], LABELS, r"y\[:, None\]"),
        (LOGITS[:0], LABELS[:0], "shapes"),
        (LOGITS[:, 0], LABELS, r"labels in \{-1, \+1\}"),
    ],
)
def test_accuracy_refuses_what_does_not_fit(scores: Any, labels: Any, message: str) -> None:
    with pytest.raises(MicrogradValueError, match=message):
        accuracy(scores, labels)


def test_top_k_is_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    for k in (1, 2, 3):
        expected = metrics.top_k_accuracy_score(LABELS, LOGITS, k=k, labels=range(4))
        assert TopKAccuracy(k)(LOGITS, LABELS) == pytest.approx(expected)
    assert TopKAccuracy(4)(LOGITS, LABELS) == 1.0
    assert TopKAccuracy(2).__name__ == "top_2_accuracy"
    with pytest.raises(MicrogradValueError, match="Write a smaller k"):
        TopKAccuracy(5)(LOGITS, LABELS)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_reports_are_scikit_learns(average: str) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    guesses = LOGITS.argmax(axis=1)
    for ours, theirs in ((Precision, "precision_score"), (Recall, "recall_score"), (F1, "f1_score")):
        expected = getattr(metrics, theirs)(LABELS, guesses, average=average, zero_division=0.0)
        assert ours(average)(Tensor(LOGITS), LABELS) == pytest.approx(expected)
        assert ours().__name__ == theirs.removesuffix("_score")
    matrix = confusion_matrix(LOGITS, LABELS)
    assert matrix.shape == (4, 4) and matrix.sum() == 60 and not matrix[3].any()
    assert np.trace(matrix) / 60 == accuracy(LOGITS, LABELS)


def test_wrong_calls() -> None:
    with pytest.raises(MicrogradValueError, match="average='binary' is"):
        Precision("binary")
    for labels in (LABELS - 1, LABELS + 2, LABELS.astype(float)):
        with pytest.raises(MicrogradValueError, match="integers from 0"):
            confusion_matrix(LOGITS, labels)
    with pytest.raises(MicrogradValueError, match=r"shapes \(60, 1\)"):
        F1()(LOGITS[:, :1], LABELS)


def test_ignored_labels_do_not_count() -> None:
    assert accuracy(np.eye(3), np.array([0, 2, -100])) == 0.5
    assert np.isnan(accuracy(np.eye(2), np.array([-100, -100])))


def test_texts_are_no_labels() -> None:
    with pytest.raises(MicrogradTypeError, match="return_inverse=True"):
        accuracy(np.eye(2), np.array(["a", "b"]))
