"""How many digits hold: output and gradient against 60-digit arithmetic, on |x| <= 40, in ULP.

One ULP is the distance between the floats next to the right answer. An output may be off by 4 ULP and a gradient
by 16, and that near the roots of gelu' and silu' too, where the terms of the plain formulas cancel. In the far
tails, below 2.2e-308, the distance is 5e-324 throughout.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from micrograd.engine.ops.op import OPS
from micrograd.engine.value import Value

mpmath = pytest.importorskip("mpmath")

FORWARD_ULP, GRADIENT_ULP = 4.0, 16.0
mp = mpmath.mp.clone()
mp.dps = 60


def sigma(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def density(x: Any) -> Any:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def distribution(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


class Reference(NamedTuple):
    """The function, its derivative, and where to compare."""

    function: Callable[[Any], Any]
    derivative: Callable[[Any], Any]
    low: float = -40.0
    high: float = 40.0


REFERENCES = {
    "arccos": Reference(mp.acos, lambda x: -1 / mp.sqrt(1 - x * x), low=-0.999999, high=0.999999),
    "arcsin": Reference(mp.asin, lambda x: 1 / mp.sqrt(1 - x * x), low=-0.999999, high=0.999999),
    "arctan": Reference(mp.atan, lambda x: 1 / (1 + x * x)),
    "cos": Reference(mp.cos, lambda x: -mp.sin(x)),
    "cosh": Reference(mp.cosh, mp.sinh),
    "erf": Reference(mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "erfc": Reference(mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "exp": Reference(mp.exp, mp.exp),
    "expm1": Reference(mp.expm1, mp.exp),
    "exp2": Reference(lambda x: mp.mpf(2) ** x, lambda x: mp.log(2) * mp.mpf(2) ** x),
    "gelu": Reference(lambda x: x * distribution(x), lambda x: distribution(x) + x * density(x)),
    "log": Reference(mp.log, lambda x: 1 / x, low=1e-300),
    "log1p": Reference(mp.log1p, lambda x: 1 / (1 + x), low=-0.999999),
    "logsigmoid": Reference(lambda x: -mp.log1p(mp.exp(-x)), lambda x: sigma(-x)),
    "sigmoid": Reference(sigma, lambda x: sigma(x) * sigma(-x)),
    "silu": Reference(lambda x: x * sigma(x), lambda x: sigma(x) * (1 + x * sigma(-x))),
    "sin": Reference(mp.sin, mp.cos),
    "sinh": Reference(mp.sinh, mp.cosh),
    "softplus": Reference(lambda x: mp.log1p(mp.exp(x)), sigma),
    "sqrt": Reference(mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), low=1e-300),
    "tan": Reference(mp.tan, lambda x: mp.sec(x) ** 2),
    "tanh": Reference(mp.tanh, lambda x: mp.sech(x) ** 2),
}

ROOTS = [-1.2784645427610737, -0.7517915246935645]  # of silu' and of gelu'


def points(reference: Reference) -> list[float]:
    """Evenly spaced, at random, down to tiny ones of either sign, and close to the roots of a derivative."""
    rng = random.Random(20)
    low, high = reference.low, reference.high
    even = [low + (high - low) * i / 400 for i in range(401)]
    scattered = [rng.uniform(low, high) for _ in range(400)]
    tiny = [sign * 10.0 ** rng.uniform(-12.0, 0.0) for sign in (-1.0, 1.0) for _ in range(100)]
    close = [root + sign * 10.0 ** rng.uniform(-12.0, 0.0) for root in ROOTS for sign in (-1.0, 1.0) for _ in range(50)]
    return [x for x in even + scattered + tiny + close if x and low <= x <= high]


def in_ulp(computed: float, exact: Any) -> float:
    """The error in units of the last place of the right answer."""
    return float(abs(mp.mpf(computed) - exact) / math.ulp(float(exact)))


def worst(errors: list[tuple[float, float]]) -> tuple[float, float]:
    return max(errors, key=lambda pair: pair[0])


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_digits(name: str) -> None:
    reference = REFERENCES[name]
    outputs, gradients = [], []
    for x in points(reference):
        leaf, exact = Value(x), mp.mpf(x)
        out = OPS[name](leaf)
        out.backward()
        outputs.append((in_ulp(out.data, reference.function(exact)), x))
        gradients.append((in_ulp(leaf.grad, reference.derivative(exact)), x))
    assert worst(outputs)[0] <= FORWARD_ULP, worst(outputs)
    assert worst(gradients)[0] <= GRADIENT_ULP, worst(gradients)


@pytest.mark.parametrize(
    ("name", "x"),
    [("tanh", 20.0), ("tanh", -40.0), ("sigmoid", 40.0), ("sigmoid", -40.0), ("gelu", -10.0), ("softplus", -40.0)],
)
def test_no_tail_is_lost(name: str, x: float) -> None:
    """Where the peers return 0: 1 - t*t, s * (1 - s) and 1 + erf(x) cancel."""
    leaf = Value(x)
    out = OPS[name](leaf)
    out.backward()
    assert leaf.grad != 0.0
    assert leaf.grad == pytest.approx(float(REFERENCES[name].derivative(mp.mpf(x))), rel=1e-13)
    assert out.data == pytest.approx(float(REFERENCES[name].function(mp.mpf(x))), rel=1e-13)


def test_small_numbers_keep_their_digits() -> None:
    for name in ("expm1", "log1p", "sin", "tan", "tanh", "arcsin", "arctan", "sinh", "erf"):
        x = Value(1e-20)
        out = OPS[name](x)
        out.backward()
        slope = 2.0 / math.sqrt(math.pi) if name == "erf" else 1.0
        assert out.data == pytest.approx(slope * 1e-20, rel=1e-15)
        assert x.grad == pytest.approx(slope, rel=1e-15)
