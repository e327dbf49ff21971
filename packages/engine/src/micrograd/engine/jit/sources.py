"""Which of the user's lines is running, and the error for a line that can't be written down."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from micrograd.engine.errors import TracingError

_OURS = str(Path(__file__).resolve().parents[2])  # everything below micrograd/

_is_ours: dict[str, bool] = {}


class Source(NamedTuple):
    """The user's line that an operation comes from."""

    file: str
    line: int


def user_source() -> Source | None:
    """The innermost line that isn't the library's own."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        # Asked for every operation of a trace, of a few files.
        is_ours = _is_ours.get(file)
        if is_ours is None:
            is_ours = _is_ours[file] = file.startswith(_OURS)
        if not is_ours:
            return Source(file, frame.f_lineno)
        frame = frame.f_back
    return None


def depth_of_user() -> int:
    """How many calls further out the innermost line is that isn't the library's own: a warning's `stacklevel`."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_code.co_filename.startswith(_OURS) and frame.f_back is not None:
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
