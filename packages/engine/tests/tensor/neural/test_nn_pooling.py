"""Pooling against PyTorch over all settings, ties and nan, and the windows that are refused."""

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.neural.pooling import (  # noqa: E402
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch

    F = torch.nn.functional
except ImportError:
    torch = F = None

RNG = np.random.default_rng(0)
SHARED = [  # shape, kernel, settings that both kinds have
    ((2, 2, 6), 2, {}),
    ((2, 7), 3, {"stride": 2}),
    ((2, 2, 7), 3, {"stride": 2, "padding": 1}),
    ((1, 2, 6), 3, {"stride": 2, "ceil_mode": True}),
    ((1, 2, 5), 2, {"stride": 2, "padding": 1, "ceil_mode": True}),
    ((1, 2, 4), 3, {"stride": 1, "ceil_mode": True}),
    ((2, 2, 4, 6), 2, {}),
    ((2, 5, 6), (3, 2), {"stride": (1, 2)}),
    ((1, 2, 5, 5), 3, {"stride": 1, "padding": 1}),
    ((1, 1, 6, 7), (2, 3), {"stride": (3, 2), "padding": (1, 0), "ceil_mode": True}),
    ((1, 1, 3, 3), 3, {}),
]


def _names(kind, shape):
    return f"{kind}_pool{2 if len(shape) == 4 or shape == (2, 5, 6) else 1}d"


@pytest.mark.parametrize(("shape", "kernel", "given"), SHARED)
def test_max_pool_agrees_with_torch(agrees, shape, kernel, given):
    name = _names("max", shape)
    x = RNG.permutation(np.arange(float(np.prod(shape)))).reshape(shape)  # no ties
    agrees(
        lambda x: globals()[name](x, kernel, **given) ** 2,
        lambda x: getattr(F, name)(x, kernel, **given) ** 2,
        x,
        eps=1e-5,
    )


@pytest.mark.parametrize("shape", [(2, 2, 9), (1, 2, 7, 8)])
def test_dilated_max_pool_agrees_with_torch(agrees, shape):
    name = _names("max", shape)
    agrees(
        lambda x: globals()[name](x, 3, stride=1, padding=1, dilation=2) ** 2,
        lambda x: getattr(F, name)(x, 3, stride=1, padding=1, dilation=2) ** 2,
        RNG.normal(size=shape),
    )


@pytest.mark.parametrize(("shape", "kernel", "given"), SHARED)
@pytest.mark.parametrize("count_include_pad", [True, False])
def test_avg_pool_agrees_with_torch(agrees, shape, kernel, given, count_include_pad):
    name = _names("avg", shape)
    agrees(
        lambda x: globals()[name](x, kernel, count_include_pad=count_include_pad, **given) ** 2,
        lambda x: getattr(F, name)(x, kernel, count_include_pad=count_include_pad, **given) ** 2,
        RNG.normal(size=shape),
    )


def test_divisor_override_agrees_with_torch(agrees):
    agrees(
        lambda x: avg_pool2d(x, 2, padding=1, divisor_override=3),
        lambda x: F.avg_pool2d(x, 2, padding=1, divisor_override=3),
        RNG.normal(size=(1, 2, 5, 5)),
        second=False,
    )


@pytest.mark.parametrize("shape", [(2, 3, 6), (3, 7), (1, 1, 1)])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_adaptive_avg_pool1d_agrees_with_torch(agrees, shape, size):
    agrees(
        lambda x: adaptive_avg_pool1d(x, size) ** 2,
        lambda x: F.adaptive_avg_pool1d(x, size) ** 2,
        RNG.normal(size=shape),
    )


@pytest.mark.parametrize("shape", [(2, 2, 6, 4), (2, 5, 7)])
@pytest.mark.parametrize("size", [1, 2, (3, 4), (None, 3), (4, None), (7, 9)])
def test_adaptive_avg_pool2d_agrees_with_torch(agrees, shape, size):
    agrees(
        lambda x: adaptive_avg_pool2d(x, size) ** 2,
        lambda x: F.adaptive_avg_pool2d(x, size) ** 2,
        RNG.normal(size=shape),
        numeric=False,
    )


@pytest.mark.parametrize("given", [{}, {"stride": 1}, {"stride": 1, "padding": 1}])
def test_of_equals_the_first_receives_the_gradient(given):
    x = np.maximum(RNG.integers(-3, 3, size=(2, 3, 6, 6)), 0).astype(float)
    mine = Tensor(x, requires_grad=True)
    out = max_pool2d(mine, 2, **given)
    g = RNG.normal(size=out.shape)
    out.backward(g)
    np.testing.assert_allclose(mine.grad.sum(), g.sum())
    if torch is not None:
        theirs = torch.tensor(x, requires_grad=True)
        F.max_pool2d(theirs, 2, **given).backward(torch.tensor(g))
        np.testing.assert_allclose(mine.grad, theirs.grad.numpy(), atol=1e-14)


def test_nan_and_infinity():
    x = Tensor([[1.0, np.nan, 3.0, -np.inf, -np.inf, -np.inf]], requires_grad=True)
    out = max_pool1d(x, 2)
    np.testing.assert_array_equal(out.data, [[np.nan, 3.0, -np.inf]])
    out.backward(np.array([[1.0, 2.0, 3.0]]))
    np.testing.assert_array_equal(x.grad, [[0.0, 1.0, 2.0, 0.0, 3.0, 0.0]])
    out.backward(np.array([[1.0, np.inf, -np.inf]]))
    np.testing.assert_array_equal(x.grad - [[0.0, 1.0, 2.0, 0.0, 3.0, 0.0]], [[0.0, 1.0, np.inf, 0.0, -np.inf, 0.0]])
    spread = adaptive_avg_pool1d(np.array([[np.inf, 1.0, 2.0]]), 2)
    np.testing.assert_array_equal(spread, [[np.inf, 1.5]])


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, bool])
def test_integers_are_taken_as_they_are(dtype):
    x = RNG.integers(0, 2, size=(1, 4, 4)).astype(dtype)
    out = max_pool2d(x, 2, padding=1)
    assert out.dtype == dtype
    np.testing.assert_array_equal(out, max_pool2d(x.astype(float), 2, padding=1))


def test_float32_stays_float32():
    x = RNG.normal(size=(1, 5, 5))
    for pool in (
        lambda x: max_pool2d(x, 2),
        lambda x: avg_pool2d(x, 3, padding=1, count_include_pad=False),
        lambda x: adaptive_avg_pool2d(x, (2, 5)),
    ):
        mine = Tensor(x.astype(np.float32), requires_grad=True)
        out = pool(mine)
        out.sum().backward()
        assert out.dtype == mine.grad.dtype == np.float32
        np.testing.assert_allclose(out.data, pool(x), rtol=1e-5, atol=1e-6)


def test_zero_samples_and_negative_strides():
    assert max_pool2d(np.zeros((0, 1, 4, 4)), 2).shape == (0, 1, 2, 2)
    assert adaptive_avg_pool2d(np.zeros((0, 1, 5, 4)), 2).shape == (0, 1, 2, 2)
    x = RNG.normal(size=(2, 6, 6))
    for pool in (max_pool2d, avg_pool2d):
        np.testing.assert_array_equal(pool(x[:, ::-1, ::-1], 2), pool(x[:, ::-1, ::-1].copy(), 2))


X = np.ones((1, 4, 4))


@pytest.mark.parametrize(
    "case",
    [
        lambda: max_pool2d(X, 5),
        lambda: avg_pool2d(X, (1, 5)),
        lambda: max_pool2d(X, 2, padding=2),
        lambda: avg_pool1d(X, 3, padding=2),
        lambda: max_pool2d(X, 2, stride=0),
        lambda: max_pool2d(np.ones((4, 4)), 2),
        lambda: max_pool1d(np.ones(4), 2),
        lambda: avg_pool2d(X, 2, divisor_override=0),
        lambda: adaptive_avg_pool2d(X, 0),
        lambda: adaptive_avg_pool2d(X, (1, 2, 3)),
        lambda: adaptive_avg_pool2d(np.ones((1, 0, 4)), 2),
    ],
)
def test_what_does_not_fit_is_refused(case):
    with pytest.raises(MicrogradValueError):
        case()


def test_what_is_no_array_or_integer_is_refused():
    for case in (lambda: max_pool1d([[1.0, 2.0]], 2), lambda: max_pool2d(X, 2.0), lambda: avg_pool2d(X, None)):
        with pytest.raises(MicrogradTypeError):
            case()
