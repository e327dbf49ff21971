"""flip, roll, repeat, tile, joining and splitting, diagonals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")


from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.arrays import diagonals, joining, rearranging  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None


def numbered(*shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


REARRANGED = {
    "flip": lambda m, x: m.flip(x),
    "flip one": lambda m, x: m.flip(x, -1),
    "flip two": lambda m, x: m.flip(x, (0, 1)),
    "flipud": lambda m, x: m.flipud(x),
    "fliplr": lambda m, x: m.fliplr(x),
    "roll": lambda m, x: m.roll(x, 5),
    "roll one": lambda m, x: m.roll(x, -1, 1),
    "roll two": lambda m, x: m.roll(x, (1, 2), (0, 1)),
    "roll two by one": lambda m, x: m.roll(x, 1, (0, -1)),
    "repeat": lambda m, x: m.repeat(x, 2),
    "repeat rows": lambda m, x: m.repeat(x, 3, 0),
    "repeat never": lambda m, x: m.repeat(x, 0, axis=-1),
    "repeat unevenly": lambda m, x: m.repeat(x, [2, 0, 1, 3], axis=1),
    "repeat by a list of one": lambda m, x: m.repeat(x, [2], axis=1),
    "tile": lambda m, x: m.tile(x, 2),
    "tile two": lambda m, x: m.tile(x, (3, 2)),
    "tile more": lambda m, x: m.tile(x, (2, 1, 3)),
    "tile never": lambda m, x: m.tile(x, (0, 2)),
    "rot90": lambda m, x: m.rot90(x),
    "rot90 back": lambda m, x: m.rot90(x, -1, (1, 0)),
}


@pytest.mark.parametrize("name", REARRANGED)
@pytest.mark.parametrize("strided", [False, True])
def test_elements_go_where_numpy_puts_them(agrees, name, strided):
    x = numbered(6, 8)[::-2, ::2] if strided else numbered(3, 4)
    function = REARRANGED[name]
    np.testing.assert_array_equal(function(rearranging, Tensor(x)).data, function(np, x))
    agrees(lambda t: function(rearranging, t) ** 2, None, x)


@pytest.mark.parametrize("name", ["flip", "roll", "repeat", "tile"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_numbers_and_empty_arrays(name, shape):
    x, function = np.ones(shape), REARRANGED[name]
    out = function(rearranging, Tensor(x, requires_grad=True))
    np.testing.assert_array_equal(out.data, function(np, x))
    out.sum().backward()


WRONG = [
    lambda t: rearranging.flip(t, 2),
    lambda t: rearranging.roll(t, 1, 2),
    lambda t: rearranging.repeat(t, -1),
    lambda t: rearranging.repeat(t, [1, 2, 3], axis=1),
    lambda t: rearranging.repeat(t, 0.5),
    lambda t: rearranging.tile(t, -1),
    lambda t: rearranging.tile(t, 0.5),
    lambda t: rearranging.rot90(t, 1, (0, 0)),
    lambda t: joining.concatenate([t, t.sum()]),
    lambda t: joining.concatenate([t, np.ones((3, 3))], axis=0),
    lambda t: joining.concatenate([]),
    lambda t: joining.stack([t, t[0]]),
    lambda t: joining.stack([t, "a"]),
    lambda t: joining.split(t, 2),
    lambda t: joining.split(t, 0),
    lambda t: joining.array_split(t, 0),
    lambda t: joining.split(t, 1, axis=2),
    lambda t: diagonals.diagonal(t, axis1=0, axis2=0),
    lambda t: diagonals.diagonal(t.sum()),
    lambda t: diagonals.diag(t[None]),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(MicrogradError):
        wrong(Tensor(np.ones((3, 2)), requires_grad=True))


# ---- joining and splitting ---------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_concatenate(agrees, axis):
    parts = [numbered(2, 3), numbered(2, 3)[::-1] + 1.0, numbered(2, 3) * 2.0]
    ours = lambda *ts: joining.concatenate(ts, axis) ** 2  # noqa: E731
    agrees(ours, lambda *ts: torch.concatenate(ts, axis) ** 2, *parts)
    agrees(lambda *ts: joining.stack(ts, axis) ** 2, lambda *ts: torch.stack(ts, axis) ** 2, *parts)


def test_concatenate_of_different_lengths(agrees):
    agrees(lambda *ts: joining.concatenate(ts, 1) ** 2, None, numbered(2, 3), numbered(2, 0), numbered(2, 1))
    agrees(lambda *ts: joining.concatenate(ts, None) ** 2, None, numbered(2, 3), numbered(2), np.array(0.7))


@pytest.mark.parametrize("name", ["vstack", "hstack", "column_stack"])
@pytest.mark.parametrize("shape", [(3,), (3, 2), (2, 3, 2)])
def test_stacks(agrees, name, shape):
    parts = [numbered(*shape), numbered(*shape) + 1.0]
    np.testing.assert_array_equal(getattr(joining, name)(parts), getattr(np, name)(parts))
    agrees(lambda *ts: getattr(joining, name)(ts) ** 2, None, *parts)


def test_stacks_of_numbers_and_constants():
    t = Tensor(2.0, requires_grad=True)
    out = joining.stack([t, 3.0, np.array(4.0), t])
    (out * np.arange(4.0)).sum().backward()
    assert out.data.tolist() == [2.0, 3.0, 4.0, 2.0]
    assert t.grad == 3.0
    np.testing.assert_array_equal(joining.hstack([t, [1.0, 2.0]]).data, [2.0, 1.0, 2.0])


def test_a_tensor_is_a_sequence_of_rows(agrees):
    agrees(lambda t: joining.concatenate(t) ** 2, None, numbered(2, 3))


def test_dtypes_of_joined():
    singles = Tensor(np.ones(2, np.float32), requires_grad=True)
    assert joining.concatenate([singles, singles]).dtype == np.float32
    joined = joining.concatenate([singles, np.ones(2)])
    joined.sum().backward()
    assert joined.dtype == np.float64
    assert singles.grad.dtype == np.float32


@given(
    st.integers(0, 7),
    st.one_of(st.integers(1, 5), st.lists(st.integers(-3, 9), max_size=4)),
    st.sampled_from([0, 1, -1]),
)
@settings(max_examples=60, deadline=None)
def test_array_split(length, sections, axis):
    x = numbered(length, 2) if axis == 0 else numbered(2, length)
    t = Tensor(x, requires_grad=True)
    parts = joining.array_split(t, sections, axis)
    expected = np.array_split(x, sections, axis)
    assert [p.data.tolist() for p in parts] == [p.tolist() for p in expected]
    sum((i + 1.0) * part.sum() for i, part in enumerate(parts)).backward()
    received = np.zeros(x.size)
    for i, places in enumerate(np.array_split(np.arange(x.size).reshape(x.shape), sections, axis)):
        received[places] += i + 1.0
    np.testing.assert_array_equal(t.grad, received.reshape(x.shape))


def test_split(agrees):
    agrees(lambda t: joining.split(t, 2, axis=1)[1] ** 2, None, numbered(3, 4))
    agrees(lambda t: joining.concatenate(joining.split(t, [1, 3], axis=1)[::-1], axis=1) ** 3, None, numbered(3, 4))


# ---- diagonals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [0, 1, -1, 2, 7, -7])
@pytest.mark.parametrize("axes", [(0, 1), (1, 0), (-1, 0), (1, 2)])
def test_diagonal_and_trace(agrees, offset, axes):
    x = numbered(2, 3, 4)
    out = diagonals.diagonal(Tensor(x), offset, *axes)
    np.testing.assert_array_equal(out.data, np.diagonal(x, offset, *axes))
    np.testing.assert_allclose(diagonals.trace(Tensor(x), offset, *axes).data, np.trace(x, offset, *axes))
    agrees(lambda t: diagonals.diagonal(t, offset, *axes) ** 2, None, x)
    agrees(lambda t: diagonals.trace(t, offset, *axes) ** 2, None, x)


@pytest.mark.parametrize("k", [0, 1, -2])
@pytest.mark.parametrize("name", ["diag", "tril", "triu"])
@pytest.mark.parametrize("shape", [(3,), (3, 4), (4, 3)])
def test_diag_and_triangles(agrees, name, shape, k):
    x = numbered(*shape)
    ours = getattr(diagonals, name)
    np.testing.assert_array_equal(ours(Tensor(x), k).data, getattr(np, name)(x, k))
    theirs = (lambda t: getattr(torch, name)(t, k) ** 2) if name == "diag" or len(shape) == 2 else None
    agrees(lambda t: ours(t, k) ** 2, theirs, x)


def test_triangles_of_stacks(agrees):
    agrees(lambda t: diagonals.tril(t, -1) ** 2, lambda t: t.tril(-1) ** 2, numbered(2, 3, 3))
    agrees(lambda t: diagonals.triu(t, 1) ** 2, lambda t: t.triu(1) ** 2, numbered(2, 3, 3))


def test_errors_are_typed():
    with pytest.raises(MicrogradTypeError, match="stack"):
        joining.stack([Tensor([1.0]), [Tensor([2.0])]])
    with pytest.raises(MicrogradValueError, match="equal parts"):
        joining.split(np.ones(3), 2)
