"""mean, var, std, extrema, logsumexp, counts."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.ops.arrays import reductions  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

INF, NAN = np.inf, np.nan
AXES = [None, 0, 1, -1, (0, 1), (0, -1)]


def numbered(*shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


def gradient_of(function, x):
    t = Tensor(x, requires_grad=True)
    function(t).sum().backward()
    return t.grad


def of_torch(name, axis, keepdims, **kwargs):
    """PyTorch's reduction, in which no axis means all of them."""
    return lambda t: getattr(torch, name)(
        t, dim=tuple(range(t.ndim)) if axis is None else axis, keepdim=keepdims, **kwargs
    )


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("keepdims", [False, True])
def test_means_and_spreads(agrees, axis, keepdims):
    x = numbered(2, 3, 4)
    agrees(lambda t: reductions.mean(t, axis, keepdims), of_torch("mean", axis, keepdims), x)
    agrees(lambda t: reductions.mean(t, axis, keepdims) ** 2, None, x)
    for ddof in (0, 1):
        for name in ("var", "std"):
            ours = partial(getattr(reductions, name), axis=axis, ddof=ddof, keepdims=keepdims)
            agrees(ours, of_torch(name, axis, keepdims, correction=ddof), x)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("keepdims", [False, True])
def test_extrema_and_logsumexp(agrees, axis, keepdims):
    x = numbered(2, 3, 4)
    agrees(lambda t: reductions.max(t, axis, keepdims) ** 2, lambda t: of_torch("amax", axis, keepdims)(t) ** 2, x)
    agrees(lambda t: reductions.min(t, axis, keepdims) ** 2, lambda t: of_torch("amin", axis, keepdims)(t) ** 2, x)
    agrees(lambda t: reductions.logsumexp(t, axis, keepdims), of_torch("logsumexp", axis, keepdims), x)


@pytest.mark.parametrize("x", [np.array([[1, 2], [0, 3]]), np.array([[True, False]])], ids=["integers", "truths"])
def test_logsumexp_of_what_has_no_infinity(x):
    np.testing.assert_array_equal(reductions.logsumexp(x, 1), reductions.logsumexp(x.astype(float), 1))


def test_of_a_number_and_of_reversed_memory(agrees):
    for name in ("mean", "max", "min", "logsumexp", "var"):
        reduction = getattr(reductions, name)
        agrees(lambda t: reduction(t) * t, None, np.array(0.7))  # noqa: B023
        agrees(lambda t: reduction(t, 0) ** 2, None, numbered(4, 6)[::-1, ::2])  # noqa: B023


@given(
    st.sampled_from(["mean", "var", "std", "max", "min", "any", "all", "count_nonzero"]),
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3),
    st.data(),
)
@settings(max_examples=80, deadline=None)
def test_values_and_dtypes_are_numpys(name, shape, data):
    axis = data.draw(st.one_of(st.none(), st.integers(-len(shape), len(shape) - 1)))
    dtype = data.draw(st.sampled_from([np.float16, np.float32, np.float64, np.int32, np.int64, bool]))
    x = (numbered(*shape) * 3).astype(dtype)
    ours = getattr(reductions, name)(Tensor(x), axis=axis, keepdims=True)
    theirs = getattr(np, name)(x, axis=axis, keepdims=True)
    if name in ("var", "std") and dtype is np.float16:
        np.testing.assert_allclose(ours.data, theirs, rtol=1e-2, atol=1e-2)
    else:
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours.data, theirs, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["mean", "var", "std", "max", "min", "logsumexp"])
def test_dtypes_stay(name, dtype):
    x = Tensor(numbered(3, 4).astype(dtype), requires_grad=True)
    out = getattr(reductions, name)(x, axis=1)
    out.sum().backward(create_graph=True)
    assert out.dtype == x.grad.dtype == dtype


def test_correction_is_another_name_for_ddof():
    x = Tensor(numbered(5))
    assert reductions.var(x, correction=1).item() == np.var(numbered(5), ddof=1)
    with pytest.raises(MicrogradValueError, match="give one"):
        reductions.var(x, ddof=1, correction=1)


# ---- edges -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_over_nothing(shape):
    x = np.zeros(shape)
    assert np.isnan(reductions.mean(Tensor(x)).data)
    assert np.isnan(reductions.var(Tensor(x)).data)
    assert reductions.logsumexp(Tensor(x)).item() == -INF
    assert reductions.all(Tensor(x)).item() is True
    for reduction in (reductions.max, reductions.min):
        with pytest.raises(MicrogradValueError, match="zero-size"):
            reduction(Tensor(x))
    for reduction in (reductions.mean, reductions.var, reductions.std, reductions.logsumexp):
        assert gradient_of(reduction, x).shape == shape


def test_over_no_rows_of_three():
    assert np.isnan(reductions.mean(Tensor(np.zeros((0, 3))), axis=0).data).all()
    assert gradient_of(lambda t: reductions.max(t, axis=1), np.zeros((0, 3))).shape == (0, 3)


def test_too_few_degrees_of_freedom_is_nan():
    assert np.isnan(reductions.var(Tensor([2.0]), ddof=1).data)
    assert np.isnan(gradient_of(lambda t: reductions.std(t, ddof=1), [2.0])).all()


def test_std_of_equals_has_gradient_zero():
    assert gradient_of(reductions.std, [2.0, 2.0, 2.0]).tolist() == [0.0, 0.0, 0.0]


def test_std_keeps_nan():
    assert np.isnan(gradient_of(reductions.std, [2.0, NAN])).all()


@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_share_the_gradient(agrees, name):
    x = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    ours = getattr(reductions, name)
    agrees(lambda t: ours(t, 1), of_torch(f"a{name}", 1, False), x, numeric=False)
    assert gradient_of(lambda t: ours(t, 1), x)[1].tolist() == [0.25] * 4


@pytest.mark.parametrize("name", ["max", "min"])
def test_nan_is_kept_and_receives_the_gradient(name):
    reduction = getattr(reductions, name)
    assert np.isnan(reduction(Tensor([1.0, NAN, 3.0])).data)
    assert gradient_of(reduction, [1.0, NAN, 3.0, NAN]).tolist() == [0.0, 0.5, 0.0, 0.5]
    assert gradient_of(lambda t: reduction(t, 1), [[1.0, NAN], [2.0, 2.0]]).tolist() == [[0.0, 1.0], [0.5, 0.5]]


def test_extrema_of_infinities():
    assert gradient_of(reductions.max, [INF, 1.0, INF]).tolist() == [0.5, 0.0, 0.5]
    assert gradient_of(reductions.max, [-INF, -INF]).tolist() == [0.5, 0.5]


def test_logsumexp_neither_overflows_nor_loses_infinities():
    assert reductions.logsumexp(Tensor([1000.0, 1000.0])).item() == 1000.0 + np.log(2.0)
    assert reductions.logsumexp(Tensor([-INF, 1.0])).item() == 1.0
    assert reductions.logsumexp(Tensor([-INF, -INF])).item() == -INF
    assert reductions.logsumexp(Tensor([INF, 1.0])).item() == INF
    assert np.isnan(reductions.logsumexp(Tensor([NAN, 1.0])).data)
    assert gradient_of(reductions.logsumexp, [-INF, 1.0]).tolist() == [0.0, 1.0]
    assert gradient_of(reductions.logsumexp, [-INF, -INF]).tolist() == [0.0, 0.0]
    assert np.isnan(gradient_of(reductions.logsumexp, [NAN, 1.0])).all()


@pytest.mark.parametrize("name", ["mean", "max", "min", "var", "std", "logsumexp", "all", "any", "count_nonzero"])
@pytest.mark.parametrize("axis", [2, -3, (0, 0)])
def test_axes_that_are_not_there_are_refused(name, axis):
    with pytest.raises(MicrogradValueError):
        getattr(reductions, name)(Tensor(np.ones((2, 3)), requires_grad=True), axis=axis)


def test_counts_have_no_gradient():
    x = Tensor([0.0, 1.0], requires_grad=True)
    for count in (reductions.all, reductions.any, reductions.count_nonzero):
        assert not count(x).requires_grad
