"""Numbers and times as the pages write them."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Three digits with a unit that suits.

    Example:
        >>> duration(0.0000204), duration(0.1757), duration(1.219)
        ('20.4 µs', '176 ms', '1.22 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{significant(seconds / size)} {unit}"
    return f"{significant(seconds / 1e-9)} ns"


def significant(number: float) -> str:
    """Three digits, or all before the point.

    Example:
        >>> significant(1.0), significant(16.2345), significant(121765.2)
        ('1.00', '16.2', '121,765')
    """
    return f"{number:,.0f}" if number >= 100 else f"{number:#.3g}"
