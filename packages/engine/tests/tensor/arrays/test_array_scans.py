"""Running sums and products, prod with zeros."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.ops.arrays import scans  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

AXES = [None, 0, 1, -1]
WITH_ZEROS = {
    "none": [[1.5, -2.0, 0.5], [0.7, 1.1, -0.3]],
    "one": [[1.5, 0.0, 0.5], [0.7, 1.1, -0.3]],
    "two in a row": [[1.5, 0.0, 0.0], [0.7, 1.1, -0.3]],
    "one in each row": [[0.0, -2.0, 0.5], [0.7, 1.1, 0.0]],
    "all": [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
}


def numbered(*shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


def _torch_along(name, axis):
    return lambda t: getattr(t.ravel() if axis is None else t, name)(dim=0 if axis is None else axis)


@pytest.mark.parametrize("axis", AXES)
def test_cumsum(agrees, axis):
    agrees(lambda t: scans.cumsum(t, axis) ** 2, lambda t: _torch_along("cumsum", axis)(t) ** 2, numbered(3, 4))
    agrees(lambda t: scans.cumsum(t, axis) ** 2, None, numbered(4, 6)[::-1, ::3])


@pytest.mark.parametrize("zeros", WITH_ZEROS)
@pytest.mark.parametrize("axis", AXES)
def test_cumprod(agrees, axis, zeros):
    agrees(lambda t: scans.cumprod(t, axis), _torch_along("cumprod", axis), WITH_ZEROS[zeros])


@pytest.mark.parametrize("zeros", WITH_ZEROS)
@pytest.mark.parametrize("axis", [*AXES, (0, 1), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_prod(agrees, axis, keepdims, zeros):
    def theirs(t):
        if axis is None or axis == (0, 1):
            return t.prod().reshape((1, 1) if keepdims else ())
        return t.clone() if axis == () else t.prod(dim=axis, keepdim=keepdims)

    agrees(lambda t: scans.prod(t, axis, keepdims), theirs, WITH_ZEROS[zeros])


def test_prod_over_outer_axes(agrees):
    agrees(lambda t: scans.prod(t, (0, -1)), None, numbered(2, 3, 2))


@pytest.mark.parametrize("function", [scans.prod, scans.cumprod])
def test_third_order_with_zeros(function):
    x = Tensor([0.0, 0.0, 0.0, 5.0], requires_grad=True)
    out = function(x)[..., None][-1] if function is scans.cumprod else function(x)
    for i in range(3):
        x.grad = None
        out.sum().backward(create_graph=True)
        out = x.grad[i]
    assert out.item() == 5.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["cumsum", "cumprod", "prod"])
def test_dtypes_stay(name, dtype):
    x = Tensor(numbered(3, 4).astype(dtype), requires_grad=True)
    out = getattr(scans, name)(x, axis=1)
    out.sum().backward(create_graph=True)
    assert out.dtype == x.grad.dtype == dtype
    assert getattr(scans, name)(Tensor(np.ones(3, np.int32)), dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_over_nothing(shape):
    x = Tensor(np.zeros(shape), requires_grad=True)
    out = scans.prod(x)
    assert out.item() == 1.0
    (out + scans.cumprod(x).sum() + scans.cumsum(x).sum()).backward()
    assert x.grad.shape == shape
    assert scans.prod(x, axis=0).shape == np.prod(x.data, axis=0).shape


def test_of_a_number(agrees):
    agrees(lambda t: scans.prod(t) * t, None, np.array(0.7))
    agrees(lambda t: scans.cumprod(t) * t, None, np.array(0.7))
    agrees(lambda t: scans.cumsum(t) * t, None, np.array(0.7))


@given(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=9), st.data())
@settings(max_examples=40, deadline=None)
def test_a_recurrence_is_a_loop(shape, data):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    a, b = numbered(*shape), numbered(*shape)[..., ::-1]
    expected = np.moveaxis(b.copy(), axis, 0)
    for i in range(1, len(expected)):
        expected[i] += np.moveaxis(a, axis, 0)[i] * expected[i - 1]
    np.testing.assert_allclose(scans.recurrence(a, b, axis=axis), np.moveaxis(expected, 0, axis), atol=1e-12)


def test_recurrence_to_second_order(agrees):
    agrees(lambda a, b: scans.recurrence(a, b, axis=0) ** 2, None, numbered(5, 2), numbered(5, 2) + 0.5)


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "prod"])
def test_axes_that_are_not_there_are_refused(name):
    with pytest.raises(MicrogradValueError):
        getattr(scans, name)(Tensor(np.ones((2, 3)), requires_grad=True), axis=2)
