"""An array as a page shows it: statistics, a small map of its numbers, and, up to a limit, the numbers themselves."""

from __future__ import annotations

from typing import Any

from micrograd.engine.viz.page import packed
from micrograd.engine.viz.text import shape_text

MOST_NUMBERS = 4096
"""The largest array whose numbers are all in the page."""

_BUDGET = 250_000  # numbers in a page; of the arrays after that there are maps only
_ROWS, _COLUMNS = 12, 24


class Arrays:
    """Describes arrays for one page, whose size is limited."""

    def __init__(self) -> None:
        self._left = _BUDGET

    def described(self, array: Any) -> dict[str, Any]:
        """Shape, statistics, map and numbers of an array.

        Example:
            >>> import numpy as np
            >>> found = Arrays().described(np.array([[1.0, 3.0]]))
            >>> found["shape"], found["mean"], found["map"]["rows"]
            ('1×2', 2.0, 1)
        """
        import numpy as np

        found: dict[str, Any] = {"shape": shape_text(array.shape), "dims": list(array.shape), "map": _map(array)}
        finite = array[np.isfinite(array)].astype(float) if array.dtype.kind == "f" else array.astype(float).ravel()
        if finite.size:
            found.update(min=float(finite.min()), max=float(finite.max()), mean=float(finite.mean()))
            found.update(std=float(finite.std()), bad=int(array.size - finite.size))
        if array.size <= min(MOST_NUMBERS, self._left):
            self._left -= array.size
            found["numbers"] = packed(array.astype(float).ravel().tolist())
        return found


def _map(array: Any) -> dict[str, Any]:
    """The numbers as a picture of few points: every so many rows and columns, leading axes unrolled."""
    table = array.reshape(-1, array.shape[-1]) if array.size else array.reshape(0, 1)
    rows, columns = (-(-length // most) or 1 for length, most in zip(table.shape, (_ROWS, _COLUMNS), strict=True))
    picked = table[::rows, ::columns].astype(float)
    return {"rows": picked.shape[0], "columns": picked.shape[1], "numbers": packed(picked.ravel().tolist())}
