"""How many digits hold, on arrays and on single numbers: outputs and gradients against 60-digit arithmetic.

On |x| <= 40 an output is off by at most 4 ULP and a gradient by at most 16, where one ULP is the distance between the
floats about the right answer, subnormal ones included, and also right beside the root of a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import pytest

np = pytest.importorskip("numpy")
mpmath = pytest.importorskip("mpmath")

from micrograd import engine  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.value import Value  # noqa: E402

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
    """A function, its derivative, and where to look closely."""

    function: Callable[[Any], Any]
    derivative: Callable[[Any], Any]
    low: float = -40.0
    high: float = 40.0
    close_to: tuple[float, ...] = (0.0,)


GELU_ROOT, SILU_ROOT = -0.7517915246935645, -1.2784645427610738
REFERENCES = {
    "cos": Reference(mp.cos, lambda x: -mp.sin(x), close_to=(math.pi, math.pi / 2, 11 * math.pi)),
    "erf": Reference(mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x), close_to=(0.0, 26.9, -26.9)),
    "erfc": Reference(mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x), close_to=(0.25, 1.25, 26.9)),
    "exp": Reference(mp.exp, mp.exp),
    "expm1": Reference(mp.expm1, mp.exp),
    "gelu": Reference(
        lambda x: x * distribution(x),
        lambda x: distribution(x) + x * density(x),
        close_to=(0.0, GELU_ROOT, -1.2, -1.77, -38.0, -38.3, -38.5),
    ),
    "log": Reference(mp.log, lambda x: 1 / x, low=1e-300, close_to=(1.0,)),
    "log1p": Reference(mp.log1p, lambda x: 1 / (1 + x), low=-1.0 + 1e-9),
    "logsigmoid": Reference(lambda x: -mp.log1p(mp.exp(-x)), lambda x: sigma(-x)),
    "sigmoid": Reference(sigma, lambda x: sigma(x) * sigma(-x)),
    "silu": Reference(
        lambda x: x * sigma(x), lambda x: sigma(x) * (1 + x * sigma(-x)), close_to=(0.0, SILU_ROOT, -SILU_ROOT)
    ),
    "sin": Reference(mp.sin, mp.cos, close_to=(0.0, math.pi / 2, -4.5 * math.pi)),
    "softplus": Reference(lambda x: mp.log1p(mp.exp(x)), sigma),
    "sqrt": Reference(mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), low=1e-300),
    "tanh": Reference(mp.tanh, lambda x: mp.sech(x) ** 2),
}


def points(reference: Reference) -> Any:
    """All over the domain, and ever closer to the places where digits get lost."""
    rng = np.random.default_rng(0)
    steps = np.concatenate([sign * 10.0 ** rng.uniform(-17.0, -0.5, size=40) for sign in (1, -1)])
    near = np.concatenate([place + steps for place in reference.close_to])
    x = np.concatenate([rng.uniform(-40.0, 40.0, size=250), rng.uniform(-2.0, 2.0, size=100), near, [-40.0, 40.0]])
    return x[(x >= reference.low) & (x <= reference.high)]


@cache
def right_answers(name: str) -> tuple[Any, list[Any], list[Any]]:
    x = points(REFERENCES[name])
    exact = [mp.mpf(float(number)) for number in x]
    return x, list(map(REFERENCES[name].function, exact)), list(map(REFERENCES[name].derivative, exact))


def on_arrays(name: str, x: Any) -> tuple[Any, Any]:
    tensor = Tensor(x, requires_grad=True)
    out = getattr(engine, name)(tensor)
    out.sum().backward()
    return out.numpy(), tensor.grad


def on_numbers(name: str, x: Any) -> tuple[Any, Any]:
    values = [Value(number) for number in x]
    outs = [getattr(engine, name)(value) for value in values]
    for out in outs:
        out.backward()
    return [out.data for out in outs], [value.grad for value in values]


def worst(found: Any, right: list[Any], x: Any) -> tuple[float, float]:
    """The largest error in ULP, and the x where it is."""
    return max(
        (float(abs(mp.mpf(float(number)) - answer) / math.ulp(float(answer))), float(place))
        for number, answer, place in zip(found, right, x, strict=True)
    )


@pytest.mark.parametrize("compute", [on_arrays, on_numbers])
@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_digits(name: str, compute: Any) -> None:
    x, outputs, slopes = right_answers(name)
    found, gradients = compute(name, x)
    assert worst(found, outputs, x) <= (FORWARD_ULP, math.inf)
    assert worst(gradients, slopes, x) <= (GRADIENT_ULP, math.inf)


@pytest.mark.parametrize("name", ["erf", "erfc", "gelu", "gaussian", "sigmoid", "softplus", "silu", "tanh"])
def test_single_precision_has_all_its_digits(name: str) -> None:
    x = np.random.default_rng(0).uniform(-12.0, 12.0, size=2000).astype(np.float32)
    out = getattr(engine, name)(x)
    exact = getattr(engine, name)(x.astype(np.float64))
    assert out.dtype == np.float32
    assert (np.abs(out - exact) <= 4 * np.spacing(np.abs(exact).astype(np.float32))).all()
