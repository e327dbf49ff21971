"""The arithmetic of cutting n samples in two, and the reasons for which a cut is refused."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micrograd.datasets.errors import ArgumentTypeError, ArgumentValueError, SplitError
from micrograd.datasets.validation import whole_number


def partition_sizes(n_samples: int, test_size: object) -> tuple[int, int]:
    """`(10, 0.25) -> (7, 3)`; `(10, 4) -> (6, 4)`."""
    n_test = _test_count(n_samples, test_size)
    if n_test >= n_samples:
        raise SplitError(
            f"test_size={test_size} takes {n_test} of {n_samples} samples and leaves none to train on.",
            "both parts need at least one sample.",
            "data.split(test_size=0.2), or gather more samples.",
        )
    return n_samples - n_test, n_test


def _test_count(n_samples: int, test_size: object) -> int:
    if isinstance(test_size, bool) or not isinstance(test_size, Real):
        raise ArgumentTypeError(
            f"test_size is {test_size!r:.60}; it must be a fraction (float) or a number of samples (int).",
            "it says how much is set aside for the test.",
            "data.split(test_size=0.2) or data.split(test_size=30).",
        )
    if isinstance(test_size, Integral):
        return whole_number(test_size, "test_size", least=1)
    fraction = float(test_size)
    if not 0 < fraction < 1:
        raise ArgumentValueError(
            f"test_size is {fraction}; as a float it must lie between 0 and 1.",
            "a float is the fraction of the samples that go to the test set, an int is their number.",
            "data.split(test_size=0.2) or data.split(test_size=30).",
        )
    return math.ceil(fraction * n_samples)


def require_stratifiable(y: NDArray[Any], n_train: int, n_test: int) -> None:
    """Each class needs a sample for either part, and each part room for every class."""
    classes, counts = np.unique(y, return_counts=True)
    rare = classes[counts < 2]
    if len(rare):
        raise SplitError(
            f"{len(rare)} class(es) have a single sample: {rare[:5].tolist()}.",
            "a stratified split puts samples of every class into both parts.",
            "gather more of them, drop them with data.take(...), or data.split(..., stratify=False); "
            "if y is a measured quantity and not a class, Dataset(X, y.astype(float)).",
        )
    if min(n_train, n_test) < len(classes):
        small, part = min((n_test, "test"), (n_train, "train"))
        raise SplitError(
            f"the {part} part would have {small} sample(s) for {len(classes)} classes.",
            "a stratified split needs room for every class in both parts.",
            f"data.split(test_size={len(classes)}), more samples, or data.split(..., stratify=False).",
        )
