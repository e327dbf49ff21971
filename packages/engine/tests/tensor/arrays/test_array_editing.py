"""What is put into arrays, taken out of them, and laid together in blocks."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import MicrogradIndexError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

TALL = np.random.default_rng(0).normal(size=(4, 3))
AXES = [None, 0, 1, -1]


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("places", [0, -1, [0, 2], slice(1, None, 2), np.array([0, 0]), [], Tensor([1, 2])])
def test_delete(agrees, axis, places):
    expected = np.delete(TALL, getattr(places, "data", places), axis)
    for delete in (M.delete, np.delete, Tensor.delete):
        np.testing.assert_array_equal(delete(Tensor(TALL), places, axis).data, expected)
    agrees(lambda t: M.delete(t, places, axis) ** 2, None, TALL)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("places", [1, -1, [1], [0, 2], [1, 1, 0], slice(0, 2), [], [-1, 0]])
def test_insert(agrees, axis, places):
    expected = np.insert(TALL, places, 9.0, axis)
    for insert in (M.insert, np.insert, Tensor.insert):
        np.testing.assert_array_equal(insert(Tensor(TALL), places, 9.0, axis).data, expected)
    agrees(lambda t, v: M.insert(t, places, v, axis) ** 2, None, TALL, np.array(0.5))


@pytest.mark.parametrize(
    ("places", "values", "axis"),
    [
        (1, np.arange(6.0).reshape(2, 3), 0),
        (1, np.arange(8.0).reshape(2, 4), 1),
        ([1], np.arange(8.0).reshape(4, 2), 1),
        (3, np.arange(4.0), 1),
        ([0, 2], np.array([5.0, 6.0]), 1),
        (2, np.arange(5.0), None),
        (np.array([True, False, True]), np.array([7.0]), 1),
    ],
)
def test_insert_several(agrees, places, values, axis):
    numbered = np.flatnonzero(places) if np.asarray(places).dtype.kind == "b" else places  # NumPy 2.0 asks for these
    expected = np.insert(TALL, numbered, values, axis)
    np.testing.assert_array_equal(M.insert(Tensor(TALL), places, Tensor(values), axis).data, expected)
    agrees(lambda t, v: M.insert(t, places, v, axis) ** 2, None, TALL, values)


def test_no_number_is_changed_where_it_is_put():
    assert M.insert(Tensor([1, 2]), 1, 5).data.tolist() == [1, 5, 2]
    assert M.insert(Tensor([1, 2]), 1, 0.5).data.tolist() == [1.0, 0.5, 2.0]
    assert M.insert(Tensor(TALL.astype(np.float32)), 0, 0.5).dtype == np.float32
    np.testing.assert_array_equal(M.delete(Tensor(TALL), np.array([True, False, True]), 1).data, TALL[:, 1:2])


BLOCKS = {
    "rows and columns": lambda x: [[x, x[:, :1]], [np.ones((1, 4))]],
    "vectors and numbers": lambda x: [x[0], 3.0, x[1, :2]],
    "vectors below each other": lambda x: [[x[0]], [x[1]]],
    "an array": lambda x: x,
    "more axes than lists": lambda x: [x[None], x[None]],
    "more lists than axes": lambda x: [[[x]], [[x]]],
}


@pytest.mark.parametrize("name", BLOCKS)
def test_block(agrees, name):
    blocks = BLOCKS[name]
    expected = np.block(blocks(TALL))
    for block in (M.block, np.block):
        np.testing.assert_array_equal(block(blocks(Tensor(TALL))).data, expected)
    agrees(lambda t: M.block(blocks(t)) ** 2, None, TALL)


def test_the_message_says_which_places_there_are():
    with pytest.raises(MicrogradIndexError, match="Places go from 0 to 4, the end, or backwards"):
        M.insert(Tensor(TALL), 7, 0.0, 0)
    with pytest.raises(MicrogradIndexError, match="Places go from 0 to 3, or backwards"):
        M.delete(Tensor(TALL), 7, 0)


def test_what_makes_no_sense_is_refused():
    x = Tensor(TALL)
    for call in (lambda: M.delete(x, 7, 0), lambda: M.insert(x, 7, 0.0, 0), lambda: M.delete(x, 0, 2)):
        with pytest.raises(MicrogradIndexError):
            call()
    for call in (
        lambda: M.delete(x, np.array([True]), 0),
        lambda: M.insert(x, [0, 1], np.ones((3, 3)), 0),
        lambda: M.block([]),
        lambda: M.block([[x], x]),
        lambda: M.block([[x, x[0]]]),
    ):
        with pytest.raises(MicrogradValueError):
            call()
    with pytest.raises(MicrogradTypeError, match="tuple"):
        M.block((x, x))
