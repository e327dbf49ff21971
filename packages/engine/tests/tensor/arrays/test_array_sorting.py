"""sort, argsort, extrema's places, median."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.ops.arrays import sorting  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

AXES = [None, 0, 1, -1]


def shuffled(*shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


@pytest.mark.parametrize("axis", AXES)
def test_sort(agrees, axis):
    def theirs(t):
        return torch.sort(t.ravel() if axis is None else t, dim=0 if axis is None else axis, stable=True).values ** 2

    agrees(lambda t: sorting.sort(t, axis) ** 2, theirs, shuffled(3, 4))
    agrees(lambda t: sorting.sort(t, axis) ** 2, theirs, np.round(shuffled(4, 4)), numeric=False)


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=1, max_dims=3, max_side=5),
        elements=st.sampled_from([0.0, 1.0, 2.0, np.nan]),
    )
)
@settings(max_examples=40, deadline=None)
def test_each_element_receives_what_came_of_it(x):
    t = Tensor(x, requires_grad=True)
    weights = np.arange(x.size, dtype=float).reshape(x.shape)
    (sorting.sort(t) * weights).sum().backward()
    np.testing.assert_array_equal(sorting.sort(t).data, np.sort(x))
    np.testing.assert_array_equal(np.take_along_axis(t.grad, np.argsort(x, kind="stable"), -1), weights)


@pytest.mark.parametrize("name", ["argsort", "argmax", "argmin"])
@pytest.mark.parametrize("axis", AXES)
def test_places(name, axis):
    x = np.round(2 * shuffled(3, 4))
    kind = {"kind": "stable"} if name == "argsort" else {}
    places = getattr(sorting, name)(Tensor(x, requires_grad=True), axis)
    np.testing.assert_array_equal(places.data, getattr(np, name)(x, axis, **kind))
    assert not places.requires_grad


def test_numpys_kinds_are_taken():
    x = Tensor([2.0, 1.0, 2.0])
    assert np.argsort(x, kind="quicksort").data.tolist() == [1, 0, 2]
    assert np.sort(x, kind="stable").data.tolist() == [1.0, 2.0, 2.0]


@pytest.mark.parametrize("name", ["sort", "argsort"])
def test_what_is_no_kind_is_refused(name):
    with pytest.raises(MicrogradValueError, match="descending"):
        getattr(sorting, name)(Tensor([2.0, 1.0]), 0, True)  # PyTorch's order of arguments


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("kth", [0, 1, -1, (0, 2)])
def test_partition(agrees, axis, kth):
    x = shuffled(3, 4)
    places = np.atleast_1d(kth)
    found = np.partition(Tensor(x), kth, axis=axis)
    expected = np.partition(x, kth, axis=axis)
    along = 0 if axis is None else axis
    np.testing.assert_array_equal(np.take(found.data, places, axis=along), np.take(expected, places, axis=along))
    assert np.sort(found.data, axis=along).tolist() == np.sort(expected, axis=along).tolist()
    agrees(lambda t: sorting.partition(t, kth, axis) ** 2, None, x)


def test_a_place_that_is_not_there_is_refused():
    for kth in (3, -4, [0, 3]):
        with pytest.raises(MicrogradValueError, match="from 0 to 2"):
            sorting.partition(Tensor([2.0, 1.0, 3.0]), kth)


def test_partition_has_one_kind():
    with pytest.raises(MicrogradValueError, match="introselect"):
        sorting.partition(Tensor([3.0, 1.0]), 0, kind="stable")


def test_no_place_in_nothing():
    with pytest.raises(MicrogradValueError, match="empty"):
        sorting.argmax(Tensor(np.zeros(0)))


@pytest.mark.parametrize("axis", [*AXES, (0, 1), (0, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("shape", [(3, 4, 2), (4, 3, 1)])
def test_median(agrees, axis, keepdims, shape):
    x = shuffled(*shape)
    np.testing.assert_array_equal(sorting.median(Tensor(x), axis, keepdims).data, np.median(x, axis, keepdims=keepdims))
    theirs = None if isinstance(axis, tuple) or axis is None else lambda t: t.quantile(0.5, dim=axis, keepdim=keepdims)
    agrees(lambda t: sorting.median(t, axis, keepdims), theirs, x, second=False)


def test_median_to_second_order(agrees):
    agrees(lambda t: sorting.median(t * t, 0) ** 2, None, shuffled(4, 3))


def test_median_keeps_nan():
    x = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]])
    t = Tensor(x, requires_grad=True)
    out = sorting.median(t, axis=1)
    np.testing.assert_array_equal(out.data, [np.nan, 2.0])
    out.sum().backward()
    np.testing.assert_array_equal(t.grad, [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])


def test_median_of_nothing_is_nan():
    assert np.isnan(sorting.median(Tensor(np.zeros(0))).data)
    assert np.isnan(sorting.median(Tensor(np.zeros((0, 2))), axis=0).data).all()


def test_of_a_number(agrees):
    agrees(lambda t: sorting.median(t) * t, None, np.array(0.7))
    agrees(lambda t: sorting.sort(t, None) * t, None, np.array(0.7))


def test_float32_stays():
    t = Tensor(shuffled(4).astype(np.float32), requires_grad=True)
    (sorting.median(t) * sorting.sort(t)[0]).backward(create_graph=True)
    assert t.grad.dtype == np.float32


@pytest.mark.parametrize("name", ["sort", "argsort", "argmax", "median"])
def test_axes_that_are_not_there_are_refused(name):
    with pytest.raises(MicrogradValueError):
        getattr(sorting, name)(Tensor(np.ones((2, 3)), requires_grad=True), axis=2)
