"""Operators of Tensors beyond arithmetic, and writing: of data as in NumPy, of what has a gradient never."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import (  # noqa: E402
    GraphError,
    MicrogradError,
)
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.value import Value  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
SQUARE, TALL, CUBE = RNG.normal(size=(3, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 4))
HOLED = np.array([[1.0, np.nan, 3.0], [np.nan, 5.0, 6.0]])


def test_division_that_rounds_down() -> None:
    for x, y in [(7.0, 2.0), (-7.0, 2.0), (1.0, 0.1), (-0.0, 3.0), (5.0, -np.inf), (-5.0, np.inf)]:
        assert engine.floor_divide(x, y) == x // y == np.floor_divide(x, y)
        assert (Tensor(x) // y).item() == (x // Tensor(y)).item() == (Value(x) // y).data == x // y
        assert [part.data for part in divmod(Value(x), y)] == [x // y, x % y] or np.isinf(y)
    with np.errstate(all="ignore"):
        for x in (1.0, -1.0, 0.0, np.nan, np.inf):
            assert np.array_equal(engine.floor_divide(x, 0.0), np.floor_divide(x, 0.0), equal_nan=True)
    t = Tensor([7.0, -7.0], requires_grad=True)
    quotient, rest = divmod(t, 2.0)
    (quotient * t + rest).sum().backward()
    np.testing.assert_array_equal(t.grad, [4.0, -3.0])  # as a factor the quotient is a constant
    assert divmod(9.0, Tensor(4.0))[1].item() == 1.0


def test_rounding_membership_and_lists() -> None:
    assert round(Tensor([1.26, 2.51]), 1).tolist() == [1.3, 2.5]
    assert (round(Value(2.5)).data, round(Value(2.567), 2).data) == (2.0, 2.57)
    assert 2.0 in Tensor([1.0, 2.0]) and 3.0 not in Tensor([1.0, 2.0])
    assert (Tensor([True, False]) ^ Tensor([True, True])).tolist() == [False, True]


@pytest.mark.parametrize("update", ["t **= 2", "t %= 2", "t //= 2", "t @= t", "t += 1"])
def test_in_place_on_a_parameter_is_an_error_with_the_fix(update: str) -> None:
    with pytest.raises(GraphError, match=r"t\.data"):
        exec(update, {"t": Tensor(SQUARE, requires_grad=True)})


@pytest.mark.parametrize("dtype", [float, np.float32, np.int16, np.uint8, bool])
@pytest.mark.parametrize(
    "key",
    [
        0,
        -1,
        slice(None, None, -2),
        (slice(None), 1),
        (..., None, [0, 2]),
        ([0, 0], [1, 1]),
        SQUARE > 0.0,
        (),
        None,
        True,
    ],
)
def test_assignment_writes_data_as_numpy_does_and_leaves_what_was_computed(dtype, key) -> None:
    array = np.abs(SQUARE * 3).astype(dtype)
    t = Tensor(array)
    weight = Tensor(2.0, requires_grad=True)
    computed, view = (weight * t).sum(), t[1:]
    for value in (1, array.max(), t.detach().max()):
        array[key] = np.asarray(value)
        t[Tensor(key) if isinstance(key, np.ndarray) else key] = value
        np.testing.assert_array_equal(t.data, array)
        assert t.dtype == array.dtype
        put = M.index_put(Tensor(np.zeros((3, 3), dtype)), key, value)
        assert put.dtype == array.dtype
    computed.backward()
    np.testing.assert_array_equal(view.data, np.abs(SQUARE * 3).astype(dtype)[1:])
    assert weight.grad == computed.item() / 2.0


@pytest.mark.parametrize(
    ("write", "error", "message"),
    [
        ("t[7] = 1", IndexError, "out of bounds"),
        ("t[0] = [1, 2]", ValueError, "broadcast"),
        ("t[0] = 0.5", TypeError, r"cut numbers of float64 to int64. Write t = t.astype\(float64\)"),
        ("t[0] = parameter", GraphError, "index_put"),
        ("(1 * t + parameter)[0] = 1", GraphError, "index_put"),
        ("b[0] = 300", ValueError, "300"),
    ],
)
def test_what_can_not_be_written_is_refused(write: str, error, message: str) -> None:
    t = Tensor(np.arange(9).reshape(3, 3))
    with pytest.raises(error, match=message) as caught:
        exec(write, {"t": t, "b": t.astype(np.uint8), "parameter": Tensor(1.0, requires_grad=True)})
    assert isinstance(caught.value, MicrogradError)
    np.testing.assert_array_equal(t.data, np.arange(9).reshape(3, 3))


@pytest.mark.parametrize("key", [0, slice(None), np.array([True, False, True]), (0, 1), ...])
def test_assignment_to_an_index_is_an_error_with_the_fix(key) -> None:
    t = Tensor(SQUARE, requires_grad=True)
    for target in (t, t * 2.0):
        with pytest.raises(GraphError, match=r"index_put.*t\.data\[index\] = values"):
            target[key] = 1.0
    np.testing.assert_array_equal(t.data, SQUARE)
