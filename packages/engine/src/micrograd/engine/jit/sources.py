"""Which of the user's lines is running, and the error for a line that can't be written down."""

from __future__ import annotations

import inspect
import sys
from types import FrameType
from typing import NamedTuple

from micrograd.engine.errors import TracingError
from micrograd.engine.observing.user_code import JITS, LIBRARYS, owner_of, owners, user_frame


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
            owner = owners.get(code.co_filename) or owner_of(frame)
            if owner not in (LIBRARYS, JITS):
                break
            if owner == LIBRARYS and innermost is None and not code.co_flags & inspect.CO_GENERATOR:
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


def user_source() -> Source | None:
    """The user's line that is running."""
    frame = user_frame()
    return None if frame is None else Source(frame.f_code.co_filename, frame.f_lineno)


def depth_of_user() -> int:
    """How many calls further out the user's line is: a warning's `stacklevel`."""
    depth, frame, users = 1, sys._getframe(1), user_frame()
    while frame is not users and frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth


BOTH_SIDES = (
    "Compute both sides, with where(condition, x, y), maximum or minimum; or, for an argument that is no data but says "
    "how to compute, pass jit(f, static_argnums=...)."
)
AS_IT_IS = (
    "Compute with it as it is, x * 2.0 instead of x.item() * 2.0, and exp(x) of the engine instead of math.exp(x). "
    "Return what you want to look at; to choose by it, compute both sides, with where, maximum or minimum."
)
FROM_WITHIN = "Compute it inside, grad(loss)(x), or outside, jit(loss)(x).backward()."


def refusal(what: str, advice: str = BOTH_SIDES) -> TracingError:
    """The error for code that would fix, in the compiled program, what differs from call to call."""
    return TracingError(
        f"{what} a traced value{_where()}: inside jit it has no number yet, and the program is to hold for every one. "
        f"{advice}"
    )


def reading_refused() -> TracingError:
    """The error for code that takes the numbers of a parameter out of the trace, or sets them."""
    return TracingError(
        f"the numbers of a parameter{_where()}: the program would hold on to those of today, and not see what training "
        "makes of them. Compute with the parameter itself, w * x instead of w.data * x, or with stop_gradient(w) where "
        "no gradient is to pass, take(x, w) instead of x[w]; look at its numbers, or set them, outside of the function."
    )


def _where() -> str:
    place = user_source()
    return f", in line {place.line} of {place.file}" if place else ""
