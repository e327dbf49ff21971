"""`read_csv`: one's own table of data, as a `Dataset`, or an error that names the line.

A column is read as what all of its cells are: numbers make one feature; texts make a category, one-hot
encoded, one feature `column=value` per value. A column that is neither (numbers but for an `abc` on line 7, or
numbers such as `1,000` and `5%`) is an error and never silently a category.

What it leaves out: dates, free text, several targets, files larger than memory. Read those with pandas and
pass arrays to `Dataset`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from micrograd.datasets.csv_table import Column, Table, is_written_otherwise, parse_number, read_table
from micrograd.datasets.dataset import Dataset
from micrograd.datasets.errors import (
    ArgumentTypeError,
    ArgumentValueError,
    EmptyDatasetError,
    MissingCellError,
    MixedColumnError,
    TooManyCategoriesError,
)
from micrograd.datasets.validation import FloatArray, name_tuple

MISSING_VALUES = ("", "?", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL")

# A column with more distinct texts is taken for names or free text, unless the caller says otherwise.
MOST_CATEGORIES = 50
# A target with more distinct whole numbers is taken for a quantity, unless the caller says otherwise.
MOST_NUMBERED_CLASSES = 20

ODD_CELL = {True: "not a finite number", False: "a number among texts"}

Task = Literal["auto", "classification", "regression"]
Number = Callable[[str], "float | None"]


def read_csv(
    path: str | os.PathLike[str],
    *,
    target: str,
    task: Task = "auto",
    categorical: Sequence[str] = (),
    ignore: Sequence[str] = (),
    missing: Literal["error", "drop"] = "error",
    missing_values: Sequence[str] = MISSING_VALUES,
    delimiter: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8-sig",
) -> Dataset:
    r"""Read a table with a header line; the module's docstring says how columns become features.

    - `target`: the column to predict. `task="auto"` takes texts for classes, and numbers for classes only if
      they are 0 .. k-1 without a gap (k <= 20) or -1 and +1, each at least twice; else for real targets. Say
      "classification" or "regression" to decide. Classes are numbered in sorted order; `.target_names` keeps
      how they were written.
    - `categorical`: columns of codes (zip, month) to encode as categories. `ignore`: columns to leave out
      (id, name).
    - `missing`: "error", or "drop" to leave out rows that lack a value; `.description` tells how many.
      `missing_values`: what counts as missing, compared exactly.
    - `delimiter`, `decimal`, `encoding`: of the file; European spreadsheets often need `";"` and `","`.

    Raises CSVError (see `errors`) with `.line` and `.column`; EmptyDatasetError if no rows or features are
    left.

    >>> from pathlib import Path; from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "pets.csv"
    >>> _ = path.write_text("kg,coat,kind\n4,short,cat\n30,long,dog\n")
    >>> data = read_csv(path, target="kind")
    >>> data.feature_names, data.X.tolist(), data.y.tolist(), data.target_names
    (('kg', 'coat=long', 'coat=short'), [[4.0, 0.0, 1.0], [30.0, 1.0, 0.0]], [0, 1], ('cat', 'dog'))
    """
    _check_choices(task=(task, Task), missing=(missing, Literal["error", "drop"]), decimal=(decimal, Literal[".", ","]))
    table = read_table(path, delimiter, encoding)
    chosen = _checked_columns(table, target, categorical, ignore)
    complete = _complete_rows(
        table.without_columns(ignore), missing, frozenset(name_tuple(missing_values, "missing_values"))
    )
    parse = _number_parser(decimal)
    features = [_encode(complete.column(name), name in chosen, parse) for name in complete.names if name != target]
    y, classes = _encode_target(complete.column(target), task, parse)
    return Dataset(
        np.hstack([block for _, block in features]),
        y,
        feature_names=[name for names, _ in features for name in names],
        target_names=classes,
        description=_description(table, complete),
        name=table.source,
    )


def _number_parser(decimal: str) -> Number:
    return lambda text: parse_number(text, decimal)


def _check_choices(**choices: tuple[str, Any]) -> None:
    """`task=(given, Literal[...])`: the value given must be one of the literal's."""
    for argument, (given, allowed) in choices.items():
        if given not in allowed.__args__:
            raise ArgumentValueError(
                f"{argument} is {given!r}; it must be one of {', '.join(map(repr, allowed.__args__))}.",
                "anything else would be a guess.",
                f"{argument}={allowed.__args__[0]!r}",
            )


def _checked_columns(
    table: Table, target: object, categorical: Sequence[str], ignore: Sequence[str]
) -> tuple[str, ...]:
    """The categorical names, once all that were named are known to exist and to make sense together."""
    if not isinstance(target, str):
        raise ArgumentTypeError(
            f"target is {target!r:.60}; it must be the name of one column.",
            "columns are chosen by name, and there is one to predict.",
            f"target={table.names[-1]!r}, say.",
        )
    forced, ignored = name_tuple(categorical, "categorical"), name_tuple(ignore, "ignore")
    for argument, names in {"target": (target,), "categorical": forced, "ignore": ignored}.items():
        for name in names:
            table.require_column(name, argument)
    if target in forced:
        raise ArgumentValueError(
            f"categorical names the target, {target!r}.",
            "it is for features; the task decides about the target.",
            'task="classification"',
        )
    if target in ignored or {target, *ignored} == set(table.names):
        raise ArgumentValueError(
            f"{table.source}: target={target!r} with ignore={list(ignored)!r:.60} leaves nothing to learn.",
            "a data set needs the target and at least one other column.",
            "leave fewer columns out.",
        )
    return forced


def _complete_rows(table: Table, missing: str, blanks: frozenset[str]) -> Table:
    keep = [blanks.isdisjoint(row) for row in table.rows]
    if all(keep):
        return table
    if missing == "error":
        raise _missing_cell(table, keep, blanks)
    if not any(keep):
        raise EmptyDatasetError(
            f"{table.source}: each of the {len(keep)} rows lacks a value, so missing='drop' leaves none.",
            "a data set needs at least one complete sample.",
            "leave out the column that is mostly empty: read_csv(..., ignore=['that column']).",
        )
    return table.keep_rows(keep)


def _missing_cell(table: Table, keep: Sequence[bool], blanks: frozenset[str]) -> MissingCellError:
    index = keep.index(False)
    name, cell = next(pair for pair in zip(table.names, table.rows[index], strict=True) if pair[1] in blanks)
    return MissingCellError(
        f"{table.column(name).place(index)}: the value is missing ({cell!r}).",
        f"a model cannot compute with a hole; {keep.count(False)} of {len(keep)} rows have one.",
        f"fill it in; read_csv(..., missing='drop') leaves such rows out, ignore=[{name!r}] the column"
        + (f"; missing_values=[''] if {cell!r} is a value." if cell else "."),
        line=table.lines[index],
        column=name,
    )


def _encode(column: Column, forced: bool, parse: Number) -> tuple[list[str], FloatArray]:
    """Feature names and their block of X, shape (n, number of names)."""
    remedy = f"categorical=[{column.name!r}]"
    values = None if forced else _numbers(column, parse, remedy)
    if values is not None:
        return [column.name], np.array(values)[:, None]
    categories = _categories(column, parse, None if forced else remedy)
    block = np.eye(len(categories))[[categories[cell] for cell in column.cells]]
    return [f"{column.name}={value}" for value in categories], block


def _encode_target(column: Column, task: Task, parse: Number) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Targets, shape (n,), and the target names."""
    remedy = 'task="classification"'
    values = None if task == "classification" else _numbers(column, parse, remedy)
    if values is None and task == "regression":
        raise _not_numbers(column)
    if values is not None and not (task == "auto" and _are_class_numbers(values)):
        return np.array(values), (column.name,)
    named = _one_spelling(column, parse)
    classes = _categories(named, parse_number, remedy if task == "auto" else None)
    return np.array([classes[cell] for cell in named.cells]), tuple(classes)


def _one_spelling(column: Column, parse: Number) -> Column:
    """`1`, `1.0` and `+1` in a column of numbers are one class, `1`; texts stay as they are."""
    values = [parse(cell) for cell in column.cells]
    # Adding 0.0 turns -0.0 into 0.0.
    spelled = [repr(value + 0.0).removesuffix(".0") for value in values if value is not None]
    return replace(column, cells=spelled) if len(spelled) == len(values) else column


def _are_class_numbers(values: Sequence[float]) -> bool:
    counts = Counter(values)
    numbered = set(range(len(counts))) == set(counts) and 2 <= len(counts) <= MOST_NUMBERED_CLASSES
    return (numbered or set(counts) == {-1, 1}) and min(counts.values()) >= 2


def _categories(column: Column, parse: Number, remedy: str | None) -> dict[str, int]:
    """Each distinct cell -> its position in sorted order; numbers by value, before texts.

    `remedy` is what a caller can say to get any number of categories; None means that it was said.
    """
    distinct = set(column.cells)
    if remedy and len(distinct) > MOST_CATEGORIES:
        raise _too_many(column, len(distinct), remedy)
    numbers = {cell: parse(cell) for cell in distinct}
    ordered = sorted(distinct, key=lambda cell: (numbers[cell] is None, numbers[cell] or 0.0, cell))
    return {cell: position for position, cell in enumerate(ordered)}


def _numbers(column: Column, parse: Number, remedy: str) -> list[float] | None:
    """The cells as numbers, or None if every one is a text; a mixture is an error."""
    parsed = [parse(cell) for cell in column.cells]
    values = [value for value in parsed if value is not None]
    if values and len(values) < len(parsed):
        raise _mixed(column, [value is not None for value in parsed], remedy)
    if not values and all(map(is_written_otherwise, set(column.cells))):
        raise _written_otherwise(column, remedy)
    return values or None


def _mixed(column: Column, is_number: Sequence[bool], remedy: str) -> MixedColumnError:
    n_numbers = sum(is_number)
    mostly_numbers = 2 * n_numbers >= len(is_number)
    odd = is_number.index(not mostly_numbers)
    cell = column.cells[odd]
    return MixedColumnError(
        f"{column.place(odd)}: {cell!r:.60} is {ODD_CELL[mostly_numbers]}.",
        f"{n_numbers} of the column's {len(is_number)} cells are numbers; all or none must be.",
        f"correct line {column.lines[odd]}; or add {cell!r:.60} to missing_values=; or {remedy} to take "
        f"every value for a category." + _decimal_hint(cell),
        line=column.lines[odd],
        column=column.name,
    )


def _written_otherwise(column: Column, remedy: str) -> MixedColumnError:
    cell = column.cells[0]
    return MixedColumnError(
        f"{column.place(0)}: {cell!r:.60} is written as a number, but not as 1234.5 is.",
        "all cells of the column are like that, and would be taken for the names of categories.",
        f"write them without separators and units; or {remedy} if they are names." + _decimal_hint(cell),
        line=column.lines[0],
        column=column.name,
    )


def _decimal_hint(cell: str) -> str:
    is_decimal_comma = "," in cell and parse_number(cell, ",") is not None
    return " If the file writes decimal commas: decimal=','." if is_decimal_comma else ""


def _not_numbers(column: Column) -> MixedColumnError:
    return MixedColumnError(
        f"{column.place(0)}: the target {column.cells[0]!r:.60} is not a number.",
        "regression predicts a quantity, and every cell of this column is a text.",
        'task="classification" to predict its classes.' + _decimal_hint(column.cells[0]),
        line=column.lines[0],
        column=column.name,
    )


def _too_many(column: Column, count: int, remedy: str) -> TooManyCategoriesError:
    return TooManyCategoriesError(
        f"{column.source}, column {column.name!r} holds {count} texts, such as {column.cells[0]!r:.40}.",
        f"more than {MOST_CATEGORIES} look like names or free text; each would be a feature or class.",
        f"read_csv(..., ignore=[{column.name!r}]) to leave a feature out; {remedy} if they are categories."
        + _decimal_hint(column.cells[0]),
        line=column.lines[0],
        column=column.name,
    )


def _description(table: Table, complete: Table) -> str:
    dropped = len(table.rows) - len(complete.rows)
    note = f" {dropped} of {len(table.rows)} rows left out for missing values." if dropped else ""
    return f"Read from {table.source}.{note}"
