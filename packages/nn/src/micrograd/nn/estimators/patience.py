"""`Patience`: how long a training goes on without getting better."""

from __future__ import annotations

import math


class Patience:
    """Counts the epochs in a row that were no better than the best one by more than `tol`.

    Args:
        tol: By how much an epoch must be better to count as an improvement.
        limit: How many epochs may pass without one.

    Attributes:
        best: The lowest number so far.

    Example:
        >>> patience = Patience(tol=0.0, limit=1)
        >>> [(patience.look(loss), patience.is_over) for loss in (3.0, 2.0, 2.5, 2.5)]
        [(True, False), (True, False), (False, False), (False, True)]
    """

    def __init__(self, tol: float, limit: float) -> None:
        self.tol, self.limit = tol, limit
        self.best = math.inf
        self._waited = 0

    def look(self, number: float) -> bool:
        """Take note of an epoch's number, of which less is better; whether it is the best so far."""
        self._waited = self._waited + 1 if number > self.best - self.tol else 0
        is_best = number < self.best
        self.best = min(number, self.best)
        return is_best

    @property
    def is_over(self) -> bool:
        """Whether it has run out."""
        return self._waited > self.limit

    def renew(self) -> None:
        """Wait as long again."""
        self._waited = 0
