"""The statistics that standardise data: one mean and one scale per feature, fitted on the training set alone.

What it leaves out: any other kind of scaling (min-max, whitening); scikit-learn's preprocessing has those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from micrograd.datasets.errors import ScalingError, ShapeError
from micrograd.datasets.validation import FloatArray, feature_matrix


@final
@dataclass(frozen=True, eq=False)
class Scaling:
    """z = (x - mean) / scale, feature by feature.

    `mean` and `scale` have shape (d,). `Dataset.standardize` leaves one behind as `.scaling`, so that samples
    measured later can be brought to the same scale.

    >>> from micrograd.datasets import Dataset
    >>> data = Dataset([[1.0, 5.0], [3.0, 5.0]], [0, 1]).standardize()
    >>> data.scaling.apply([[2.0, 5.0], [4.0, 6.0]]).tolist()
    [[0.0, 0.0], [2.0, 1.0]]
    >>> data.scaling.undo([[2.0, 1.0]]).tolist()
    [[4.0, 6.0]]
    """

    mean: FloatArray
    scale: FloatArray

    def __post_init__(self) -> None:
        for field in ("mean", "scale"):
            array = np.array(getattr(self, field), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    @classmethod
    def fit(cls, X: ArrayLike) -> Scaling:
        """Mean and population standard deviation (divisor n) of each column of X, shape (n, d).

        A constant feature has no spread to divide by: its scale is 1, so it becomes 0 and never nan.
        """
        matrix = feature_matrix(X)
        constant = matrix.min(axis=0) == matrix.max(axis=0)
        with np.errstate(over="ignore", invalid="ignore"):
            # A constant column's own value, because its rounded mean need not be equal to it.
            mean = np.where(constant, matrix[0], matrix.mean(axis=0))
            spread = _spread(matrix - mean)
            # Not only where constant: the spread of the smallest floats rounds to zero.
            scale = np.where(constant | (spread == 0), 1.0, spread)
        if not (np.isfinite(mean).all() and np.isfinite(scale).all()):
            raise ScalingError(
                "the features are too large to be standardised: their mean or spread overflows.",
                "float64 ends near 1.8e308.",
                "divide the large columns first: Dataset(X / 1e200, y).",
            )
        return cls(mean, scale)

    def apply(self, X: ArrayLike) -> FloatArray:
        """Raw samples, shape (n, d) -> standardised samples, shape (n, d)."""
        return (self._matching(X) - self.mean) / self.scale

    def undo(self, X: ArrayLike) -> FloatArray:
        """Standardised samples, shape (n, d) -> raw samples, shape (n, d)."""
        return self._matching(X) * self.scale + self.mean

    def then(self, later: Scaling) -> Scaling:
        """The one scaling that does what this and then `later` would do."""
        return Scaling(self.mean + self.scale * later.mean, self.scale * later.scale)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scaling):
            return NotImplemented
        return np.array_equal(self.mean, other.mean) and np.array_equal(self.scale, other.scale)

    def __hash__(self) -> int:
        return hash((tuple(self.mean.tolist()), tuple(self.scale.tolist())))

    def __reduce__(self) -> tuple[type[Scaling], tuple[FloatArray, FloatArray]]:
        # Through __init__ again, because pickled and deep-copied arrays come back writable.
        return Scaling, (self.mean, self.scale)

    def _matching(self, X: ArrayLike) -> FloatArray:
        matrix = feature_matrix(X)
        if matrix.shape[1] != len(self.mean):
            raise ShapeError(
                f"X has {matrix.shape[1]} features, but this scaling was fitted on {len(self.mean)}.",
                "each feature has its own mean and scale.",
                "pass the same columns, in the same order, as in the training set.",
            )
        return matrix


def _spread(centred: FloatArray) -> FloatArray:
    """Standard deviation of columns whose mean is 0, immune to squares that overflow or vanish."""
    peak = np.abs(centred).max(axis=0)
    peak = np.where(peak == 0, 1.0, peak)
    return np.asarray(peak * np.sqrt(np.mean((centred / peak) ** 2, axis=0)))
