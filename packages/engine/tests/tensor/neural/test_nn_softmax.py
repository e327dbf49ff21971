"""Softmax and log-softmax against PyTorch, and where they would overflow, underflow or lose their tails."""

import pytest

np = pytest.importorskip("numpy")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.batching.api import vmap  # noqa: E402
from micrograd.engine.errors import MicrogradError  # noqa: E402
from micrograd.engine.ops.neural.softmaxes import log_softmax, masked_softmax, softmax, softmin  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

SHAPES = [((5,), 0), ((3, 4), 1), ((3, 4), 0), ((2, 3, 4), 1), ((2, 3, 4), -3), ((1, 1), 1), ((0, 3), 1), ((3, 0), 1)]


@pytest.mark.parametrize(("shape", "axis"), SHAPES)
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_agrees_with_torch(agrees, name, shape, axis):
    ours = {"softmax": softmax, "log_softmax": log_softmax}[name]
    x = np.random.default_rng(1).normal(scale=2.0, size=shape)
    agrees(lambda x: ours(x, axis), lambda x: getattr(x, name)(axis), x)


@pytest.mark.parametrize("ours", [softmax, log_softmax, softmin])
def test_a_dtype_is_that_of_what_goes_in(agrees, ours):
    def theirs(t):
        import torch.nn.functional as F  # noqa: N812

        return getattr(F, ours.__name__)(t, dim=0, dtype=t.dtype)

    x = np.random.default_rng(3).normal(size=(4, 6))
    agrees(lambda t: ours(t, dim=0, dtype=float), theirs, x)
    agrees(lambda t: ours(Tensor.astype(t, np.float32), 0, np.float64), None, x.astype(np.float32), numeric=False)
    narrow = Tensor(x.astype(np.float32), requires_grad=True)
    out = ours(narrow, -1, dtype=np.float64)
    (out * x).sum().backward()
    assert (out.dtype, narrow.grad.dtype) == (np.float64, np.float32)
    np.testing.assert_array_equal(ours(np.array([1, 2]), dtype=float), ours(np.array([1.0, 2.0])))


@pytest.mark.parametrize("ours", [softmax, log_softmax])
def test_negative_strides_and_transposes(agrees, ours):
    x = np.random.default_rng(2).normal(size=(4, 6))
    for view in (x[::-1, ::-2], x.T, x[:, 1::2]):
        np.testing.assert_array_equal(ours(view, axis=1), ours(view.copy(), axis=1))
        agrees(lambda x: ours(x, axis=1), None, view)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e3, 1e3)), st.data())
def test_is_a_distribution_for_all_logits(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    p = softmax(x, axis)
    np.testing.assert_allclose(p.sum(axis), 1.0)
    np.testing.assert_allclose(np.exp(log_softmax(x, axis)), p, atol=1e-300, rtol=1e-11)
    np.testing.assert_allclose(softmax(x + 1e3, axis), p, rtol=1e-9, atol=1e-300)


def test_huge_logits_do_not_overflow():
    x = np.array([1e300, 0.0, -1e300])
    np.testing.assert_array_equal(softmax(x), [1.0, 0.0, 0.0])
    np.testing.assert_array_equal(log_softmax(x), [0.0, -1e300, -2e300 if np.isfinite(-2e300) else -np.inf])


def test_log_softmax_keeps_the_digits_of_a_probability_near_1():
    # log(1 / (1 + e**-50)) = -log1p(e**-50); the naive -log(1 + 1.9e-22) is 0.
    np.testing.assert_allclose(log_softmax(np.array([50.0, 0.0]))[0], -np.log1p(np.exp(-50.0)), rtol=1e-15)
    np.testing.assert_allclose(log_softmax(np.array([[700.0, 0.0]]))[0, 0], -np.exp(-700.0), rtol=1e-13)


def test_infinities_and_nan():
    np.testing.assert_array_equal(softmax(np.array([0.0, -np.inf])), [1.0, 0.0])
    np.testing.assert_array_equal(log_softmax(np.array([0.0, -np.inf])), [0.0, -np.inf])
    for ours in (softmax, log_softmax):
        assert np.isnan(ours(Tensor([0.0, np.nan])).data).all()
        assert np.isnan(ours(Tensor([-np.inf, -np.inf])).data).all()


def test_masked_softmax_is_zero_where_nothing_is_there(agrees):
    x = np.array([[0.0, 1.0, -np.inf], [-np.inf, -np.inf, -np.inf]])
    t = Tensor(x, requires_grad=True)
    out = masked_softmax(t)
    np.testing.assert_array_equal(out.data[1], 0.0)
    np.testing.assert_allclose(out.data[0, :2], softmax(x[0, :2]))
    (out * np.arange(6.0).reshape(2, 3)).sum().backward()
    assert np.isfinite(t.grad).all()
    np.testing.assert_array_equal(t.grad[1], 0.0)
    agrees(masked_softmax, lambda x: x.softmax(-1), np.random.default_rng(0).normal(size=(3, 4)))


@pytest.mark.parametrize("ours", [softmax, log_softmax, masked_softmax])
def test_float32_stays_float32(ours):
    x = np.random.default_rng(3).normal(size=(3, 4))
    t = Tensor(x.astype(np.float32), requires_grad=True)
    out = ours(t)
    (out * out).sum().backward()
    assert out.dtype == t.grad.dtype == np.float32
    np.testing.assert_allclose(out.data, ours(x), rtol=1e-5)


@pytest.mark.parametrize("ours", [softmax, log_softmax])
@pytest.mark.parametrize("axis", [2, -3, 1.0, "last"])
def test_a_wrong_axis_is_refused(ours, axis):
    with pytest.raises(MicrogradError):
        ours(Tensor(np.ones((2, 3))), axis=axis)


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize(("function", "expected"), [(softmax, 1.0), (softmin, 1.0), (log_softmax, 0.0)])
def test_of_a_single_number(function, expected, axis: int) -> None:
    t = Tensor(3.0, requires_grad=True)
    out = function(t, axis=axis)
    out.backward()
    assert (out.shape, out.item(), t.grad.item()) == ((), expected, 0.0)
    np.testing.assert_array_equal(vmap(lambda row: function(row, axis=axis))(np.arange(2.0)), [expected] * 2)
