"""`Dataset`: samples, targets and their names as one frozen record, with the steps that come before training.

What it leaves out: anything that does not fit in memory, images and text as such, and multi-output targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, final, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micrograd.datasets.batching import Batches
from micrograd.datasets.errors import (
    ArgumentTypeError,
    LabelError,
    NotBinaryError,
    RowIndexError,
    ScalingError,
)
from micrograd.datasets.partition import partition_sizes, require_stratifiable
from micrograd.datasets.scaling import Scaling
from micrograd.datasets.summary import listed, shortened, summary_line
from micrograd.datasets.validation import (
    FloatArray,
    IntArray,
    feature_matrix,
    feature_names,
    seed_number,
    target_names,
    target_vector,
)


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class Dataset:
    """n samples of d features, each with one target.

    - `X`: float64, shape (n, d). `y`: shape (n,); integers (or booleans) are class labels and become int64,
      floats are real targets and stay so: the dtype of y decides between classification and regression.
    - `feature_names`: d names (if not given, those of a data frame's columns, or `x0, x1, ...`).
      `target_names`: the name of class i at position i; for real targets one name; may be ().
    - `name` and `description` (with the source) are for people. `scaling`: see `standardize`.

    The arrays are copied in and read-only, so nothing that happens outside can change a data set. `len(data)`
    counts the samples; unpacking gives the pair, as scikit-learn's loaders do:

    >>> data = Dataset([[0.0, 1.0], [2.0, 3.0]], [0, 1], target_names=["no", "yes"], name="tiny")
    >>> data
    <Dataset 'tiny': 2 samples, 2 features, 2 classes: no (1), yes (1)>
    >>> X, y = data
    >>> X.shape, y.tolist()
    ((2, 2), [0, 1])

    Raises ShapeError, EmptyDatasetError, NotNumericError, NonFiniteError, NamesError or LabelError for what
    cannot be a data set.
    """

    X: FloatArray
    y: NDArray[Any]
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    description: str
    name: str
    scaling: Scaling | None

    def __init__(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        feature_names: Iterable[str] = (),
        target_names: Iterable[str] = (),
        description: str = "",
        name: str = "data",
        scaling: Scaling | None = None,
    ) -> None:
        checked = _checked(X, y, feature_names, target_names)
        for field, value in {
            **checked,
            "description": str(description),
            "name": str(name),
            "scaling": scaling,
        }.items():
            object.__setattr__(self, field, value)

    @property
    def task(self) -> Literal["classification", "regression"]:
        """What y is for: labels of classes, or real targets."""
        return "classification" if self.y.dtype.kind == "i" else "regression"

    @property
    def n_features(self) -> int:
        """d, the number of columns of X."""
        return int(self.X.shape[1])

    @property
    def n_classes(self) -> int:
        """Number of classes: of the target names, or where there are none, of the distinct labels.

        Raises LabelError for real targets.
        """
        if self.task == "regression":
            raise _no_labels("n_classes", self.name)
        return len(self.target_names) or len(np.unique(self.y))

    @property
    def signed_labels(self) -> IntArray:
        """Labels 0/1 as -1/+1, shape (n,): what a max-margin (hinge) loss wants.

        Raises NotBinaryError if there are other labels, LabelError for real targets.

        >>> Dataset([[0.1], [0.2], [0.3]], [0, 1, 1]).signed_labels.tolist()
        [-1, 1, 1]
        """
        if self.task == "regression":
            raise _no_labels("signed_labels", self.name)
        labels = set(np.unique(self.y).tolist())
        if not (labels <= {0, 1} or labels <= {-1, 1}):
            raise NotBinaryError(
                f"{shortened(self.name, 40)!r} has labels {sorted(labels)[:6]}; they must be 0/1 (or -1/+1).",
                "0 becomes -1 and 1 becomes +1, and no other label has a side.",
                "pick one class against the rest: Dataset(data.X, data.y == 2).signed_labels.",
            )
        return np.where(self.y == 1, 1, -1).astype(np.int64)

    def split(self, test_size: float | int = 0.2, seed: int = 0, *, stratify: bool = True) -> tuple[Dataset, Dataset]:
        """Shuffle and cut in two: (train, test).

        `test_size`: a fraction between 0 and 1 (rounded up to whole samples), or a number of samples as an
        int. Class labels are stratified: each class keeps its share in both parts (Kohavi, IJCAI 1995),
        unless `stratify=False`.

        Raises SplitError if a part would be empty or a class is too small to be stratified.

        >>> import numpy as np
        >>> data = Dataset(np.arange(10.0).reshape(-1, 1), [0] * 5 + [1] * 5)
        >>> train, test = data.split(test_size=0.4, seed=0)
        >>> len(train), len(test), test.y.sum().item()
        (6, 4, 2)
        """
        # Here, because scikit-learn takes many times longer to load than all the rest.
        from sklearn.model_selection import train_test_split

        n_train, n_test = partition_sizes(len(self), test_size)
        stratified = stratify and self.task == "classification"
        if stratified:
            require_stratifiable(self.y, n_train, n_test)
        rows = train_test_split(
            np.arange(len(self)),
            train_size=n_train,
            test_size=n_test,
            random_state=seed_number(seed),
            stratify=self.y if stratified else None,
        )
        return self.take(rows[0]), self.take(rows[1])

    @overload
    def standardize(self) -> Dataset: ...
    @overload
    def standardize(self, other: Dataset, /) -> tuple[Dataset, Dataset]: ...
    @overload
    def standardize(self, other: Dataset, /, *others: Dataset) -> tuple[Dataset, ...]: ...
    def standardize(self, *others: Dataset) -> Dataset | tuple[Dataset, ...]:
        """Bring this set to mean 0 and standard deviation 1, and the others along *by this set's statistics*.

        Split first, then call this on the training set, so that nothing about the test set leaks into
        training; both come back in one step, so that neither can be forgotten or scaled twice. Alone it
        returns one data set. The statistics stay as `.scaling`, for samples measured later. A constant
        feature becomes 0.

        Raises ScalingError if the sets have other features, or one of them was standardised before and
        another not.

        >>> data = Dataset([[1.0], [3.0], [5.0]], [0, 1, 1])
        >>> train, test = data.take([0, 1]), data.take([2])
        >>> train, test = train.standardize(test)
        >>> train.X.tolist(), test.X.tolist()
        ([[-1.0], [1.0]], [[3.0]])
        """
        for other in others:
            _require_alike(self, other)
        step = Scaling.fit(self.X)
        total = self.scaling.then(step) if self.scaling else step
        scaled = tuple(replace(part, X=step.apply(part.X), scaling=total) for part in (self, *others))
        return scaled if others else scaled[0]

    def batches(self, size: int, shuffle: bool = True, seed: int = 0) -> Batches:
        """Mini-batches `(X, y)` of `size` samples, the last one shorter if it does not come out even.

        `len()` of the result is the number of batches. Each `for` over the same result is one epoch in a new
        order (the same sequence of orders for the same seed); `shuffle=False` keeps the order of the data.
        The arrays are copies, yours to change.

        >>> import numpy as np
        >>> data = Dataset(np.arange(5.0).reshape(-1, 1), np.arange(5) % 2)
        >>> batches = data.batches(2, seed=0)
        >>> len(batches), [X.ravel().tolist() for X, y in batches]
        (3, [[2.0, 0.0], [1.0, 3.0], [4.0]])
        """
        return Batches(self.X, self.y, size, shuffle=shuffle, seed=seed)

    def take(self, rows: ArrayLike) -> Dataset:
        """The data set of these rows: indices, in that order, or one boolean per sample.

        Raises RowIndexError if a row is not there, EmptyDatasetError if none are asked for.

        >>> data = Dataset([[1.0], [2.0], [3.0]], [0, 1, 0])
        >>> data.take(data.y == 0).X.tolist()
        [[1.0], [3.0]]
        """
        index = np.atleast_1d(np.asarray(rows))
        try:
            # An empty list is an array of floats to NumPy, which cannot index.
            part = index if index.size else index.astype(np.int64)
            return replace(self, X=self.X[part], y=self.y[part])
        except IndexError as error:
            raise RowIndexError(
                f"cannot take these rows of {len(self)}: {error}.",
                "rows are whole numbers below len(data), or one boolean per sample.",
                "data.take([0, 1]) or data.take(data.y == 0).",
            ) from error

    def __len__(self) -> int:
        return len(self.X)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return iter((self.X, self.y))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return all(_same(getattr(self, field.name), getattr(other, field.name)) for field in fields(self))

    def __hash__(self) -> int:
        return hash((self.name, self.X.shape, self.feature_names, self.target_names))

    def __repr__(self) -> str:
        return summary_line(self.name, self.X, self.y, self.target_names)

    def __reduce__(self) -> tuple[Any, ...]:
        # Through __init__ again, because pickled and deep-copied arrays come back writable.
        return _rebuilt, ({field.name: getattr(self, field.name) for field in fields(self)},)


def _checked(
    X: ArrayLike, y: ArrayLike, features: Iterable[str], targets: Iterable[str]
) -> dict[str, FloatArray | IntArray | tuple[str, ...]]:
    matrix = feature_matrix(X)
    vector = target_vector(y, len(matrix))
    return {
        "X": matrix,
        "y": vector,
        "feature_names": feature_names(features, matrix.shape[1], getattr(X, "columns", ())),
        "target_names": target_names(targets, vector),
    }


def _rebuilt(state: dict[str, Any]) -> Dataset:
    return Dataset(**state)


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other


def _no_labels(what: str, name: str) -> LabelError:
    return LabelError(
        f"{shortened(name, 40)!r} has real targets and so no {what}.",
        "y is of floats, and floats are quantities to predict, not classes.",
        "Dataset(X, y.astype(int)) if they are class labels.",
    )


def _require_alike(train: Dataset, other: object) -> None:
    if not isinstance(other, Dataset):
        raise ArgumentTypeError(
            f"standardize was given {type(other).__name__}; it takes data sets.",
            "the names of the features are compared, and bare arrays have none.",
            "train, test = train.standardize(test); for bare arrays, train.scaling.apply(X).",
        )
    if train.feature_names != other.feature_names:
        raise ScalingError(
            f"different features: {listed(train.feature_names)} here, {listed(other.feature_names)} there.",
            "each feature is scaled by its own mean and spread in the training set.",
            "build both with the same columns in the same order; data.split() does.",
        )
    if train.scaling != other.scaling:
        raise ScalingError(
            "one of the data sets was standardised before and the other was not, or by other statistics.",
            "their numbers are on different scales, and another scaling on top would not make them agree.",
            "start from the raw sets and do both at once: train, test = train.standardize(test).",
        )
