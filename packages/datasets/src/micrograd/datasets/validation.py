"""Checks at the door: what comes in from a caller becomes a clean array, tuple or number, or a typed error.

`feature_matrix([[1, 2]])` -> read-only float64 array of shape (1, 2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micrograd.datasets.errors import (
    ArgumentTypeError,
    ArgumentValueError,
    EmptyDatasetError,
    LabelError,
    NamesError,
    NonFiniteError,
    NotNumericError,
    ShapeError,
)

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]

# The seeds that NumPy's RandomState, and with it every scikit-learn generator, accepts.
LARGEST_SEED = 2**32 - 1


def feature_matrix(X: ArrayLike) -> FloatArray:
    """Samples as a read-only float64 copy of shape (n, d)."""
    matrix = _real_array(X, "X")
    if matrix.size == 0:
        raise EmptyDatasetError(
            f"X is empty: its shape is {matrix.shape}.",
            "a data set needs at least one sample with one feature.",
            "check the filter or the file that X came from: Dataset([[0.5, 1.0]], [0]) is the smallest kind.",
        )
    if matrix.ndim != 2:
        raise ShapeError(
            f"X has {matrix.ndim} dimension(s), of shape {matrix.shape}; it must have two.",
            "X is a table: one row per sample, one column per feature.",
            "X.reshape(-1, 1) if each number is a sample, X.reshape(1, -1) if all of them are one sample, "
            "X.reshape(len(X), -1) for images.",
        )
    return _frozen_copy(matrix, np.float64, "X")


def target_vector(y: ArrayLike, n_samples: int) -> FloatArray | IntArray:
    """Targets as a read-only copy, shape (n,): int64 class labels from integers or booleans, else float64."""
    vector = _real_array(y, "y")
    if vector.ndim != 1:
        raise ShapeError(
            f"y has {vector.ndim} dimension(s), of shape {vector.shape}; it must have one.",
            "y holds one target per sample; a column of shape (n, 1) would broadcast to (n, n) in a loss.",
            "Dataset(X, y.ravel()) for a column; y.argmax(axis=1) for one-hot labels.",
        )
    if len(vector) != n_samples:
        raise ShapeError(
            f"X has {n_samples} samples but y has {len(vector)} targets.",
            "every sample needs exactly one target.",
            "apply the same filter to both: Dataset(X[keep], y[keep]).",
        )
    if vector.dtype.kind == "u" and vector.size and vector.max() > np.iinfo(np.int64).max:
        raise LabelError(
            f"the label {vector.max()} is too large.",
            "labels are int64, which ends near 9.2e18.",
            "classes, y = np.unique(labels, return_inverse=True) renumbers any labels from 0.",
        )
    return _frozen_copy(vector, np.float64 if vector.dtype.kind == "f" else np.int64, "y")


def _real_array(values: ArrayLike, what: str) -> NDArray[Any]:
    """`values` as an array of booleans, integers or floats."""
    _refuse_masked(values, what)
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(
            f"{what} is ragged: its rows have different lengths.",
            "an array needs the same number of entries in every row.",
            f"pad or cut the rows to one length: [len(row) for row in {what}] shows which differ.",
        ) from error
    if array.dtype.kind not in "biuf":
        raise _not_numeric(array, what)
    return array


def _refuse_masked(values: object, what: str) -> None:
    """NumPy would drop the mask without a word and use the hidden numbers."""
    if np.ma.is_masked(values):
        raise NonFiniteError(
            f"{what} is a masked array with masked entries.",
            "a masked entry is a missing value, and a data set holds complete samples only.",
            f"drop those samples, or fill them in: {what}.filled({what}.mean()).",
        )


def _not_numeric(array: NDArray[Any], what: str) -> NotNumericError:
    fixes = {
        "X": "encode text columns as numbers (read_csv does), or np.asarray(X, dtype=np.float64); "
        "for a SciPy sparse matrix X.toarray(); for complex numbers np.hstack([X.real, X.imag]).",
        "y": "for text labels: names, y = np.unique(labels, return_inverse=True); Dataset(X, y, target_names=names).",
    }
    example = f", for instance {array.ravel().tolist()[0]!r:.60}" if array.size else ""
    return NotNumericError(
        f"{what} does not hold real numbers: its dtype is {array.dtype}{example}.",
        "gradients are taken of real numbers.",
        fixes[what],
    )


def _frozen_copy(array: NDArray[Any], dtype: type[Any], what: str) -> NDArray[Any]:
    """A read-only copy, so that no later write by the caller can change a data set."""
    # A value that the narrower type cannot hold becomes inf, which the next check names.
    with np.errstate(over="ignore"):
        copy = array.astype(dtype)
    bad = np.argwhere(~np.isfinite(copy))
    if len(bad):
        where = tuple(int(index) for index in bad[0])
        raise NonFiniteError(
            f"{what}[{', '.join(map(str, where))}] is {float(copy[where])}; {len(bad)} such value(s) in all.",
            "NaN and infinity spread through every sum and turn the loss into nan.",
            f"keep complete samples: keep = np.isfinite({what}){'.all(axis=1)' if copy.ndim == 2 else ''}; "
            "Dataset(X[keep], y[keep]).",
        )
    copy.setflags(write=False)
    return copy


def feature_names(names: Iterable[str], n_features: int, columns: Iterable[object] = ()) -> tuple[str, ...]:
    """Distinct names, one per column of X; where none are given, its own `columns`, or `x0, x1, ...`."""
    given = name_tuple(names, "feature_names") or name_tuple(map(str, columns), "the data frame's columns")
    given = given or tuple(f"x{i}" for i in range(n_features))
    if len(given) != n_features:
        raise NamesError(
            f"{len(given)} feature names were given for {n_features} features.",
            "every column of X has one name.",
            f"pass {n_features} names, or leave feature_names out to get x0, x1, ...",
        )
    return given


def target_names(names: Iterable[str], y: FloatArray | IntArray) -> tuple[str, ...]:
    """Names of the classes 0, 1, ...; for real targets the name of the quantity; () where none are given."""
    given = name_tuple(names, "target_names")
    if y.dtype.kind == "f" and len(given) > 1:
        raise NamesError(
            f"{len(given)} target names were given, but y holds real numbers (dtype float64).",
            "real targets are one quantity with at most one name; only integer labels have a name per class.",
            "Dataset(X, y.astype(int), target_names=...) if these are class labels.",
        )
    if y.dtype.kind == "i" and given and (y.min() < 0 or y.max() >= len(given)):
        raise LabelError(
            f"the labels run from {y.min()} to {y.max()}, but {len(given)} target names were given.",
            "label i is called target_names[i], so labels must lie in 0 .. len(target_names) - 1.",
            "classes, y = np.unique(labels, return_inverse=True) renumbers any labels from 0.",
        )
    return given


def name_tuple(names: Iterable[str], argument: str) -> tuple[str, ...]:
    """`["a", "b"]` -> `("a", "b")`: distinct strings, and not one string by mistake."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ArgumentTypeError(
            f"{argument} is {names!r:.60}; it must be a sequence of names.",
            "a single string would be taken for a sequence of letters.",
            f"{argument}=[{names!r:.60}]",
        )
    given = tuple(str(name) for name in names)
    repeated = sorted({name for name in given if given.count(name) > 1})
    if repeated:
        raise NamesError(
            f"{argument} repeats {', '.join(map(repr, repeated[:5]))}.",
            "a name that stands for two things finds neither.",
            "give each its own name.",
        )
    return given


def whole_number(
    value: object, argument: str, *, least: int, most: float = math.inf, why: str = "it counts something."
) -> int:
    """`value` as an int in `least .. most`; NumPy integers are taken, booleans and floats are not."""
    fix = f"{argument}={least}, say."
    if isinstance(value, bool) or not isinstance(value, Integral):
        kind = type(value).__name__
        raise ArgumentTypeError(f"{argument} is {value!r:.60}, of type {kind}; it must be an int.", why, fix)
    number = int(value)
    if not least <= number <= most:
        wanted = f"at least {least}" if most == math.inf else f"in {least} .. {most:.0f}"
        raise ArgumentValueError(f"{argument} is {number}; it must be {wanted}.", why, fix)
    return number


def real_number(value: object, argument: str, *, least: float = -math.inf, why: str) -> float:
    """`value` as a finite float, at least `least`."""
    fix = f"{argument}=0.1, say."
    if isinstance(value, bool) or not isinstance(value, Real):
        kind = type(value).__name__
        raise ArgumentTypeError(f"{argument} is {value!r:.60}, of type {kind}; it must be a number.", why, fix)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and number >= least):
        wanted = "a finite number" + ("" if least == -math.inf else f", at least {least:g}")
        raise ArgumentValueError(f"{argument} is {number}; it must be {wanted}.", why, fix)
    return number


def seed_number(seed: object) -> int:
    """A seed: every generator here has one, so that a run can be repeated."""
    why = "it starts the random numbers, so that a run can be repeated."
    return whole_number(seed, "seed", least=0, most=LARGEST_SEED, why=why)
