"""Array code without NumPy's warnings of overflow, division by zero and invalid operations.

inf and nan are results like any other here. `with np.errstate(all="ignore")` says so too, but takes as long as a small
operation. NumPy keeps what it warns of in a context variable, and setting that takes next to nothing:

    warnings = ignore_warnings()
    try:
        ...
    finally:
        restore_warnings(warnings)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import Context, ContextVar
from typing import Any

import numpy as np


def _ignoring() -> tuple[ContextVar[Any], Any]:
    """NumPy's variable, and what it holds where all warnings are ignored."""
    context = Context()
    context.run(np.seterr, all="ignore")
    nowhere: tuple[ContextVar[Any], Any] = ContextVar("nowhere"), None  # a NumPy that keeps it elsewhere would warn
    return next(iter(context.items()), nowhere)


_warned_of, _nothing = _ignoring()

ignore_warnings = functools.partial(_warned_of.set, _nothing)
"""Have NumPy warn of nothing from here on, in this context alone; gives what `restore_warnings` takes."""

restore_warnings = _warned_of.reset
"""Have NumPy warn as before; takes what `ignore_warnings()` gave."""


def without_warnings(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, in which NumPy warns of nothing.

    Example:
        >>> without_warnings(np.divide)(1.0, 0.0)
        np.float64(inf)
    """

    @functools.wraps(function)
    def silent(*args: Any, **kwargs: Any) -> Any:
        warnings = ignore_warnings()
        try:
            return function(*args, **kwargs)
        finally:
            restore_warnings(warnings)

    return silent
