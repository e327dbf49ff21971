"""Mistakes in comparing gradients."""


def without_absolute_value(analytic, numeric, rtol, atol):
    """A difference has a sign. Without `abs`, a gradient that is far too *small* passes."""
    return analytic - numeric <= atol + rtol * abs(numeric)


def absolute_only(analytic, numeric, rtol, atol):
    """An absolute tolerance alone. Of numbers around a million, rounding alone makes differences far larger than
    `atol`; allow `rtol * abs(numeric)` as well.
    """
    return abs(analytic - numeric) <= atol


def relative_only(analytic, numeric, rtol, atol):
    """A relative tolerance alone. Where one gradient is 0, any difference is infinitely large in relation; allow
    `atol` as well.
    """
    return abs(analytic - numeric) <= rtol * abs(numeric)


def tolerance_without_absolute_value(analytic, numeric, rtol, atol):
    """The tolerance needs `abs(numeric)`: for a negative gradient yours is negative, and nothing would ever agree,
    not even with itself.
    """
    return abs(analytic - numeric) <= atol + rtol * numeric


def lets_nan_pass(analytic, numeric, rtol, atol):
    """A nan passes. Every comparison with nan is false, so `not (x > y)` is true; ask whether it is small, not
    whether it is not large.
    """
    return not abs(analytic - numeric) > atol + rtol * abs(numeric)
