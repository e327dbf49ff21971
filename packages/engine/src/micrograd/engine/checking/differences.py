"""The difference quotient (f(x + h) - f(x - h)) / 2h, and how much of it can be known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from micrograd.engine.checking.rules import total
from micrograd.engine.checking.uneven import uneven_like
from micrograd.engine.errors import MicrogradValueError

SCALES = (1.0 / 64.0, 1.0 / 8.0, 1.0, 8.0, 64.0)


@dataclass(frozen=True)
class Quotient:
    """What a function gave on either side of a point, `width` apart: numbers, or arrays that are weighed unevenly.

    Attributes:
        doubt: How much the slope changes with the step, if anybody has tried another.

    Example:
        >>> Quotient(low=1.0, high=3.0, width=0.5).slope
        4.0
    """

    low: Any
    high: Any
    width: float
    doubt: float = 0.0

    @property
    def slope(self) -> float:
        """The slope between the two sides."""
        return total((self.high - self.low) * uneven_like(self.low)) / self.width

    @property
    def noise(self) -> float:
        """How far off the slope may be, because the two sides are rounded and the step isn't infinitely short."""
        return 4.0 * (_ulps(self.low) + _ulps(self.high)) / self.width + self.doubt


def attempts(quotient: Callable[[float], Any]) -> list[Any]:
    """Quotients with shorter and longer steps, where the function is defined."""
    found = []
    for scale in SCALES:
        try:
            found.append(quotient(scale))
        except MicrogradValueError:  # not finite there
            continue
    return found


def steadiest(quotients: Sequence[Quotient]) -> Quotient:
    """Of quotients with longer and longer steps, the one that changes least from one to the next.

    With short steps a quotient suffers from rounding, with long ones from the curve: between the two it stays as it is.

    Example:
        >>> steadiest([Quotient(0.0, 1.3, 1.0), Quotient(0.0, 2.0, 2.0), Quotient(0.0, 4.0, 4.0)])
        Quotient(low=0.0, high=2.0, width=2.0, doubt=0.0)
    """
    pairs = itertools.pairwise(quotients)
    return min(
        (replace(a, doubt=abs(a.slope - b.slope)) for a, b in pairs), key=lambda q: q.noise, default=quotients[0]
    )


def _ulps(data: Any) -> float:
    """How much the rounding of numbers may add up to."""
    return sum(map(math.ulp, data.reshape(-1).tolist())) if hasattr(data, "reshape") else math.ulp(data)
