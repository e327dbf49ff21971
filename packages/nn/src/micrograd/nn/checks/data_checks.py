"""Problems of the data: numbers that aren't there, scales that don't match, columns and targets that teach nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from micrograd.nn.checks.report import Problem
from micrograd.nn.checks.setup import Setup

_FAR, _UNEVEN = 30.0, 1000.0
_ENOUGH = 8  # rows, from which on what they have in common is no chance
_MOST_COLUMNS = 100  # that are compared with each other


def counts(setup: Setup) -> Iterator[Problem]:
    """Not as many targets as rows."""
    if len(setup.X) != len(setup.y):
        yield Problem(
            "rows without targets",
            "X and y",
            f"X has {len(setup.X)} rows and y {len(setup.y)} targets",
            "what is compared then belongs to different samples, if it can be compared at all",
            "find out which of the two was cut or transposed: print(X.shape, y.shape)",
        )


def bad_numbers(setup: Setup) -> Iterator[Problem]:
    """Nan and infinities among inputs and targets."""
    for name, data in (("X", setup.X), ("y", setup.y)):
        if data.dtype.kind == "f" and not np.isfinite(data).all():
            index = tuple(int(i) for i in np.argwhere(~np.isfinite(data))[0])
            count = int((~np.isfinite(data)).sum())
            yield Problem(
                "nan or inf in the data",
                f"{name}{list(index)}",
                f"{count} of {data.size} numbers of {name} aren't finite; the first is {data[index]}",
                "one nan among the inputs makes the loss nan, and after a single step every parameter with it",
                f"rows = np.isfinite({name}).reshape(len({name}), -1).all(axis=1); X, y = X[rows], y[rows]",
            )


def unscaled_inputs(setup: Setup) -> Iterator[Problem]:
    """Features far from 0, or of very different sizes."""
    X = setup.X
    if not _is_of_features(setup):
        return
    columns = X if X.ndim == 2 else X.reshape(-1, 1)
    sizes = np.sqrt((columns**2).mean(axis=0))
    moving = np.where(columns.std(axis=0) > 0, sizes, np.nan)
    if np.isnan(moving).all() or not (_largest(moving) > _FAR or _largest(moving) > _UNEVEN * np.nanmin(moving)):
        return
    worst = int(np.nanargmax(moving))
    yield Problem(
        "unscaled inputs",
        f"X[:, {worst}]" if X.ndim == 2 else "X",
        f"numbers of a size of {sizes[worst]:.3g}, where the smallest feature has {np.nanmin(moving):.3g}",
        "the gradient of a weight is as large as its input: one learning rate is then too high for one feature and "
        "too low for another, and tanh and sigmoid saturate at once",
        "X = (X - X.mean(axis=0)) / X.std(axis=0), with mean and std of the training set for the test set too",
    )


def _largest(sizes: np.ndarray) -> float:
    return float(np.nanmax(sizes))


def _is_of_features(setup: Setup) -> bool:
    """Whether the inputs are real numbers, several rows of them, and all there."""
    X = setup.X
    is_real = X.dtype.kind == "f" or (setup.is_scalar and X.dtype.kind in "iu")
    return is_real and X.ndim >= 2 and X.size > 0 and len(X) > 1 and bool(np.isfinite(X).all())


def useless_columns(setup: Setup) -> Iterator[Problem]:
    """Features that are the same for all rows, or the same as another one."""
    X = setup.X
    if X.ndim != 2 or len(X) < _ENOUGH or not _is_of_features(setup):
        return
    # What is rare may be missing from a batch: there it is 0, or, standardised, between -1 and 1.
    still = [int(k) for k in np.flatnonzero(np.ptp(X, axis=0) == 0) if abs(X[0, k]) > 1]
    if still:
        yield Problem(
            "constant feature",
            ", ".join(f"X[:, {k}]" for k in still[:4]),
            f"it is {X[0, still[0]]:.4g} in all {len(X)} rows",
            "it tells no row from another, and acts as a second bias; often it is an index or a column read wrongly",
            f"X = np.delete(X, {still}, axis=1), or look at where the column comes from",
        )
    yield from _duplicates(X)


def _duplicates(X: np.ndarray) -> Iterator[Problem]:
    telling = [k for k in range(X.shape[1]) if _is_telling(X[:, k])][:_MOST_COLUMNS]
    pairs = [(a, b) for a, b in combinations(telling, 2) if (X[:, a] == X[:, b]).all()]
    if pairs:
        yield Problem(
            "duplicate feature",
            ", ".join(f"X[:, {a}] and X[:, {b}]" for a, b in pairs[:3]),
            f"they are equal in all {len(X)} rows",
            "two weights share what is one feature's: its effect on the net is doubled, and no weight can be read",
            f"X = np.delete(X, {pairs[0][1]}, axis=1)",
        )


def _is_telling(column: np.ndarray) -> bool:
    """Whether no single number fills more than half of a column."""
    return bool(np.unique(column, return_counts=True)[1].max() <= len(column) / 2)


def one_label(setup: Setup) -> Iterator[Problem]:
    """A batch whose targets are all the same."""
    y = setup.y
    if len(y) >= _ENOUGH and y.size == len(y) and (y == y.reshape(-1)[0]).all():
        yield Problem(
            "one target for all",
            "y",
            f"all {len(y)} targets of the batch are {y.reshape(-1)[0]}",
            "a constant answer is right for this batch, and that is what the step teaches; mostly the data is sorted "
            "by class and not shuffled",
            "order = np.random.default_rng(0).permutation(len(X)); X, y = X[order], y[order]",
        )


FAMILY = (counts, bad_numbers, unscaled_inputs, useless_columns, one_label)
