"""Slopes, and operations that hand their gradient on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ladder.cases import NUMBERS, Case, calls_of
from ladder.rungs.rung import Rung


def _central(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def _slopes() -> Iterator[Case]:
    for formula in ("x", "x * x", "x * x * x", "1 / x"):
        for h in (0.1, 0.01):
            for x in NUMBERS:
                yield Case(f"slope(lambda x: {formula}, {x:g}, {h:g})")


OPERATIONS = (
    Rung("01_slope", _central, _slopes),
    Rung("02_add", lambda a, b: a + b, partial(calls_of, "add({}, {})")),
    Rung("03_multiply", lambda a, b: a * b, partial(calls_of, "multiply({}, {})")),
    Rung(
        "04_power",
        lambda a, n: a**n,
        partial(calls_of, *(f"power({{}}, {n})" for n in (2, 3, -1))),
    ),
    Rung("05_tanh", lambda a: a.tanh(), partial(calls_of, "tanh({})", numbers=(0.0, *NUMBERS))),
    Rung("06_relu", lambda a: a.relu(), partial(calls_of, "relu({})", numbers=(*NUMBERS, 0.0, -2.0))),
    Rung("07_divide", lambda a, b: a / b, partial(calls_of, "divide({}, {})")),
)
