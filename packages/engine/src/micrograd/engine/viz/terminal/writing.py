"""Text in styles, written as the other end can take it: with colours to a terminal, plain to a file or a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from micrograd.engine.viz.text import columns

# The eight colours that every terminal has, in the shades that its user chose: they suit a light and a dark ground.
_CODES = {"": "", "strong": "1", "faint": "2", "name": "1;36", "op": "35", "plus": "32", "minus": "31"}
_ASCII = str.maketrans({"─": "-", "│": "|", "├": "|", "└": "`", "×": "x", "█": "#", "▌": "#", "…": "~", "↑": "^"})


@dataclass(frozen=True)
class Span:
    """A piece of a line in one style: `strong`, `faint`, `name`, `op`, `plus`, `minus`, or none.

    Attributes:
        text: The piece.
        style: Its style.
        lead: What stands before it, faint: the branches of a tree.
    """

    text: str
    style: str = ""
    lead: str = ""

    @property
    def width(self) -> int:
        """In columns of the terminal."""
        return columns(self.lead + self.text)


Line = list[Span]


def write_lines(lines: Iterable[Line], file: TextIO | None = None) -> None:
    """Write the lines to `file`, by default to standard output."""
    file = sys.stdout if file is None else file
    is_colourful = takes_colour(file)
    text = "".join("".join(_painted(span, is_colourful) for span in line).rstrip() + "\n" for line in lines)
    file.write(_encodable(text, getattr(file, "encoding", None) or "utf-8"))


def takes_colour(file: TextIO) -> bool:
    """Whether `file` is a terminal with colours whose user wants them.

    Example:
        >>> import io
        >>> takes_colour(io.StringIO())
        False
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return file.isatty()


def _painted(span: Span, is_colourful: bool) -> str:
    return _in_colour(span.lead, "faint", is_colourful) + _in_colour(span.text, span.style, is_colourful)


def _in_colour(text: str, style: str, is_colourful: bool) -> str:
    code = _CODES[style]
    return f"\x1b[{code}m{text}\x1b[0m" if is_colourful and code and text.strip() else text


def _encodable(text: str, encoding: str) -> str:
    """The text as it is, or in ASCII's signs where the encoding has no others."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    return text
