"""The elementwise primitives on arrays: against PyTorch, NumPy, finite differences, and their own scalar forms.

`CASES` has a line for each; one without fails `test_every_primitive_has_a_case`. How many digits hold is in
test_accuracy_arrays.py.
"""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd import engine  # noqa: E402
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.op import OPS  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.value import Value  # noqa: E402

try:
    import torch
    from torch.nn import functional as F  # noqa: N812
except ImportError:
    torch = F = None

FILES = (
    "elementwise", "choices", "trigonometry", "error_function", "gaussian_units", "activations", "shrinkage",
    "special",
)  # fmt: skip
PRIMITIVES = {
    name: op for name, op in OPS.items() if op.__module__.removeprefix("micrograd.engine.ops.").startswith(FILES)
}
INF, NAN = math.inf, math.nan


class Case(NamedTuple):
    """PyTorch's function, by name or as a lambda (None if it has none), and ranges for the operands off the kinks."""

    peer: Any
    ranges: tuple[tuple[float, float], ...] = ((-3.0, 3.0),)


def bell_weighted(x: Any) -> Any:
    return torch.special.ndtr(x) + x * torch.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)


ONE, TWO = ((-3.0, 3.0),), ((-3.0, 3.0), (-3.0, 3.0))
ABOVE_ZERO, INSIDE_ONE = ((0.1, 5.0),), ((-0.9, 0.9),)
CASES = {
    "abs": Case("abs", ((0.1, 3.0),)),
    "add": Case("add", TWO),
    "arccos": Case("arccos", INSIDE_ONE),
    "arccosh": Case("arccosh", ((1.1, 5.0),)),
    "arcsin": Case("arcsin", INSIDE_ONE),
    "arcsinh": Case("arcsinh", ONE),
    "arctan": Case("arctan", ONE),
    "arctan2": Case("arctan2", ((-3.0, 3.0), (0.2, 3.0))),
    "arctanh": Case("arctanh", INSIDE_ONE),
    "cbrt": Case(lambda x: x ** (1.0 / 3.0), ABOVE_ZERO),
    "ceil": Case("ceil", ((0.1, 0.9),)),
    "celu": Case("celu", ((-3.0, -0.1),)),
    "clamp_max": Case(lambda x, y: torch.clamp(x, max=y), ((-3.0, -0.1), (0.1, 3.0))),
    "clamp_min": Case(lambda x, y: torch.clamp(x, min=y), ((-3.0, -0.1), (0.1, 3.0))),
    "copysign": Case("copysign", ((0.2, 3.0), (-3.0, -0.1))),
    "cos": Case("cos", ONE),
    "cosh": Case("cosh", ONE),
    "div": Case("div", ((-3.0, 3.0), (0.2, 3.0))),
    "elu": Case("elu", ((-3.0, -0.1),)),
    "erf": Case("erf", ONE),
    "erfc": Case("erfc", ONE),
    "exp": Case("exp", ONE),
    "exp2": Case("exp2", ONE),
    "expm1": Case("expm1", ONE),
    "floor": Case("floor", ((0.1, 0.9),)),
    "floor_divide": Case(
        lambda x, y: torch.floor_divide(x.detach(), y.detach()) + 0.0 * x * y, ((3.1, 3.9), (0.95, 1.02))
    ),
    "fmod": Case("fmod", ((-3.9, -3.1), (0.95, 1.02))),
    "gaussian": Case(lambda x: torch.exp(-x * x), ONE),
    "gelu": Case("gelu", ONE),
    "gelu_slope": Case(bell_weighted, ONE),
    "hardsigmoid": Case(lambda x: F.relu6(x + 3.0) / 6.0, ((-2.9, 2.9),)),  # F.hardsigmoid's 1/6 is a float32
    "hardswish": Case("hardswish", ((-2.9, 2.9),)),
    "hardtanh": Case("hardtanh", INSIDE_ONE),
    "hypot": Case("hypot", ((0.2, 3.0), (-3.0, 3.0))),
    "leaky_relu": Case("leaky_relu", ((-3.0, -0.1),)),
    "log": Case("log", ABOVE_ZERO),
    "log10": Case("log10", ABOVE_ZERO),
    "log1p": Case("log1p", ((-0.9, 5.0),)),
    "log2": Case("log2", ABOVE_ZERO),
    "logaddexp": Case("logaddexp", TWO),
    "logsigmoid": Case("logsigmoid", ONE),
    "maximum": Case("maximum", ((-3.0, -0.1), (0.1, 3.0))),
    "minimum": Case("minimum", ((-3.0, -0.1), (0.1, 3.0))),
    "mish": Case("mish", ONE),
    "mod": Case("remainder", ((3.1, 3.9), (0.95, 1.02))),
    "mul": Case("mul", TWO),
    "neg": Case("neg", ONE),
    "pow": Case("pow", ((0.2, 3.0), (-3.0, 3.0))),
    "reciprocal": Case("reciprocal", ABOVE_ZERO),
    "relu": Case("relu", ((0.1, 3.0),)),
    "relu6": Case("relu6", ((0.1, 5.9),)),
    "round": Case("round", ((0.6, 1.4),)),
    "rsqrt": Case("rsqrt", ABOVE_ZERO),
    "selu": Case("selu", ((-3.0, -0.1),)),
    "sigmoid": Case("sigmoid", ONE),
    "sign": Case("sign", ((0.1, 3.0),)),
    "silu": Case("silu", ONE),
    "sin": Case("sin", ONE),
    "sinc": Case("sinc", ((0.2, 3.0),)),  # PyTorch's gradient cancels near 0
    "sinh": Case("sinh", ONE),
    "softplus": Case("softplus", ONE),
    "softsign": Case("softsign", ((0.1, 3.0),)),
    "sqrt": Case("sqrt", ABOVE_ZERO),
    "square": Case("square", ONE),
    "sub": Case("sub", TWO),
    "tan": Case("tan", ((-1.2, 1.2),)),
    "tanh": Case("tanh", ONE),
    "tanhshrink": Case("tanhshrink", ((0.5, 3.0),)),
    "trunc": Case("trunc", ((0.1, 0.9),)),
    "where": Case(lambda x, y: torch.where(torch.tensor(CONDITION), x, y), TWO),
    "xlogy": Case("xlogy", ((-3.0, 3.0), (0.1, 3.0))),
}
CONDITION = np.array([[True], [False]])
SHAPES = [(), (3,), (2, 3), (2, 1, 2), (0,), (2, 0)]
PAIRS = [((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((), (2, 2)), ((2, 0), (1,)), ((1,), ())]


def peer_of(name: str) -> Any:
    peer = CASES[name].peer
    if torch is None or not isinstance(peer, str):
        return peer if torch else None
    return getattr(torch, peer, None) or getattr(F, peer)


def ours(name: str) -> Any:
    if name == "where":
        return lambda x, y: engine.where(CONDITION, x, y)
    return OPS[name]


def drawn(name: str, *shapes: tuple[int, ...]) -> list[Any]:
    rng = np.random.default_rng(len(name))
    ranges = CASES[name].ranges
    shapes = shapes if len(shapes) == len(ranges) else shapes[:1] * len(ranges)
    return [rng.uniform(low, high, size=shape) for (low, high), shape in zip(ranges, shapes, strict=True)]


def test_every_primitive_has_a_case() -> None:
    assert set(PRIMITIVES) == set(CASES)


# ---- against PyTorch and differences ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", sorted(CASES))
def test_agrees_with_torch_and_differences(agrees, name: str, shape: tuple[int, ...]) -> None:
    agrees(ours(name), peer_of(name), *drawn(name, shape))


@pytest.mark.parametrize("shapes", PAIRS, ids=str)
@pytest.mark.parametrize("name", sorted(name for name, case in CASES.items() if len(case.ranges) == 2))
def test_broadcasting(agrees, name: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    agrees(ours(name), peer_of(name), *drawn(name, *shapes))


@pytest.mark.parametrize("name", sorted(name for name in CASES if name != "where"))
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_shapes_and_broadcasts(agrees, name: str, data: st.DataObject) -> None:
    count = len(CASES[name].ranges)
    drawn_shapes = hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=3, min_side=0, max_side=3)
    agrees(ours(name), peer_of(name), *drawn(name, *data.draw(drawn_shapes).input_shapes))


@pytest.mark.parametrize("name", sorted(CASES))
def test_any_memory_layout(name: str) -> None:
    for operands in (drawn(name, (4, 6)), [x.astype(np.float32) for x in drawn(name, (4, 6))]):
        views = [x[::-2, 1::3] for x in operands]
        mine, copies = [Tensor(x) for x in views], [Tensor(x.copy()) for x in views]
        assert np.array_equal(ours(name)(*mine).numpy(), ours(name)(*copies).numpy())
        assert np.array_equal(ours(name)(*views), ours(name)(*copies).numpy())


SETTINGS = [
    (lambda x: engine.leaky_relu(x, 0.2), lambda x: F.leaky_relu(x, 0.2), (-3.0, -0.1)),
    (lambda x: engine.elu(x, 1.7), lambda x: F.elu(x, 1.7), (-3.0, -0.1)),
    (lambda x: engine.celu(x, alpha=2.0), lambda x: F.celu(x, 2.0), (-3.0, -0.1)),  # other alphas: 1e-8 off in theirs
    (lambda x: engine.hardtanh(x, -0.5, 2.5), lambda x: F.hardtanh(x, -0.5, 2.5), (-0.4, 2.4)),
    (lambda x: engine.hardtanh(x, -0.5, 2.5), lambda x: F.hardtanh(x, -0.5, 2.5), (2.6, 3.0)),
    (lambda x: engine.softplus(x, 2.5), lambda x: F.softplus(x, 2.5), (-3.0, 3.0)),
    (lambda x: engine.softplus(x, beta=3, threshold=1.5), lambda x: F.softplus(x, 3, 1.5), (0.6, 3.0)),
    (lambda x: engine.gelu(x, "tanh"), lambda x: F.gelu(x, approximate="tanh"), (-3.0, 3.0)),
    (lambda x: engine.round(x, 1), lambda x: torch.round(x, decimals=1), (0.06, 0.14)),
    (lambda x: engine.clip(x, -1.0, 1.0), lambda x: torch.clamp(x, -1.0, 1.0), (-0.9, 0.9)),
    (lambda x: engine.clip(x, None, 1.0), lambda x: torch.clamp(x, max=1.0), (1.1, 3.0)),
    (lambda x: engine.clip(x, a_min=-1.0), lambda x: torch.clamp(x, min=-1.0), (-3.0, -1.1)),
    (engine.glu, getattr(F, "glu", None), (-3.0, 3.0)),
    (lambda x: engine.glu(x, 0), lambda x: F.glu(x, 0), (-3.0, 3.0)),
    (lambda x: x**3, lambda x: x**3, (-3.0, 3.0)),
    (lambda x: 2**x, lambda x: 2**x, (-3.0, 3.0)),
    (engine.hardshrink, getattr(F, "hardshrink", None), (-3.0, -0.6)),
    (lambda x: engine.hardshrink(x, 2.0), lambda x: F.hardshrink(x, 2.0), (-1.9, 1.9)),
    (engine.softshrink, getattr(F, "softshrink", None), (-3.0, -0.6)),
    (lambda x: engine.softshrink(x, 0.1), lambda x: F.softshrink(x, 0.1), (0.2, 3.0)),
    (lambda x: engine.softshrink(x, 2.0), lambda x: F.softshrink(x, 2.0), (-1.9, 1.9)),
    (lambda x: engine.threshold(x, 1.0, 7.0), lambda x: F.threshold(x, 1.0, 7.0), (-1.0, 0.9)),
    (lambda x: engine.threshold(x, 1.0, 7.0), lambda x: F.threshold(x, 1.0, 7.0), (1.1, 3.0)),
    (engine.logit, getattr(torch, "logit", None), (0.05, 0.95)),
    (lambda x: engine.logit(x, eps=0.2), lambda x: torch.logit(x, 0.2), (0.0, 0.19)),
    (lambda x: engine.lerp(x, x**2, 0.3), lambda x: torch.lerp(x, x**2, 0.3), (-3.0, 3.0)),
    (lambda x: engine.lerp(1.0, x, x * 0.9), lambda x: torch.lerp(x * 0 + 1.0, x, x * 0.9), (-3.0, 3.0)),
    (lambda x: engine.mod(x, 2.0), lambda x: x % 2.0, (0.1, 1.9)),
]


@pytest.mark.parametrize(("mine", "peer", "bounds"), SETTINGS)
def test_settings(agrees, mine, peer, bounds) -> None:
    agrees(mine, peer if torch else None, np.random.default_rng(0).uniform(*bounds, size=(2, 4)))


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 2), (2, 3, 2, 2)], ids=str)
def test_prelu_has_a_slope_for_each_channel(agrees, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    below_zero = rng.uniform(-3.0, -0.1, size=shape)
    for slopes in (np.array([0.3]), rng.uniform(0.1, 0.9, size=3)):
        agrees(engine.prelu, F.prelu if torch else None, below_zero, slopes)


def test_limits_of_clip_receive_gradients(agrees) -> None:
    x, low, high = np.array([-2.0, 0.1, 2.0, 0.4]), np.array([-1.0, -1.0, -1.0, 0.7]), np.array([0.5, 0.6, 0.7, 0.8])
    agrees(engine.clip, torch.clamp if torch else None, x, low, high)
    agrees(engine.clip, None, x, low, high[:2, None])  # PyTorch doesn't broadcast a gradient to x


# ---- kinks, ties and edges: as in PyTorch ----------------------------------------------------------------------------


def gradients(function: Any, *operands: float) -> list[float]:
    tensors = [Tensor(operand, requires_grad=True) for operand in operands]
    function(*tensors).backward()
    return [0.0 if tensor.grad is None else float(tensor.grad) for tensor in tensors]


KINKS = [
    ("relu", (0.0,), [0.0]),
    ("relu", (NAN,), [1.0]),
    ("relu6", (0.0,), [0.0]),
    ("relu6", (6.0,), [0.0]),
    ("hardtanh", (-1.0,), [0.0]),
    ("hardtanh", (1.0,), [0.0]),
    ("hardsigmoid", (3.0,), [0.0]),
    ("hardswish", (-3.0,), [0.0]),
    ("hardswish", (3.0,), [1.0]),
    ("elu", (0.0,), [1.0]),
    ("celu", (0.0,), [1.0]),
    ("selu", (0.0,), [1.7580993408473766]),
    ("leaky_relu", (0.0,), [0.01]),
    ("abs", (0.0,), [0.0]),
    ("maximum", (1.0, 1.0), [0.5, 0.5]),
    ("maximum", (NAN, 1.0), [1.0, 1.0]),
    ("clamp_min", (1.0, 1.0), [1.0, 0.0]),
    ("clamp_max", (1.0, 1.0), [1.0, 0.0]),
    ("clip", (-1.0, -1.0, 1.0), [1.0, 0.0, 0.0]),
    ("clip", (5.0, 2.0, 1.0), [0.0, 0.0, 1.0]),
    ("clip", (0.0, 2.0, 1.0), [0.0, 0.0, 1.0]),
    ("mod", (6.0, 3.0), [1.0, -2.0]),
    ("fmod", (-5.0, 3.0), [1.0, 1.0]),
    ("copysign", (0.0, -1.0), [0.0, 0.0]),
    ("mod", (-5.0, 3.0), [1.0, 2.0]),
    ("arctan2", (0.0, 0.0), [0.0, 0.0]),
    ("arctan2", (0.0, -1.0), [-1.0, 0.0]),
    ("xlogy", (0.0, 2.0), [math.log(2.0), 0.0]),
    ("reciprocal", (0.0,), [-INF]),
    ("rsqrt", (0.0,), [-INF]),
    ("arctanh", (1.0,), [INF]),
    ("arccosh", (1.0,), [INF]),
    ("sinc", (0.0,), [0.0]),
    ("logsigmoid", (-INF,), [1.0]),
    ("softplus", (-INF,), [0.0]),
]


@pytest.mark.parametrize(("name", "operands", "expected"), KINKS)
def test_gradients_at_kinks_and_ties(name: str, operands: tuple[float, ...], expected: list[float]) -> None:
    assert gradients(getattr(engine, name), *operands) == expected
    if torch:
        tensors = [torch.tensor(operand, dtype=torch.float64, requires_grad=True) for operand in operands]
        peers = {
            "clamp_min": lambda x, y: x.clamp(min=y),
            "clamp_max": lambda x, y: x.clamp(max=y),
            "mod": torch.remainder,
        }
        (peers.get(name) or getattr(torch, name, None) or getattr(F, name))(*tensors).backward()
        assert [tensor.grad.item() for tensor in tensors] == expected


def test_where_pytorch_gives_nan_at_the_origin_the_gradient_is_zero() -> None:
    assert gradients(engine.hypot, 0.0, 0.0) == [0.0, 0.0]
    assert gradients(engine.xlogy, 0.0, 0.0) == [0.0, 0.0]


EDGES = np.array([0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, -2.5, 1e-310, 1e10, -1e10, 1e300, -1e300, INF, -INF, NAN])
NUMPY_NAMES = {
    "neg": "negative",
    "div": "divide",
    "mul": "multiply",
    "sub": "subtract",
    "pow": "power",
    "mod": "remainder",
}


def numpy_twin(name: str) -> Any:
    return getattr(np, NUMPY_NAMES.get(name, name), None) if name != "where" else None


@pytest.mark.parametrize("name", sorted(name for name in CASES if numpy_twin(name)))
def test_edges_are_as_in_numpy_for_arrays_tensors_and_floats(name: str) -> None:
    grid = np.meshgrid(*[EDGES] * len(CASES[name].ranges))
    with np.errstate(all="ignore"):
        expected = numpy_twin(name)(*grid)
        plain = ours(name)(*grid)
    np.testing.assert_array_equal(plain, expected)
    np.testing.assert_array_equal(ours(name)(*map(Tensor, grid)).numpy(), expected)
    assert np.array_equal(np.signbit(plain), np.signbit(expected))
    floats = np.array([ours(name)(*map(float, operands)) for operands in zip(*map(np.ravel, grid), strict=True)])
    np.testing.assert_allclose(floats, expected.ravel(), rtol=1e-15, atol=0.0)


@pytest.mark.parametrize("name", sorted(name for name in CASES if not numpy_twin(name) and name != "where"))
def test_edges_of_floats_are_those_of_arrays(name: str) -> None:
    grid = np.meshgrid(*[EDGES] * len(CASES[name].ranges))
    with np.errstate(all="ignore"):
        expected = np.ravel(ours(name)(*grid))
    floats = np.array([ours(name)(*map(float, operands)) for operands in zip(*map(np.ravel, grid), strict=True)])
    np.testing.assert_allclose(floats, expected, rtol=1e-15, atol=0.0)


@pytest.mark.skipif(torch is None, reason="needs PyTorch")
@pytest.mark.parametrize(
    "name",
    [
        "relu",
        "relu6",
        "elu",
        "celu",
        "selu",
        "leaky_relu",
        "hardtanh",
        "hardsigmoid",
        "tanhshrink",
        "sigmoid",
        "logsigmoid",
        "softplus",
    ],
)
def test_edges_of_activations_are_as_in_torch(name: str) -> None:
    with np.errstate(all="ignore"):
        mine = ours(name)(EDGES)
    np.testing.assert_allclose(mine, peer_of(name)(torch.tensor(EDGES)).numpy(), rtol=1e-14)


@pytest.mark.skipif(torch is None, reason="needs PyTorch")
@pytest.mark.parametrize("name", ["hardshrink", "softshrink", "threshold"])
def test_edges_of_shrinkage_are_as_in_torch(name: str) -> None:
    given = (1.0, -7.0) if name == "threshold" else ()
    mine = getattr(engine, name)(EDGES, *given)
    np.testing.assert_array_equal(mine, getattr(F, name)(torch.tensor(EDGES), *given).numpy())


@pytest.mark.parametrize("name", sorted(name for name, case in CASES.items() if name != "where"))
@given(data=st.data())
def test_floats_and_arrays_give_one_number(name: str, data: st.DataObject) -> None:
    operands = [data.draw(st.floats(-40.0, 40.0)) for _ in CASES[name].ranges]
    alone = ours(name)(*operands)
    with np.errstate(all="ignore"):
        among = ours(name)(*[np.array([operand, 0.5]) for operand in operands])[0]
    assert alone == among or (alone != alone and among != among) or abs(alone - among) <= 4 * math.ulp(alone)


# ---- dtypes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", sorted(CASES))
def test_the_dtype_is_kept_forwards_and_backwards(name: str, dtype: Any) -> None:
    operands = [x.astype(dtype) for x in drawn(name, (2, 3))]
    tensors = [Tensor(x, requires_grad=True) for x in operands]
    out = ours(name)(*tensors)
    assert out.dtype == dtype
    assert ours(name)(*operands).dtype == dtype
    expected = ours(name)(*[x.astype(np.float64) for x in operands])
    np.testing.assert_allclose(out.numpy(), expected, rtol=40 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)
    if out.requires_grad:
        out.sum().backward()
        assert all(tensor.grad.dtype == dtype for tensor in tensors)


@pytest.mark.parametrize(
    "name", sorted(name for name, case in CASES.items() if len(case.ranges) == 2 and name != "where")
)
def test_a_python_number_beside_float32_leaves_it_float32(name: str) -> None:
    x, y = (z.astype(np.float32) for z in drawn(name, (3,)))
    for operands in ((Tensor(x), 0.75), (0.75, Tensor(y)), (Tensor(x), 2), (1, Tensor(y))):
        assert ours(name)(*operands).dtype == np.float32


@pytest.mark.parametrize("name", sorted(name for name in CASES if numpy_twin(name) and name != "neg"))
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.bool_])
def test_integers_and_booleans_follow_numpy(name: str, dtype: Any) -> None:
    operands = [np.array([1, 1, 1]).astype(dtype)] * len(CASES[name].ranges)
    try:
        with np.errstate(all="ignore"):
            expected = numpy_twin(name)(*operands)
    except TypeError:
        with pytest.raises(MicrogradTypeError, match=name):
            ours(name)(*map(Tensor, operands))
        return
    out = ours(name)(*map(Tensor, operands))
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out.numpy(), expected)


@pytest.mark.parametrize(
    "name", ["sigmoid", "silu", "gelu", "erf", "erfc", "gaussian", "softplus", "elu", "mish", "hardswish"]
)
def test_integers_make_float64_where_numpy_has_no_say(name: str) -> None:
    integers = np.array([-2, 0, 3])
    assert ours(name)(integers).dtype == np.float64
    np.testing.assert_array_equal(ours(name)(integers), ours(name)(integers.astype(float)))


# ---- no warnings, no wrong numbers -----------------------------------------------------------------------------------

QUIET = [
    "arctan", "arcsinh", "celu", "clamp_max", "clamp_min", "elu", "erf", "erfc", "gaussian", "gelu", "gelu_slope",
    "hardsigmoid", "hardtanh", "leaky_relu", "logsigmoid", "relu", "relu6", "selu", "sigmoid", "softplus",
    "tanh", "tanhshrink", "xlogy",
]  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_plain_arrays_make_no_warnings_by_branches_that_are_not_used(name: str) -> None:
    x = np.array([-INF, -1e300, -1000.0, -50.0, 0.0, 50.0, 1000.0, 1e300, INF, NAN])
    operands = [np.zeros_like(x), np.abs(x)] if name == "xlogy" else [x, np.ones_like(x)][: PRIMITIVES[name].arity]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = ours(name)(*operands)
    assert np.isnan(out[-1]) or name == "xlogy"
    assert not np.isnan(out[:-1]).any()


def test_limits_far_out() -> None:
    far = np.array([-INF, -1e300, 1e300, INF])
    np.testing.assert_array_equal(engine.erf(far), [-1, -1, 1, 1])
    np.testing.assert_array_equal(engine.erfc(far), [2, 2, 0, 0])
    np.testing.assert_array_equal(engine.gaussian(far), [0, 0, 0, 0])
    np.testing.assert_array_equal(engine.gelu(far), [0, 0, 1e300, INF])
    np.testing.assert_array_equal(engine.gelu(far[1:], "tanh"), [0, 1e300, INF])
    np.testing.assert_array_equal(OPS["gelu_slope"](far), [0, 0, 1, 1])


ZERO_BRANCHES = [
    (np.array([1.0, INF, NAN, -0.0, 5e-324]), np.array([True, True, True, True, True])),
    (np.array([1.0, INF, NAN, -0.0, 5e-324]), np.array([False, False, False, False, False])),
    (np.arange(6.0).reshape(2, 3), np.array([True, False, True])),
    (np.arange(3.0), np.array([[True], [False]])),
    (np.array(2.0), np.array([True, False])),
    (np.arange(6, dtype=np.float32)[::-2], np.array([True, False, True])),
    (np.arange(3), np.array([True, False, True])),
    (np.zeros((0, 3)), np.zeros((2, 0, 1), dtype=bool)),
    (np.arange(3.0), True),
    (np.arange(3.0), np.array([2, 0, 1])),
]


@pytest.mark.parametrize(("x", "condition"), ZERO_BRANCHES)
def test_the_quick_way_of_where_gives_the_same_bits(x: Any, condition: Any) -> None:
    for other in (0.0, -0.0, 0, 1.5):
        for mine, numpys in [
            (engine.where(condition, x, other), np.where(condition, x, other)),
            (engine.where(condition, other, x), np.where(condition, other, x)),
        ]:
            assert mine.dtype == numpys.dtype
            np.testing.assert_array_equal(mine, numpys)
            assert np.array_equal(np.signbit(mine), np.signbit(numpys))


# ---- what is composed of primitives ----------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", [(-1.0, 1.0), (None, 0.5), (0.5, None), (None, None), (2, -2), (NAN, 1.0)])
def test_clip_is_numpys(limits: Any) -> None:
    for x in (EDGES, EDGES[:12].astype(np.float32), np.arange(-3, 3)):
        expected = x if limits == (None, None) else np.clip(x, *limits)
        out = engine.clip(Tensor(x), *limits)
        assert out.dtype == expected.dtype
        np.testing.assert_array_equal(out.numpy(), expected)
        np.testing.assert_array_equal(engine.clip(x, min=limits[0], max=limits[1]), expected)


def test_clip_refuses_a_limit_that_is_given_twice() -> None:
    with pytest.raises(MicrogradTypeError, match="a_min and min"):
        engine.clip(1.0, 0.0, min=0.5)


def test_clip_of_values() -> None:
    x, high = Value(7.0), Value(6.0)
    engine.clip(x, 0.0, high).backward()
    assert (x.grad, high.grad) == (0.0, 1.0)
    assert Value(-3.0).clip(a_min=0).data == 0.0


@pytest.mark.parametrize("name", ["isnan", "isinf", "isfinite"])
def test_questions(name: str) -> None:
    expected = getattr(np, name)(EDGES)
    ask = getattr(engine, name)
    assert np.array_equal(ask(EDGES), expected)
    assert ask(EDGES).dtype == np.bool_
    answer = ask(Tensor(EDGES, requires_grad=True))
    assert np.array_equal(answer.numpy(), expected)
    assert not answer.requires_grad
    for x, truth in zip(EDGES.tolist(), expected.tolist(), strict=True):
        assert ask(x) is truth
        assert ask(Value(x)) is truth


def test_glu_halves_an_axis_of_even_length_alone() -> None:
    for shape, axis in [((3,), -1), ((), -1), ((2, 4), 2), ((2, 3), 1)]:
        with pytest.raises(MicrogradValueError, match=r"glu\(\) of shape"):
            engine.glu(Tensor(np.zeros(shape)), axis=axis)


def test_prelu_refuses_the_wrong_number_of_slopes() -> None:
    with pytest.raises(MicrogradValueError, match="2 slopes for 3 channels"):
        engine.prelu(Tensor(np.zeros((4, 3))), Tensor(np.zeros(2)))


def test_gelu_refuses_an_unknown_approximation() -> None:
    for x in (1.0, Value(1.0), Tensor([1.0]), np.array([1.0])):
        with pytest.raises(MicrogradValueError, match='"none" or "tanh"'):
            engine.gelu(x, approximate="fast")


def test_a_softplus_threshold_is_pytorchs() -> None:
    x = np.array([-5.0, 19.9, 20.1])
    assert engine.softplus(x, threshold=20.0)[2] == 20.1
    assert engine.softplus(x)[2] > 20.1
    if torch:
        theirs = F.softplus(torch.tensor(x), 1, 20).numpy()
        np.testing.assert_allclose(engine.softplus(x, 1, 20), theirs, rtol=1e-15)


# ---- higher orders ---------------------------------------------------------------------------------------------------


def derivatives(function: Any, x: float, order: int) -> list[float]:
    tensor = Tensor(x, requires_grad=True)
    current, found = function(tensor), []
    for _ in range(order):
        tensor.grad = None
        current.backward(create_graph=True)
        current = tensor.grad
        found.append(current.item())
    return found


SERIES_AT_ZERO = {
    "sinc": [0.0, -(math.pi**2) / 3.0, 0.0, math.pi**4 / 5.0],
    "tanh": [1.0, 0.0, -2.0, 0.0],
    "sigmoid": [0.25, 0.0, -0.125, 0.0],
    "silu": [0.5, 0.5, 0.0, -0.5],
    "softplus": [0.5, 0.25, 0.0, -0.125],
    "logsigmoid": [0.5, -0.25, 0.0, 0.125],
    "erf": [2.0 / math.sqrt(math.pi), 0.0, -4.0 / math.sqrt(math.pi), 0.0],
    "gelu": [0.5, 2.0 / math.sqrt(2.0 * math.pi), 0.0, -4.0 / math.sqrt(2.0 * math.pi)],
}


@pytest.mark.parametrize("name", sorted(SERIES_AT_ZERO))
def test_four_derivatives_where_the_formula_changes_branch(name: str) -> None:
    assert derivatives(ours(name), 0.0, 4) == pytest.approx(SERIES_AT_ZERO[name], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("x", "y"), [(0.0, 2.0), (0.0, 3.0), (1.5, 0.0), (0.0, 1.0)])
def test_second_derivatives_of_powers_at_zero(x: float, y: float) -> None:
    assert derivatives(lambda t: t**y, x, 2) == [y * x ** max(y - 1.0, 0.0), y * (y - 1.0) * (x if y > 2.0 else 1.0)]
