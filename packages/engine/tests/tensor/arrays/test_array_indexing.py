"""Square brackets, take, take_along_axis, and what adds up where an index repeats."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.arrays import indexing  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None


def numbered(*shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


def accumulated(shape, index, g):
    expected = np.zeros(shape)
    np.add.at(expected, index, g)
    return expected


INDICES = [
    1,
    -1,
    slice(None, None, -2),
    ...,
    None,
    (0, 1, 1),
    (slice(1, None), None, ..., -1),
    (..., 0),
    [0, 0, 2],
    [],
    ([0, 0, 1], [1, 1, 0]),
    (slice(None), [2, 0, 2]),
    ([0, 1], slice(None), [0, 0]),
    (0, [1, 1]),
    (np.array([[0, 1], [1, 0]]),),
    numbered(3, 4, 2) > 0,
    (np.array([True, False, True]), 1),
    (np.array([True, False, True]), [1, 1]),
    (slice(None), np.array([True, False, True, True])),
    np.int64(2),
    np.array(1),
    Tensor([0, 2, 2]),
    True,
    (np.zeros((0,), int),),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_square_brackets(agrees, index):
    x = numbered(3, 4, 2)
    as_numpy = index.data if isinstance(index, Tensor) else index
    t = Tensor(x, requires_grad=True)
    out = t[index]
    np.testing.assert_array_equal(out.data, x[as_numpy])
    weights = numbered(*out.shape)
    (out * weights).sum().backward()
    np.testing.assert_allclose(t.grad, accumulated(x.shape, as_numpy, weights), atol=1e-15)
    agrees(lambda t: t[index] ** 2, None, x)


@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), st.data())
@settings(max_examples=60, deadline=None)
def test_any_index_of_numpys(shape, data):
    basic = hnp.basic_indices(shape, allow_newaxis=True)
    index = data.draw(st.one_of(basic, hnp.integer_array_indices(shape)))
    t = Tensor(numbered(*shape), requires_grad=True)
    out = t[index]
    weights = numbered(*out.shape)
    np.testing.assert_array_equal(out.data, t.data[index])
    out.backward(weights)
    np.testing.assert_allclose(t.grad, accumulated(shape, index, weights), atol=1e-14)


def test_a_large_table_read_rarely():
    table = Tensor(np.ones((10_000, 3)), requires_grad=True)
    table[[7, 7, 9_999]].sum().backward()
    assert table.grad[7].tolist() == [2.0, 2.0, 2.0]
    assert table.grad.sum() == 9.0


def test_an_index_is_kept_as_it_was():
    t = Tensor(np.arange(3.0), requires_grad=True)
    index = np.array([0, 1])
    out = t[index]
    index[:] = 2
    out.sum().backward()
    assert t.grad.tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("index", [3, (0, 0, 0), [0.5], [3], np.array([True]), "a"], ids=str)
def test_wrong_indices_are_refused(index):
    with pytest.raises(MicrogradError):
        Tensor(np.ones((3, 2)), requires_grad=True)[index]


def test_float32_stays():
    t = Tensor(np.ones(3, np.float32), requires_grad=True)
    t[[0, 0]].sum().backward(create_graph=True)
    assert t.grad.dtype == np.float32


# ---- along an axis -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("indices", [0, [1, -1], [[0, 1], [1, 1]], np.zeros((0,), int), []], ids=str)
def test_take(agrees, axis, indices):
    x = numbered(3, 4)
    filled = np.asarray(indices, dtype=int)
    np.testing.assert_array_equal(indexing.take(Tensor(x), indices, axis).data, np.take(x, filled, axis))
    agrees(lambda t: indexing.take(t, indices, axis) ** 2, None, x)


def test_take_by_a_tensor(agrees):
    agrees(lambda t: indexing.take(t, Tensor([2, 0, 2]), axis=1) ** 2, lambda t: t[:, [2, 0, 2]] ** 2, numbered(3, 4))


@pytest.mark.parametrize(("wrong", "error"), [([3], MicrogradValueError), ([0.5], MicrogradTypeError)])
def test_take_refuses(wrong, error):
    with pytest.raises(error, match="take"):
        indexing.take(Tensor(np.ones((3, 4))), wrong, axis=0)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_take_along_axis(agrees, axis):
    x = numbered(3, 4)
    order = np.argsort(x, axis=axis)
    ours = lambda t: indexing.take_along_axis(t, order, axis) ** 2  # noqa: E731
    agrees(ours, lambda t: torch.gather(t, axis, torch.tensor(order)) ** 2, x)
    repeated = np.zeros_like(order)[:2] if axis == 0 else np.ones_like(order)[:, :2]
    agrees(lambda t: indexing.take_along_axis(t, repeated, axis) ** 2, None, x)


def test_take_along_axis_broadcasts(agrees):
    agrees(lambda t: indexing.take_along_axis(t, np.array([[0, 2, 0]]), 1) ** 2, None, numbered(4, 3))
    agrees(lambda t: indexing.take_along_axis(t, np.array([[0, 2], [1, 1]]), 1) ** 2, None, numbered(1, 3))
    agrees(lambda t: indexing.take_along_axis(t, np.array([5, 0, 5]), None) ** 2, None, numbered(2, 3))


def test_take_along_axis_refuses():
    for wrong in (np.array([[3]]), np.array([[0.5]]), np.array([0])):
        with pytest.raises(MicrogradError):
            indexing.take_along_axis(Tensor(np.ones((2, 3))), wrong, 1)


def test_the_transposes_to_second_order(agrees):
    index = np.array([2, 0, 2])
    agrees(lambda t: indexing.scatter(t, index, (4, 2)) ** 2, None, numbered(3, 2))
    agrees(lambda t: indexing.untake(t, index, 1, (2, 4)) ** 2, None, numbered(2, 3))
    agrees(lambda t: indexing.scatter_along_axis(t, index, 0, (4,)) ** 2, None, numbered(3))


# ---- replaced ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accumulate", [False, True])
@pytest.mark.parametrize(
    "index", [0, [0, 2], [1, 1, 1], (slice(None), [2, 0, 2]), numbered(3, 4) > 0, slice(0, 2)], ids=str
)
def test_index_put(agrees, index, accumulate):
    x = numbered(3, 4)
    values = numbered(*x[index].shape) + 2.0
    expected = x.copy()
    if accumulate:
        np.add.at(expected, index, values)
    else:
        expected[index] = values
    out = indexing.index_put(Tensor(x), index, values, accumulate)
    np.testing.assert_allclose(out.data, expected, atol=1e-15)
    agrees(lambda t, v: indexing.index_put(t, index, v, accumulate) ** 2, None, x, values)


def test_index_put_is_pytorchs(agrees):
    rows, columns = np.array([0, 2, 2]), np.array([1, 3, 3])

    def theirs(t, v):
        return torch.index_put(t, (torch.tensor(rows), torch.tensor(columns)), v, accumulate=True) ** 2

    agrees(lambda t, v: indexing.index_put(t, (rows, columns), v, True) ** 2, theirs, numbered(3, 4), numbered(3))


def test_index_put_overwrites_infinities():
    t = Tensor([np.inf, 1.0], requires_grad=True)
    (indexing.index_put(t, 0, 2.0) * 3.0).sum().backward()
    assert t.grad.tolist() == [0.0, 3.0]


def test_index_put_broadcasts_values(agrees):
    agrees(lambda t, v: indexing.index_put(t, (slice(None), [0, 2]), v) ** 2, None, numbered(3, 4), np.array(0.7))
    with pytest.raises(MicrogradValueError, match="don't fit"):
        indexing.index_put(Tensor(np.ones((3, 4))), 0, np.ones(3))
    with pytest.raises(MicrogradValueError, match="out of bounds"):
        indexing.index_put(Tensor(np.ones((3, 4))), 5, 1.0)


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_scatter_add_is_pytorchs(agrees, dim):
    index = np.array([[0, 1, 0], [2, 0, 0]])

    def theirs(t, v):
        return torch.scatter_add(t, dim, torch.tensor(index), v) ** 2

    agrees(lambda t, v: indexing.scatter_add(t, dim, index, v) ** 2, theirs, numbered(3, 4), numbered(2, 3))
    agrees(lambda t, v: indexing.scatter_add(t, dim, index, v) ** 2, None, numbered(3, 4), numbered(3, 3))


def test_scatter_add_refuses():
    for index in (np.array([0]), np.array([[9]]), np.zeros((4, 4), int)):
        with pytest.raises(MicrogradValueError):
            indexing.scatter_add(Tensor(np.ones((3, 4))), 0, index, np.ones((2, 3)))
