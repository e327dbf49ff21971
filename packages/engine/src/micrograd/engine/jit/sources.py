"""Which of the user's lines is running, and the error for a line that can't be written down."""

from __future__ import annotations

import inspect
import sys
from types import FrameType
from typing import NamedTuple

from micrograd.engine.errors import TracingError

_TRACING = "micrograd.engine.jit."

_USERS, _LIBRARYS, _TRACES = range(3)
_owners: dict[str, int] = {}
"""Of each file: whose it is."""


class Source(NamedTuple):
    """The user's line that an operation comes from."""

    file: str
    line: int


class Lines:
    """Tells the innermost line that isn't the library's own, again and again, as a trace asks for every operation.

    As long as a function of the library runs, the user's line that called it stays the same: so the last such function
    is remembered. Generators are not, for they are resumed from one line and from another.
    """

    def __init__(self) -> None:
        self._frame: FrameType | None = None
        self._source: Source | None = None
        self._known: dict[tuple[str, int], Source] = {}

    def now(self, depth: int = 1) -> Source | None:
        """The line that is running; the callers up to this depth are known to be the library's."""
        frame: FrameType | None = sys._getframe(depth)
        innermost = None
        while frame is not None:
            if frame is self._frame:
                return self._source
            code = frame.f_code
            owner = _owners.get(code.co_filename)
            if owner is None:
                owner = _owner(frame)
            if owner == _USERS:
                break
            if owner == _LIBRARYS and innermost is None and not code.co_flags & inspect.CO_GENERATOR:
                innermost = frame
            frame = frame.f_back
        source = None if frame is None else self._line(code.co_filename, frame.f_lineno)
        if innermost is not None:
            self._frame, self._source = innermost, source
        return source

    def _line(self, file: str, line: int) -> Source:
        source = self._known.get((file, line))
        if source is None:
            source = self._known[file, line] = Source(file, line)
        return source


def _owner(frame: FrameType) -> int:
    """Whose a frame is: by the module's name, for the packages may lie in several folders."""
    file, module = frame.f_code.co_filename, str(frame.f_globals.get("__name__", ""))
    # What was typed is the user's, and the examples in our docstrings are, too.
    is_ours = file.startswith("<micrograd.") if file.startswith("<") else module.startswith("micrograd.")
    owner = _owners[file] = _USERS if not is_ours else _TRACES if module.startswith(_TRACING) else _LIBRARYS
    return owner


def user_source() -> Source | None:
    """The innermost line that isn't the library's own."""
    return Lines().now()


def depth_of_user() -> int:
    """How many calls further out the innermost line is that isn't the library's own: a warning's `stacklevel`."""
    depth, frame = 1, sys._getframe(1)
    while _owner(frame) != _USERS and frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth


def refusal(what: str) -> TracingError:
    """The error for code that would fix, in the compiled program, what differs from call to call."""
    place = user_source()
    where = f", in line {place.line} of {place.file}" if place else ""
    return TracingError(
        f"{what} a traced value{where}: inside jit it has no number yet, and the program is to hold for every number. "
        "Compute both sides, with where(condition, x, y), maximum or minimum; or, for an argument that is no data but "
        "says how to compute, pass jit(f, static_argnums=...)."
    )
