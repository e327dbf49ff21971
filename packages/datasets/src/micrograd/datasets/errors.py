"""Every error that this distribution raises on purpose.

Each derives from `DatasetError` and from the built-in that a caller would expect, and each says what
happened, why, and how to mend it::

    DatasetError(Exception)
    ├── ArgumentTypeError(TypeError)       an argument of the wrong type: n_samples=1.5
    ├── ArgumentValueError(ValueError)     an argument out of its range: noise=-1
    ├── NotNumericError(TypeError)         X or y holds something other than real numbers
    ├── NonFiniteError(ValueError)         X or y holds NaN or infinity
    ├── ShapeError(ValueError)             X is not (n, d), y not (n,), or their lengths differ
    ├── EmptyDatasetError(ValueError)      no samples, or no features
    ├── NamesError(ValueError)             feature or target names do not fit the data
    ├── LabelError(ValueError)             class labels that are out of range, or no class labels at all
    │   └── NotBinaryError                 -1/+1 asked of labels that are not binary
    ├── RowIndexError(IndexError)          .take() was given rows that are not there
    ├── SplitError(ValueError)             a split would leave a part, or a class in it, empty
    ├── ScalingError(ValueError)           the data sets cannot be standardised together
    └── CSVError(ValueError)               a file that read_csv cannot read
        ├── CSVNotFoundError(FileNotFoundError)
        ├── CSVEncodingError               the bytes are not text in that encoding
        ├── CSVHeaderError                 no header, or nameless or repeated columns
        ├── UnknownColumnError(LookupError)
        ├── CSVRowError                    a record that breaks the table; has .line
        └── CSVCellError                   one bad cell; has .line and .column
            ├── MissingCellError           it is empty
            ├── MixedColumnError           a text among numbers, a number among texts, or 1,000 and 5%
            └── TooManyCategoriesError     a text column that looks like free text or identifiers

What is left out: the base class of `micrograd.engine`. This distribution installs and works without the
engine, so it cannot derive from the engine's `MicrogradError`; catch `DatasetError` for what goes wrong with
data.
"""

from __future__ import annotations


class DatasetError(Exception):
    """Base of the tree above: `DatasetError(what, why, fix)` -> one message of up to three lines.

    Example:
        >>> from micrograd.datasets import moons
        >>> try:
        ...     moons(100, noise=-1)
        ... except DatasetError as error:
        ...     print(type(error).__name__)
        ArgumentValueError
    """

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        lines = [what, why and f"Why: {why}", fix and f"Fix: {fix}"]
        super().__init__("\n  ".join(line for line in lines if line))


class ArgumentTypeError(DatasetError, TypeError):
    """An argument has the wrong type.

    Example:
        >>> from micrograd.datasets import moons
        >>> moons(1.5)
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.ArgumentTypeError: n_samples is 1.5, of type float; it must be an int...
    """


class ArgumentValueError(DatasetError, ValueError):
    """An argument has the right type and a value outside its range.

    Example:
        >>> from micrograd.datasets import moons
        >>> moons(100, noise=-1)
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.ArgumentValueError: noise is -1.0; it must be a finite number, at least 0...
    """


class NotNumericError(DatasetError, TypeError):
    """An array holds something other than real numbers.

    Example:
        >>> from micrograd.datasets import Dataset
        >>> Dataset([["a"]], [1])
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.NotNumericError: X does not hold real numbers: its dtype is <U1, for instance 'a'...
    """


class NonFiniteError(DatasetError, ValueError):
    """An array holds NaN or infinity.

    Example:
        >>> from micrograd.datasets import Dataset
        >>> Dataset([[float("nan")]], [1])
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.NonFiniteError: X[0, 0] is nan; 1 such value(s) in all...
    """


class ShapeError(DatasetError, ValueError):
    """An array has the wrong number of dimensions or the wrong length.

    Example:
        >>> from micrograd.datasets import Dataset
        >>> Dataset([[1.0], [2.0]], [1])
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.ShapeError: X has 2 samples but y has 1 targets...
    """


class EmptyDatasetError(DatasetError, ValueError):
    """There are no samples, or they have no features.

    Example:
        >>> from micrograd.datasets import Dataset
        >>> Dataset([], [])
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.EmptyDatasetError: X is empty: its shape is (0,)...
    """


class NamesError(DatasetError, ValueError):
    """Feature or target names are too few, too many or repeated.

    Example:
        >>> from micrograd.datasets import Dataset
        >>> Dataset([[1.0, 2.0]], [0], feature_names=["a", "a"])
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.NamesError: feature_names repeats 'a'...
    """


class LabelError(DatasetError, ValueError):
    """Class labels are out of range, or were asked of real targets.

    Example:
        >>> from micrograd.datasets import linear
        >>> linear(5).signed_labels
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.LabelError: 'linear' has real targets and so no signed_labels...
    """


class NotBinaryError(LabelError):
    """Labels in {-1, +1} were asked of labels that are not binary.

    Example:
        >>> from micrograd.datasets import iris
        >>> iris().signed_labels
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.NotBinaryError: 'iris' has labels [0, 1, 2]; they must be 0/1 (or -1/+1)...
    """


class RowIndexError(DatasetError, IndexError):
    """Rows were asked for that the data set does not have.

    Example:
        >>> from micrograd.datasets import moons
        >>> moons(10).take([99])
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.RowIndexError: cannot take these rows of 10: index 99 is out of bounds...
    """


class SplitError(DatasetError, ValueError):
    """A split would leave one of its parts, or a class, without samples.

    Example:
        >>> from micrograd.datasets import moons
        >>> moons(4).split(test_size=0.9)
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.SplitError: test_size=0.9 takes 4 of 4 samples and leaves none to train on...
    """


class ScalingError(DatasetError, ValueError):
    """Data sets cannot be standardised together, or their numbers are too large to be.

    Example:
        >>> from micrograd.datasets import iris, moons
        >>> moons(4).standardize(iris())
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.ScalingError: different features: x0, x1 here, sepal length (cm)...
    """


class CSVError(DatasetError, ValueError):
    r"""A file cannot be read as a table.

    `line` counts from 1, the header included; `line` and `column` are None where they do not apply.

    Example:
        >>> from micrograd.datasets import read_csv
        >>> from pathlib import Path
        >>> _ = Path("flats.csv").write_text("area,rent\n50,700\n,820\n")
        >>> try:
        ...     read_csv("flats.csv", target="rent")
        ... except CSVError as error:
        ...     print(error.line, error.column)
        3 area
    """

    def __init__(
        self, what: str, why: str = "", fix: str = "", *, line: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(what, why, fix)
        self.line = line
        self.column = column


class CSVNotFoundError(CSVError, FileNotFoundError):
    """There is no such file.

    Example:
        >>> from micrograd.datasets import read_csv
        >>> read_csv("nowhere.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.CSVNotFoundError: there is no file 'nowhere.csv'...
    """


class CSVEncodingError(CSVError):
    r"""The bytes of the file are not text in the encoding that was asked for.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> _ = Path("flats.csv").write_bytes(b"area,rent\n\xff,1\n")
        >>> read_csv("flats.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.CSVEncodingError: flats.csv, line 2: byte 0xff is not text in utf-8-sig...
    """


class CSVHeaderError(CSVError):
    r"""The first record is not a header of distinct names.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> _ = Path("flats.csv").write_text("rent,rent\n1,2\n")
        >>> read_csv("flats.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.CSVHeaderError: flats.csv: columns 1 and 2 are both called 'rent'...
    """


class UnknownColumnError(CSVError, LookupError):
    r"""A column was named that the file does not have.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> _ = Path("flats.csv").write_text("area,rent\n50,700\n")
        >>> read_csv("flats.csv", target="price")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.UnknownColumnError: flats.csv has no column 'price' (asked for by target=)...
    """


class CSVRowError(CSVError):
    r"""A record has too few or too many fields, or its quotes are broken; see `.line`.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> _ = Path("flats.csv").write_text("area,rent\n50,700,1\n")
        >>> read_csv("flats.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.CSVRowError: flats.csv, line 2 has 3 field(s); the header names 2 columns...
    """


class CSVCellError(CSVError):
    r"""One cell cannot be used; see `.line` and `.column`.

    Example:
        >>> from micrograd.datasets import read_csv
        >>> from pathlib import Path
        >>> _ = Path("flats.csv").write_text("area,rent\n50,700\n,820\n")
        >>> try:
        ...     read_csv("flats.csv", target="rent")
        ... except CSVCellError as error:
        ...     print(type(error).__name__, error.line, error.column)
        MissingCellError 3 area
    """


class MissingCellError(CSVCellError):
    r"""A cell is empty.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> _ = Path("flats.csv").write_text("area,rent\n50,700\n,820\n")
        >>> read_csv("flats.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.MissingCellError: flats.csv, line 3, column 'area': the value is missing ('')...
    """


class MixedColumnError(CSVCellError):
    r"""A column mixes numbers and texts, or holds numbers in a notation of their own, such as `1,000` or `5%`.

    `.line` is that of the first cell of the rarer kind.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> _ = Path("flats.csv").write_text("area,rent\n50,700\n60,820\nx,900\n")
        >>> read_csv("flats.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.MixedColumnError: flats.csv, line 4, column 'area': 'x' is not a finite number...
    """


class TooManyCategoriesError(CSVCellError):
    r"""A text column has so many distinct values that it is hardly a category.

    Example:
        >>> from pathlib import Path
        >>> from micrograd.datasets import read_csv
        >>> rows = "".join(f"name{i},{i}\n" for i in range(60))
        >>> _ = Path("flats.csv").write_text("owner,rent\n" + rows)
        >>> read_csv("flats.csv", target="rent")
        Traceback (most recent call last):
            ...
        micrograd.datasets.errors.TooManyCategoriesError: flats.csv, column 'owner' holds 60 texts, such as 'name0'...
    """
