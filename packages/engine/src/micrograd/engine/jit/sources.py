"""Which of the user's lines is running."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

from micrograd.engine.jit.program import Source

_OURS = str(Path(__file__).resolve().parents[2])  # everything below micrograd/


def user_source() -> Source | None:
    """The innermost line that isn't the library's own."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_OURS):
            return Source(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return None
