"""Dropout, trusting a gradient, and derivatives of derivatives."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ladder.cases import Case
from ladder.rungs.rung import Rung
from micrograd.engine import grad


def _dropout(x: list[float], keep: list[bool], p: float, training: bool) -> list[float]:
    return [xi / (1 - p) if kept else 0.0 for xi, kept in zip(x, keep, strict=True)] if training else list(x)


def _drops() -> Iterator[Case]:
    for training in (True, False):
        for x, keep in (([2.0], [True]), ([2.0], [False]), ([2.0, 3.0], [True, False])):
            for p in (0.5, 0.25):
                yield Case(f"dropout({x}, {keep}, p={p}, training={training})")


def _agree(analytic: float, numeric: float, rtol: float, atol: float) -> bool:
    return math.isfinite(analytic) and abs(analytic - numeric) <= atol + rtol * abs(numeric)


def _agreements() -> Iterator[Case]:
    for pair in (
        "1.0, 1.0",
        "1.0, 2.0",
        "2.0, 1.0",
        "-1.0, -1.0",
        "-1.0, 1.0",
        "0.0, 0.0",
        "0.0, 1e-9",
        "1e6, 1e6 + 1.0",
        "-1e6, -1e6 - 1.0",
        "1e6, 1e6 + 100.0",
        "float('nan'), 1.0",
        "float('nan'), float('nan')",
    ):
        yield Case(f"agree({pair}, rtol=1e-5, atol=1e-8)")


def _curvatures() -> Iterator[Case]:
    for formula in ("x", "x * x", "x * x * x", "x * x * x * x", "1 / x"):
        for x in (1.0, 2.0, -1.0):
            yield Case(f"second_derivative(lambda x: {formula}, {x})")


CRAFT = (
    Rung("22_dropout", _dropout, _drops),
    Rung("23_agree", _agree, _agreements),
    Rung("24_second_derivative", lambda f, x: grad(grad(f))(x), _curvatures),
)
