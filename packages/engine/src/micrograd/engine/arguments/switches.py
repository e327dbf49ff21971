"""What is to be True or False."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError


def require_switch(name: str, setting: str, given: Any, advice: str) -> None:
    """Refuse what is neither True nor False, of Python's or NumPy's.

    Args:
        name: Who takes the setting.
        setting: What it is called.
        given: What was given for it.
        advice: What to write instead, for the message.

    Raises:
        MicrogradTypeError: If it is something else.

    Example:
        >>> require_switch("backward", "create_graph", True, "write backward()")
    """
    if not isinstance(given, bool) and type(given).__name__ not in ("bool", "bool_"):
        raise MicrogradTypeError(f"{name}({setting}={given!r:.60}) is either True or False: {advice}.")
