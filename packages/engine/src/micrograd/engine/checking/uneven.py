"""Weights of which no two are alike, so that a mistake can't cancel in a sum of many numbers."""

from __future__ import annotations

import math
from typing import Any

_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def unit_vector(length: int) -> list[float]:
    """A direction that slants towards every axis, and towards each differently.

    Example:
        >>> [round(part, 3) for part in unit_vector(3)]
        [0.35, 0.782, 0.515]
        >>> unit_vector(1)
        [1.0]
    """
    weights = [0.5 + position * _GOLDEN % 1.0 for position in range(length)]
    norm = math.hypot(*weights)
    return [weight / norm for weight in weights]


def uneven_like(data: Any) -> Any:
    """One weight for each number of an array; 1 for a single number.

    Example:
        >>> uneven_like(7.0)
        1.0
    """
    if not hasattr(data, "shape"):
        return 1.0
    import numpy as np

    if data.size == 1:
        return np.ones_like(data)
    return (0.5 + np.arange(data.size) * _GOLDEN % 1.0).reshape(data.shape).astype(data.dtype)
