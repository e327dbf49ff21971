"""Reshaping, moving axes, broadcasting and sums."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.arrays import shapes  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)


def numbered(shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


def pulled_back(function, x, g):
    """The value of a function of one Tensor, and the gradient of its dot product with g."""
    t = Tensor(x, requires_grad=True)
    out = function(t)
    out.backward(np.asarray(g(out.data)) if callable(g) else g)
    return out.data, t.grad


MOVES = {
    "reshape": lambda np_or_shapes, x: np_or_shapes.reshape(x, (-1, 2)),
    "transpose": lambda np_or_shapes, x: np_or_shapes.transpose(x),
    "transpose by axes": lambda np_or_shapes, x: np_or_shapes.transpose(x, (1, -1, 0)),
    "permute_dims": lambda np_or_shapes, x: np_or_shapes.permute_dims(x, (2, 0, 1)),
    "swapaxes": lambda np_or_shapes, x: np_or_shapes.swapaxes(x, 0, -1),
    "moveaxis": lambda np_or_shapes, x: np_or_shapes.moveaxis(x, 0, -1),
    "moveaxis of two": lambda np_or_shapes, x: np_or_shapes.moveaxis(x, (0, 2), (1, 0)),
    "expand_dims": lambda np_or_shapes, x: np_or_shapes.expand_dims(x, 1),
    "expand_dims of two": lambda np_or_shapes, x: np_or_shapes.expand_dims(x, (0, -1)),
    "ravel": lambda np_or_shapes, x: np_or_shapes.ravel(x),
    "broadcast_to": lambda np_or_shapes, x: np_or_shapes.broadcast_to(x, (2, *x.shape)),
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("strided", [False, True])
def test_moves_are_numpys_and_their_gradient_goes_back(agrees, name, strided):
    x = numbered((2, 3, 4))
    x = x[:, ::-1, ::2] if strided else x
    move = MOVES[name]
    out = move(shapes, Tensor(x))
    np.testing.assert_array_equal(out.data, move(np, x))
    agrees(lambda t: move(shapes, t) ** 2, None, x)


@pytest.mark.parametrize(
    ("shape", "axis"), [((1, 3, 1), None), ((1, 3, 1), 0), ((1, 3, 1), (0, -1)), ((3,), ()), ((), None)]
)
def test_squeeze(agrees, shape, axis):
    x = numbered(shape)
    assert shapes.squeeze(Tensor(x), axis).shape == np.squeeze(x, axis).shape
    agrees(lambda t: shapes.squeeze(t, axis) ** 2, None, x)


@pytest.mark.parametrize(("start", "end"), [(0, -1), (1, 2), (1, -1), (0, 0)])
def test_flatten_is_pytorchs(agrees, start, end):
    agrees(lambda t: shapes.flatten(t, start, end) ** 2, lambda t: t.flatten(start, end) ** 2, numbered((2, 3, 4)))


def test_flatten_of_a_number_has_one_axis():
    assert shapes.flatten(np.array(3.0)).shape == (1,)


@given(SHAPES, st.data())
@settings(max_examples=60, deadline=None)
def test_sum_over_any_axes(shape, data):
    axis = data.draw(st.one_of(st.none(), _axes(len(shape))))
    keepdims = data.draw(st.booleans())
    dtype = data.draw(st.sampled_from([np.float32, np.float64]))
    x = numbered(shape).astype(dtype)
    weights = numbered(np.sum(x, axis, keepdims=keepdims).shape)
    out, gradient = pulled_back(lambda t: shapes.sum(t, axis, keepdims), x, weights)
    np.testing.assert_array_equal(out, np.sum(x, axis, keepdims=keepdims))
    assert out.dtype == gradient.dtype == dtype
    kept = np.sum(x, axis, keepdims=True).shape
    np.testing.assert_array_equal(gradient, np.broadcast_to(weights.reshape(kept), shape).astype(dtype))


def _axes(ndim):
    """One axis, or a tuple of different ones, some counted from the end."""
    if ndim == 0:
        return st.just(())
    one = st.integers(-ndim, ndim - 1)
    return st.one_of(one, st.lists(one, unique_by=lambda a: a % ndim, max_size=ndim).map(tuple))


@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, min_side=0, max_side=3))
@settings(max_examples=60, deadline=None)
def test_broadcast_to_and_the_sum_that_undoes_it(shapes_drawn):
    shape, target = shapes_drawn.input_shapes[0], shapes_drawn.result_shape
    x = numbered(shape)
    out, gradient = pulled_back(lambda t: shapes.broadcast_to(t, target), x, numbered(target))
    np.testing.assert_array_equal(out, np.broadcast_to(x, target))
    ratio = np.prod(target) / max(1, np.prod(shape))
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient.sum(), numbered(target).sum() if ratio else 0.0, atol=1e-12)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_sum_to_second_order(agrees, axis, keepdims):
    def squared_sums(t):
        return (shapes.sum(t * t, axis=axis, keepdims=keepdims) ** 2).sum()

    agrees(squared_sums, None, numbered((2, 3, 2)))
    agrees(lambda t: shapes.sum(t, axis, keepdims), lambda t: _torch_sum(t, axis, keepdims), numbered((2, 3, 2)))


def _torch_sum(t, axis, keepdims):
    if axis == ():
        return t.clone()  # PyTorch takes no axes for all axes
    return t.sum(dim=axis, keepdim=keepdims)


def test_sum_over_nothing_is_zero():
    assert shapes.sum(Tensor(np.zeros((0, 3))), 0).data.tolist() == [0.0, 0.0, 0.0]


def test_sum_in_another_dtype():
    x = Tensor(np.ones(3, np.float32), requires_grad=True)
    out = shapes.sum(x, dtype=np.float64)
    out.backward()
    assert out.dtype == np.float64
    assert x.grad.dtype == np.float32


def test_a_broadcast_array_of_ours_is_not_written():
    with pytest.raises(ValueError, match="read-only"):
        shapes.broadcast_to(np.ones(3), (2, 3))[0] = 5.0


def test_plain_numbers_and_lists_are_operands():
    assert shapes.ravel([[1.0], [2.0]]).shape == (2,)
    assert shapes.expand_dims(2.0, 0).shape == (1,)


WRONG = [
    lambda t: shapes.reshape(t, (4, 2)),
    lambda t: shapes.permute_dims(t, (0, 0)),
    lambda t: shapes.permute_dims(t, (0,)),
    lambda t: shapes.broadcast_to(t, (3, 3)),
    lambda t: shapes.broadcast_to(t, (3,)),
    lambda t: shapes.sum(t, axis=2),
    lambda t: shapes.sum(t, axis=(0, 0)),
    lambda t: shapes.squeeze(t, 0),
    lambda t: shapes.squeeze(t, 5),
    lambda t: shapes.expand_dims(t, 4),
    lambda t: shapes.expand_dims(t, (0, 0)),
    lambda t: shapes.swapaxes(t, 0, 2),
    lambda t: shapes.moveaxis(t, (0, 1), (0,)),
    lambda t: shapes.moveaxis(t, (0, 0), (0, 1)),
    lambda t: shapes.flatten(t, 1, 0),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(MicrogradValueError, match=r"\(\)|\(axis|\(start|of shape"):
        wrong(Tensor(np.ones((2, 3)), requires_grad=True))


def test_an_axis_that_is_no_integer_is_refused():
    with pytest.raises(MicrogradTypeError):
        shapes.expand_dims(np.ones(3), 0.5)


def test_values_in_a_list_are_refused():
    with pytest.raises(MicrogradError, match="stack"):
        shapes.ravel([Tensor([1.0]), Tensor([2.0])])
