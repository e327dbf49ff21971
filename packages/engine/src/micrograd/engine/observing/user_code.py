"""Which of the running calls is the user's own code, beyond those of MicroGrad and of the standard library."""

from __future__ import annotations

import os
import sys
from types import FrameType

USERS, STANDARD, LIBRARYS, JITS = range(1, 5)
"""Whose code is: the user's, Python's standard library's, ours, and of ours that of the jit."""

owners: dict[str, int] = {}
"""What `owner_of` found, by file: it is asked for every operation of a trace, of a few files."""

_STANDARD_LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 - a text that file names begin with


def owner_of(frame: FrameType) -> int:
    """Whose code a frame runs: one of `USERS`, `STANDARD`, `LIBRARYS` and `JITS`."""
    file = frame.f_code.co_filename
    owners[file] = owner = _owner(file, str(frame.f_globals.get("__name__", "")))
    return owner


def _owner(file: str, module: str) -> int:
    # By the module's name: the three packages may lie in three folders. What was typed is the user's, and the examples
    # in our docstrings are too.
    if file.startswith("<micrograd.") if file.startswith("<") else module.partition(".")[0] == "micrograd":
        return JITS if module.startswith("micrograd.engine.jit.") else LIBRARYS
    is_standard = file.startswith((_STANDARD_LIBRARY, "<frozen ")) and "-packages" not in file
    return STANDARD if is_standard else USERS


def user_frame() -> FrameType | None:
    """The innermost frame of neither MicroGrad nor the standard library, or else the innermost one that isn't ours."""
    frame: FrameType | None = sys._getframe(1)
    foreign = None
    while frame is not None:
        owner = owners.get(frame.f_code.co_filename) or owner_of(frame)
        if owner == USERS:
            return frame
        if owner == STANDARD and foreign is None:
            foreign = frame
        frame = frame.f_back
    return foreign
