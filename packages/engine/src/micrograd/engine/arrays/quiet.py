"""Array code without NumPy's warnings of overflow, division by zero and invalid operations.

inf and nan are results like any other here. `with np.errstate(all="ignore")` says so too, but takes as long as a small
operation; running in a context that was told so once takes next to nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context, ContextVar
from typing import Any

import numpy as np

_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)


class _PerThread(threading.local):
    """A context for each thread, for no two may be in one at the same time."""

    def __init__(self) -> None:
        self.context = Context()
        self.context.run(np.seterr, all="ignore")
        self.context.run(_is_quiet.set, True)


_here = _PerThread()


def quietly(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What `function(*args, **kwargs)` returns, computed without warnings.

    Example:
        >>> quietly(np.divide, 1.0, 0.0)
        np.float64(inf)
    """
    if _is_quiet.get():
        return function(*args, **kwargs)
    return _here.context.run(function, *args, **kwargs)
