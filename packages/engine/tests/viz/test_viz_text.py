"""Numbers and names as they stand on a picture."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine.viz.text import clip, columns, exact_text, number_text, one_line


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (24.70408163265306, "24.7041"),
        (0.0, "0.0000"),
        (-0.0, "-0.0000"),
        (1, "1.0000"),
        (0.001, "0.0010"),
        (0.00099, "0.00099"),
        (-1.23456e-9, "-1.235e-09"),
        (99999.0, "99999.0000"),
        (123456.0, "1.235e+05"),
        (1.7976931348623157e308, "1.798e+308"),
        (5e-324, "4.941e-324"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (None, "none"),
    ],
)
def test_four_decimals_unless_they_would_hide_the_number(number, text):
    assert number_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_is_hidden_and_none_is_long(number):
    text = number_text(number)
    assert math.isclose(float(text), number, rel_tol=0.05) or not 1e-300 < abs(number) < 1.79e308
    assert (float(text) == 0) == (number == 0)
    assert len(text) <= 11


@pytest.mark.parametrize("thing", ["text", object(), 10**400, 1j])
def test_what_is_no_number_is_named_by_its_type(thing):
    assert number_text(thing) == exact_text(thing) == f"<{type(thing).__name__}>"


class Grid:
    """What a picture asks of an array."""

    def __init__(self, *values: float) -> None:
        self.shape = (len(values),)
        self.values = values

    def min(self):
        return min(self.values)

    def max(self):
        return max(self.values)


def test_an_array_is_shown_as_its_range():
    assert number_text(Grid(3.0, -1e-9)) == "-1e-09 … 3.0000"
    assert number_text(Grid()) == "empty"


@given(st.text())
def test_any_text_becomes_one_printable_line(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "\x00" not in line
    line.encode()  # no lone surrogate


@given(st.text(max_size=60), st.integers(2, 30))
def test_clipped_text_fits_and_says_that_it_was_clipped(text, limit):
    clipped = clip(text, limit)
    assert columns(clipped) <= limit
    assert clipped == text or clipped.endswith("…")


def test_directional_overrides_are_shown_not_obeyed():
    assert one_line("a\u202eb") == "a�b"
