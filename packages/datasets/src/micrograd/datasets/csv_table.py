"""A CSV file as columns of text cells, each of which still knows its line.

What it leaves out: what the cells mean; `tabular.py` turns them into numbers.
"""

from __future__ import annotations

import csv
import difflib
import io
import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from micrograd.datasets.errors import (
    ArgumentTypeError,
    ArgumentValueError,
    CSVEncodingError,
    CSVHeaderError,
    CSVNotFoundError,
    CSVRowError,
    EmptyDatasetError,
    UnknownColumnError,
)

# Thousands in threes, or none; a decimal point or comma; a unit before or behind.
_WRITTEN_NUMBER = re.compile(
    r"[-+]?[€$£¥]?[ \u00a0]?(\d{1,3}([,.' \u00a0\u202f]\d{3})+|\d+)([.,]\d+)?[ \u00a0]?[%€$£¥]?"
)
# How the bytes of other kinds of file begin.
_KINDS = {b"PK\x03\x04": "an Excel workbook or a zip archive", b"\x1f\x8b": "compressed by gzip"}


@dataclass(frozen=True)
class Column:
    """One column: `cells[i]` stands on line `lines[i]` of the file called `source`."""

    name: str
    cells: Sequence[str]
    lines: Sequence[int]
    source: str

    def place(self, index: int) -> str:
        """`iris.csv, line 7, column 'width'`."""
        return f"{self.source}, line {self.lines[index]}, column {self.name!r}"


@dataclass(frozen=True)
class Table:
    """Rows of cells under distinct names; every row has a cell for each name."""

    source: str
    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> Column:
        """The column called `name`, which must be one of `names`."""
        position = self.names.index(name)
        return Column(name, [row[position] for row in self.rows], self.lines, self.source)

    def without_columns(self, unwanted: Iterable[str]) -> Table:
        """The table less these columns."""
        kept = [i for i, name in enumerate(self.names) if name not in set(unwanted)]
        rows = [[row[i] for i in kept] for row in self.rows]
        return Table(self.source, tuple(self.names[i] for i in kept), rows, self.lines)

    def keep_rows(self, keep: Sequence[bool]) -> Table:
        """The rows where `keep` is true."""
        chosen = [i for i, wanted in enumerate(keep) if wanted]
        return Table(self.source, self.names, [self.rows[i] for i in chosen], [self.lines[i] for i in chosen])

    def require_column(self, name: str, argument: str) -> None:
        """Raise UnknownColumnError, with the nearest name there is, unless `name` is a column."""
        if name in self.names:
            return
        near = difflib.get_close_matches(name.casefold(), [known.casefold() for known in self.names], n=1, cutoff=0.5)
        nearest = next((known for known in self.names if known.casefold() in near), self.names[-1])
        shown = ", ".join(map(repr, self.names[:10])) + (", ..." if len(self.names) > 10 else "")
        raise UnknownColumnError(
            f"{self.source} has no column {name!r} (asked for by {argument}=).",
            f"its columns are {shown}.",
            (f"did you mean {nearest!r}?" if near else f"{argument}={nearest!r}, say.") + _delimiter_hint(self.names),
            line=1,
            column=name,
        )


def read_table(path: str | os.PathLike[str], delimiter: str, encoding: str) -> Table:
    """The file as a table: blank lines skipped, cells stripped of the blanks around them."""
    source, text = _read_text(path, encoding)
    records = _records(text, _checked_delimiter(delimiter), source)
    _, header = next(records, (1, []))
    names = _checked_header(header, source)
    table = Table(source, names, [], [])
    for line, row in records:
        if len(row) != len(names):
            raise _field_count(table, line, row)
        table.rows.append(row)
        table.lines.append(line)
    if not table.rows:
        raise EmptyDatasetError(
            f"{source} has a header and no rows.",
            "a data set needs at least one sample.",
            "check that the file was written completely.",
        )
    return table


def is_written_otherwise(text: str) -> bool:
    """Whether this is a number as people write it, and Python does not: `1,5`, `1.000,50`, `1,000`, `5%`, `€ 3`."""
    return _WRITTEN_NUMBER.fullmatch(text) is not None


def parse_number(text: str, decimal: str = ".") -> float | None:
    """`"1.5"` -> 1.5; None for what is not a finite number. Python's `1_000` is a text here."""
    if "_" in text or (decimal != "." and "." in text):
        return None
    try:
        value = float(text.replace(decimal, "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _read_text(path: str | os.PathLike[str], encoding: str) -> tuple[str, str]:
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentTypeError(
            f"path is of type {type(path).__name__}; it must be a str or a Path.",
            "the file is looked up and read here.",
            'read_csv("data.csv", target="y"); for text in memory, write it to a file first.',
        )
    file = Path(path)
    try:
        return file.name, _decoded(file.read_bytes(), encoding, file.name)
    except FileNotFoundError as error:
        raise CSVNotFoundError(
            f"there is no file {str(path)!r}.",
            f"the path is looked up from the working directory, {Path.cwd()}.",
            "pass the whole path: read_csv(Path(__file__).parent / 'data.csv', target=...).",
        ) from error
    except IsADirectoryError as error:
        raise CSVNotFoundError(
            f"{str(path)!r} is a folder.",
            "one file is read.",
            f"pass the path of a file in it: read_csv({str(path)!r} + '/data.csv', target=...).",
        ) from error
    except LookupError as error:
        raise ArgumentValueError(
            f"encoding={encoding!r} is unknown.",
            "Python has no such codec.",
            'encoding="utf-8-sig" or encoding="cp1252".',
        ) from error


def _decoded(content: bytes, encoding: str, source: str) -> str:
    for beginning, kind in _KINDS.items():
        if content.startswith(beginning):
            raise CSVEncodingError(
                f"{source} is {kind}, and no text.",
                "a CSV file holds lines of text.",
                "save it as CSV (UTF-8) in the spreadsheet program, or unpack it.",
                line=1,
            )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad_encoding(source, encoding, content, error.start) from error
    # UTF-16 without its mark reads as UTF-8 with a zero byte beside each letter.
    if "\0" in text:
        raise _bad_encoding(source, encoding, content, content.index(b"\0"))
    return text


def _bad_encoding(source: str, encoding: str, content: bytes, position: int) -> CSVEncodingError:
    line = content.count(b"\n", 0, position) + 1
    return CSVEncodingError(
        f"{source}, line {line}: byte {content[position]:#04x} is not text in {encoding}.",
        "the file was saved in another encoding.",
        'save it as UTF-8; or read_csv(..., encoding="cp1252") for files from Windows, "utf-16" for some.',
        line=line,
    )


def _checked_delimiter(delimiter: object) -> str:
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '\r\n"':
        raise ArgumentValueError(
            f"delimiter is {delimiter!r}; it must be one character, other than a quote or a line end.",
            "it stands between any two fields of a line.",
            'delimiter=";" or delimiter="\\t".',
        )
    return delimiter


def _records(text: str, delimiter: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it starts, fields) of each record that is not blank; a quoted field may span lines."""
    # Strict, because a quote that is never closed would otherwise swallow the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise CSVRowError(
                f"{source}, line {line}: {error}.",
                "quotes surround a whole field, and a quote inside one is written twice.",
                f'correct line {line}: "5"" pipe, steel" is one field.',
                line=line,
            ) from error
        if row not in ([], [""]):
            yield line, row


def _checked_header(header: list[str], source: str) -> tuple[str, ...]:
    if not header:
        raise CSVHeaderError(
            f"{source} is empty.",
            "the first line holds the names of the columns.",
            "check how it was written.",
            line=1,
        )
    if all(parse_number(name) is not None for name in header):
        raise CSVHeaderError(
            f"{source} has no header: its first line holds only numbers ({', '.join(header)[:60]}).",
            "columns are chosen by name, and the first sample would be lost as a header.",
            f"add a first line with {len(header)} names, such as x0,x1,y.",
            line=1,
        )
    for position, name in enumerate(header):
        _check_name(name, position, header, source)
    return tuple(header)


def _check_name(name: str, position: int, header: list[str], source: str) -> None:
    if not name:
        raise CSVHeaderError(
            f"{source}: column {position + 1} of {len(header)} has no name.",
            "columns are chosen by name.",
            "name it in the first line; pandas writes a nameless index: frame.to_csv(path, index=False).",
            line=1,
        )
    if name in header[:position]:
        raise CSVHeaderError(
            f"{source}: columns {header.index(name) + 1} and {position + 1} are both called {name!r}.",
            "a name must mean one column.",
            f"rename one of them in the first line, say {name + '_2'!r}.",
            line=1,
            column=name,
        )


def _field_count(table: Table, line: int, row: list[str]) -> CSVRowError:
    return CSVRowError(
        f"{table.source}, line {line} has {len(row)} field(s); the header names {len(table.names)} columns.",
        f"the line reads {row!r:.80}, and its cells cannot be told apart.",
        "complete the line; a text with a comma in it needs quotes." + _delimiter_hint(table.names),
        line=line,
    )


def _delimiter_hint(names: Sequence[str]) -> str:
    for mark in ";\t|,":
        if len(names) == 1 and mark in names[0]:
            return f" The header looks separated by {mark!r}: read_csv(..., delimiter={mark!r})."
    return ""
