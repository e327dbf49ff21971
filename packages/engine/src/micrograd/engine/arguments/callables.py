"""What is to be a function, and is given something else: most often what the function returned."""

from __future__ import annotations

from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError


def require_function(name: str, f: Any, example: str) -> None:
    """Refuse what can't be called.

    Args:
        name: Who takes the function.
        f: What was given for it.
        example: Code that would work, for the message.

    Raises:
        MicrogradTypeError: If it can't be called.

    Example:
        >>> require_function("grad", abs, "grad(loss)(w)")
    """
    if not callable(f):
        raise MicrogradTypeError(
            f"{name}() takes a function, but was given {kind_of(f)}: {f!r:.60}. Give the function itself, "
            f"rather than what it returned: {example}."
        )
