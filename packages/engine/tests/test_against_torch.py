"""Every elementwise primitive against PyTorch in float64, to 1e-12: output and gradients.

Where PyTorch itself keeps fewer digits, the range stops short of it, and the entry says why; test_accuracy.py
has the comparison with 60-digit arithmetic for those.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd import engine
from micrograd.engine.ops.op import OPS
from micrograd.engine.value import Value

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

ELEMENTWISE = {
    name: op for name, op in OPS.items() if op.elementwise and name in set(engine.__all__) - {"stop_gradient"}
}
F = torch.nn.functional


class Peer(NamedTuple):
    """PyTorch's function, and where it is accurate."""

    function: Callable[..., Any]
    operands: st.SearchStrategy[tuple[float, ...]]


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


def one(low: float, high: float) -> st.SearchStrategy[tuple[float, ...]]:
    return st.tuples(between(low, high))


def two(low: float, high: float) -> st.SearchStrategy[tuple[float, ...]]:
    return st.tuples(between(low, high), between(low, high))


def unequal(low: float, high: float) -> st.SearchStrategy[tuple[float, ...]]:
    return two(low, high).filter(lambda pair: pair[0] != pair[1])


WIDE = 40.0
FROM_TINY = 1e-300  # above 0, where PyTorch and we agree on inf, but 1e-12 of it means nothing
PEERS = {
    "abs": Peer(torch.abs, one(-WIDE, WIDE)),
    "add": Peer(torch.add, two(-WIDE, WIDE)),
    # rsqrt(1 - x*x) cancels near 1, and so does that of x*x - 1
    "arccos": Peer(torch.arccos, one(-0.99, 0.99)),
    "arccosh": Peer(torch.arccosh, one(1.01, WIDE)),
    "arcsin": Peer(torch.arcsin, one(-0.99, 0.99)),
    # near 0 its output is log(x + sqrt(x*x + 1)) for some widths of vectors
    "arcsinh": Peer(torch.arcsinh, one(-WIDE, -0.01) | one(0.01, WIDE)),
    "arctan": Peer(torch.arctan, one(-WIDE, WIDE)),
    "arctan2": Peer(torch.arctan2, st.tuples(between(-WIDE, WIDE), between(1e-3, WIDE) | between(-WIDE, -1e-3))),
    "arctanh": Peer(torch.arctanh, one(-0.99, 0.99)),
    "cbrt": Peer(lambda x: x.sign() * x.abs() ** (1.0 / 3.0), one(-WIDE, -1e-3) | one(1e-3, WIDE)),
    "ceil": Peer(torch.ceil, one(-WIDE, WIDE)),
    "celu": Peer(F.celu, one(-WIDE, WIDE)),
    "clamp_max": Peer(lambda x, high: x.clamp(max=high), unequal(-WIDE, WIDE)),
    "clamp_min": Peer(lambda x, low: x.clamp(min=low), unequal(-WIDE, WIDE)),
    "copysign": Peer(torch.copysign, st.tuples(between(-WIDE, WIDE), between(-WIDE, WIDE))),
    "cos": Peer(torch.cos, one(-WIDE, WIDE)),
    "cosh": Peer(torch.cosh, one(-WIDE, WIDE)),
    "div": Peer(torch.div, st.tuples(between(-WIDE, WIDE), between(-WIDE, -1e-3) | between(1e-3, WIDE))),
    # its gradient below 0 is out + alpha, which cancels
    "elu": Peer(F.elu, one(-5.0, WIDE)),
    "erf": Peer(torch.erf, one(-20.0, 20.0)),
    "erfc": Peer(torch.erfc, one(-20.0, 20.0)),
    "exp": Peer(torch.exp, one(-WIDE, WIDE)),
    "exp2": Peer(torch.exp2, one(-WIDE, WIDE)),
    # its gradient is out + 1, which cancels
    "expm1": Peer(torch.expm1, one(-5.0, WIDE)),
    # it has no gradient there, which counts as 0
    "floor_divide": Peer(
        lambda x, y: torch.floor_divide(x.detach(), y.detach()) + 0.0 * x * y,
        st.tuples(between(-WIDE, WIDE), between(-WIDE, -0.5) | between(0.5, WIDE)),
    ),
    "floor": Peer(torch.floor, one(-WIDE, WIDE)),
    "fmod": Peer(torch.fmod, st.tuples(between(-WIDE, WIDE), between(-WIDE, -0.5) | between(0.5, WIDE))),
    "gaussian": Peer(lambda x: torch.exp(-x * x), one(-20.0, 20.0)),
    # x * (1 + erf(x / sqrt(2))) / 2 loses the lower tail
    "gelu": Peer(F.gelu, one(-2.0, WIDE)),
    "gelu_slope": Peer(
        lambda x: torch.special.ndtr(x) + x * torch.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi), one(-2.0, 20.0)
    ),
    # its own gradient, in float64 too, is 1/6 to the digits of a float32
    "hardsigmoid": Peer(lambda x: F.relu6(x + 3.0) / 6.0, one(-WIDE, WIDE)),
    "hardswish": Peer(F.hardswish, one(-WIDE, WIDE)),
    "hardtanh": Peer(F.hardtanh, one(-WIDE, WIDE)),
    "hypot": Peer(torch.hypot, st.tuples(between(1e-3, WIDE), between(-WIDE, WIDE))),
    "leaky_relu": Peer(F.leaky_relu, one(-WIDE, WIDE)),
    "log": Peer(torch.log, one(FROM_TINY, WIDE)),
    "log10": Peer(torch.log10, one(FROM_TINY, WIDE)),
    "log1p": Peer(torch.log1p, one(-0.99, WIDE)),
    "log2": Peer(torch.log2, one(FROM_TINY, WIDE)),
    "logaddexp": Peer(torch.logaddexp, two(-WIDE, WIDE)),
    "logsigmoid": Peer(F.logsigmoid, one(-WIDE, WIDE)),
    "maximum": Peer(torch.maximum, two(-WIDE, WIDE) | st.just((1.5, 1.5))),
    "minimum": Peer(torch.minimum, two(-WIDE, WIDE) | st.just((1.5, 1.5))),
    # its gradient is t + x s(x) (1 - t*t), t = tanh(softplus(x)), which cancels where t is near 1, and from 20 on
    # its softplus returns x
    "mish": Peer(F.mish, one(-WIDE, 4.0)),
    "mod": Peer(torch.remainder, st.tuples(between(-WIDE, WIDE), between(-WIDE, -0.5) | between(0.5, WIDE))),
    "mul": Peer(torch.mul, two(-WIDE, WIDE)),
    "neg": Peer(torch.neg, one(-WIDE, WIDE)),
    "pow": Peer(torch.pow, st.tuples(between(1e-3, WIDE), between(-20.0, 20.0)) | st.just((0.0, 0.0))),
    "reciprocal": Peer(torch.reciprocal, one(-WIDE, -1e-3) | one(1e-3, WIDE)),
    "relu": Peer(torch.relu, one(-WIDE, WIDE)),
    "relu6": Peer(F.relu6, one(-WIDE, WIDE)),
    "round": Peer(torch.round, one(-WIDE, WIDE)),
    "rsqrt": Peer(torch.rsqrt, one(1e-90, WIDE)),
    "selu": Peer(F.selu, one(-5.0, WIDE)),
    # s * (1 - s) cancels from below 1
    "sigmoid": Peer(torch.sigmoid, one(-WIDE, 7.0)),
    "sign": Peer(torch.sign, one(-WIDE, WIDE)),
    "silu": Peer(F.silu, one(-WIDE, WIDE)),
    "sin": Peer(torch.sin, one(-WIDE, WIDE)),
    # its gradient is (pi x cos(pi x) - sin(pi x)) / (pi x*x), which cancels near 0
    "sinc": Peer(torch.sinc, one(-WIDE, -0.5) | one(0.5, WIDE)),
    "sinh": Peer(torch.sinh, one(-WIDE, WIDE)),
    # from 20 on it returns x
    "softplus": Peer(F.softplus, one(-WIDE, 20.0)),
    "softsign": Peer(F.softsign, one(-WIDE, WIDE)),
    "sqrt": Peer(torch.sqrt, one(FROM_TINY, WIDE)),
    "square": Peer(torch.square, one(-WIDE, WIDE)),
    "sub": Peer(torch.sub, two(-WIDE, WIDE)),
    "tan": Peer(torch.tan, one(-WIDE, WIDE)),
    # 1 - t*t cancels
    "tanh": Peer(torch.tanh, one(-4.0, 4.0)),
    # x - tanh(x) cancels
    "tanhshrink": Peer(F.tanhshrink, one(-WIDE, -1.0) | one(1.0, WIDE)),
    "trunc": Peer(torch.trunc, one(-WIDE, WIDE)),
    "where": Peer(
        lambda c, x, y: torch.where(c > 0.0, x, y),
        st.tuples(st.sampled_from([-1.0, 1.0]), between(-WIDE, WIDE), between(-WIDE, WIDE)),
    ),
    "xlogy": Peer(torch.xlogy, st.tuples(between(-WIDE, WIDE), between(FROM_TINY, WIDE))),
}


def ours(function: Callable[..., Value], operands: tuple[float, ...]) -> list[float]:
    """Output and gradients."""
    values = [Value(operand) for operand in operands]
    out = function(*values)
    out.backward()
    return [out.data, *(value.grad for value in values)]


def theirs(function: Callable[..., Any], operands: tuple[float, ...]) -> list[float]:
    tensors = [torch.tensor(operand, dtype=torch.float64, requires_grad=True) for operand in operands]
    out = function(*tensors)
    out.backward()
    return [out.item(), *(0.0 if tensor.grad is None else tensor.grad.item() for tensor in tensors)]


def agree(a: float, b: float) -> bool:
    # 1e-15: near a root of gelu' and silu' all digits of either are rounding
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15) or (a != a and b != b)


def test_every_op_has_a_peer() -> None:
    assert set(ELEMENTWISE) == set(PEERS)


@pytest.mark.parametrize("name", sorted(PEERS))
@given(data=st.data())
def test_agrees_with_torch(name: str, data: st.DataObject) -> None:
    peer = PEERS[name]
    operands = data.draw(peer.operands)
    # The condition is no operand that a gradient reaches: what is compared there is the choice.
    function = (lambda c, x, y: OPS["where"](c > 0.0, x, y)) if name == "where" else OPS[name]
    a, b = ours(function, operands), theirs(peer.function, operands)
    assert all(map(agree, a, b)), f"{name}{operands}: ours {a}, torch {b}"


@pytest.mark.parametrize(
    ("mine", "peer"),
    [
        (lambda v: v.leaky_relu(0.2), lambda t: F.leaky_relu(t, 0.2)),
        (lambda v: v.elu(1.7), lambda t: F.elu(t, 1.7)),
        (lambda v: v**3, lambda t: t**3),
        (lambda v: v**-2, lambda t: t**-2),
        (lambda v: v**0, lambda t: t**0),
        (lambda v: 2**v, lambda t: 2**t),
        (lambda v: 1 / v, lambda t: 1 / t),
        (lambda v: 3 - v, lambda t: 3 - t),
    ],
)
@given(x=between(-4.0, -0.01) | between(0.01, 4.0))
def test_settings_and_constants_agree_with_torch(mine: Any, peer: Any, x: float) -> None:
    assert all(map(agree, ours(mine, (x,)), theirs(peer, (x,))))


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("pow", (0.0, 0.0)),
        ("pow", (0.0, 2.0)),
        ("pow", (0.0, 1.0)),
        ("pow", (-2.0, 3.0)),
        ("relu", (0.0,)),
        ("relu", (math.nan,)),
        ("abs", (0.0,)),
        ("sqrt", (0.0,)),
        ("log", (0.0,)),
        ("log", (-1.0,)),
        ("log1p", (-1.0,)),
        ("div", (1.0, 0.0)),
        ("div", (0.0, 0.0)),
        ("exp", (1000.0,)),
        ("tanh", (1e4,)),
        ("sigmoid", (-1e4,)),
        ("arcsin", (1.0,)),
        ("sign", (0.0,)),
    ],
)
def test_the_edges_are_as_in_torch(name: str, operands: tuple[float, ...]) -> None:
    a, b = ours(OPS[name], operands), theirs(PEERS[name].function, operands)
    assert all(map(agree, a, b)), f"{name}{operands}: ours {a}, torch {b}"
