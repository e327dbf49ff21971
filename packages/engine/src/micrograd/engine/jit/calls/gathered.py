"""`GatheredParameters`: the numbers of scalar parameters side by side, gathered again after some Value was written."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from micrograd.engine.observing.copies import right_copies
from micrograd.engine.value import Value

_data_of = attrgetter("_data")


class Numbers(NamedTuple):
    """What the parameters held.

    Attributes:
        floats: The very objects.
        array: The same, never written again.
    """

    floats: tuple[float, ...]
    array: np.ndarray


class GatheredParameters:
    """Parameters, and a copy of their numbers that is right whenever it is asked for.

    Args:
        values: The parameters, in the order of the array.

    Example:
        >>> a, b = Value(1.0), Value(2.0)
        >>> gathered = GatheredParameters([a, b])
        >>> before = gathered.numbers()
        >>> gathered.numbers() is before
        True
        >>> b.data = 5.0
        >>> before.array, gathered.numbers().array
        (array([1., 2.]), array([1., 5.]))
    """

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values
        self._mark = object()  # of its own, so that a note about a copy keeps no parameter alive
        self._numbers: Numbers | None = None

    def numbers(self) -> Numbers:
        """What the parameters hold."""
        if self._numbers is None or self._mark not in right_copies:
            self._numbers = None  # should the gathering be interrupted
            right_copies.add(self._mark)
            floats = tuple(map(_data_of, self._values))
            self._numbers = Numbers(floats, np.array(floats, dtype=float))
            self._numbers.array.flags.writeable = False
        return self._numbers
