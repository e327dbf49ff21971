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
            ├── MixedColumnError           a text among numbers, or a number among texts
            └── TooManyCategoriesError     a text column that looks like free text or identifiers

What is left out: the base class of `micrograd.engine`. This distribution installs and works without the
engine, so it cannot derive from the engine's `MicrogradError`; catch `DatasetError` for what goes wrong with
data.
"""

from __future__ import annotations


class DatasetError(Exception):
    """Base of the tree above: `DatasetError(what, why, fix)` -> one message of up to three lines."""

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        lines = [what, why and f"Why: {why}", fix and f"Fix: {fix}"]
        super().__init__("\n  ".join(line for line in lines if line))


class ArgumentTypeError(DatasetError, TypeError):
    """An argument has the wrong type."""


class ArgumentValueError(DatasetError, ValueError):
    """An argument has the right type and a value outside its range."""


class NotNumericError(DatasetError, TypeError):
    """An array holds something other than real numbers."""


class NonFiniteError(DatasetError, ValueError):
    """An array holds NaN or infinity."""


class ShapeError(DatasetError, ValueError):
    """An array has the wrong number of dimensions or the wrong length."""


class EmptyDatasetError(DatasetError, ValueError):
    """There are no samples, or they have no features."""


class NamesError(DatasetError, ValueError):
    """Feature or target names are too few, too many or repeated."""


class LabelError(DatasetError, ValueError):
    """Class labels are out of range, or were asked of real targets."""


class NotBinaryError(LabelError):
    """Labels in {-1, +1} were asked of labels that are not binary."""


class RowIndexError(DatasetError, IndexError):
    """Rows were asked for that the data set does not have."""


class SplitError(DatasetError, ValueError):
    """A split would leave one of its parts, or a class, without samples."""


class ScalingError(DatasetError, ValueError):
    """Data sets cannot be standardised together, or their numbers are too large to be."""


class CSVError(DatasetError, ValueError):
    """A file cannot be read as a table.

    `line` counts from 1, the header included; `line` and `column` are None where they do not apply.
    """

    def __init__(
        self, what: str, why: str = "", fix: str = "", *, line: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(what, why, fix)
        self.line = line
        self.column = column


class CSVNotFoundError(CSVError, FileNotFoundError):
    """There is no such file."""


class CSVEncodingError(CSVError):
    """The bytes of the file are not text in the encoding that was asked for."""


class CSVHeaderError(CSVError):
    """The first record is not a header of distinct names."""


class UnknownColumnError(CSVError, LookupError):
    """A column was named that the file does not have."""


class CSVRowError(CSVError):
    """A record has too few or too many fields, or its quotes are broken; see `.line`."""


class CSVCellError(CSVError):
    """One cell cannot be used; see `.line` and `.column`."""


class MissingCellError(CSVCellError):
    """A cell is empty."""


class MixedColumnError(CSVCellError):
    """A column mixes numbers and texts; `.line` is that of the first cell of the rarer kind."""


class TooManyCategoriesError(CSVCellError):
    """A text column has so many distinct values that it is hardly a category."""
