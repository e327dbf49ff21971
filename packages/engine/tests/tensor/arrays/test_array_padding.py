"""pad: NumPy's borders, and gradients through them."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.arrays.functions import pad  # noqa: E402
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

NUMBERS = np.sin(np.arange(48).reshape(6, 8) * 1.7 + 0.3) * 20.0
PAIRS = ((2, 1), (0, 3))
PADDED = {
    "by one width": (1, {}),
    "by a pair": ((1, 2), {"constant_values": 3.0}),
    "by pairs": (((0, 1), (2, 0)), {}),
    "by constants": (((0, 1), (2, 0)), {"constant_values": ((1, 2), (3, 4))}),
    "edge": (PAIRS, {"mode": "edge"}),
    "reflect": (PAIRS, {"mode": "reflect", "reflect_type": "even"}),
    "reflect far": (7, {"mode": "reflect"}),
    "symmetric": (PAIRS, {"mode": "symmetric"}),
    "wrap": ((4, 5), {"mode": "wrap"}),
    "maximum": (PAIRS, {"mode": "maximum"}),
    "maximum of some": (PAIRS, {"mode": "maximum", "stat_length": 2}),
    "minimum": (2, {"mode": "minimum"}),
    "minimum of some": (2, {"mode": "minimum", "stat_length": ((1, 2), (3, 99))}),
    "mean": (PAIRS, {"mode": "mean"}),
    "mean of some": (PAIRS, {"mode": "mean", "stat_length": (1, 2)}),
    "median": (PAIRS, {"mode": "median"}),
    "ramp": (PAIRS, {"mode": "linear_ramp"}),
    "ramp to numbers": ((3, 2), {"mode": "linear_ramp", "end_values": ((-5, 5), (7, 0))}),
}


@pytest.mark.parametrize("name", PADDED)
@pytest.mark.parametrize("x", [NUMBERS[:3, :4], NUMBERS[::-2, ::2]], ids=["plain", "strided"])
def test_as_in_numpy(agrees, name, x):
    width, settings = PADDED[name]
    for function in (pad, np.pad):
        np.testing.assert_allclose(
            function(Tensor(x), width, **settings).data, np.pad(x, width, **settings), rtol=1e-13
        )
    agrees(lambda t: pad(t, width, **settings) ** 2, None, x)


@pytest.mark.parametrize("name", PADDED)
@pytest.mark.parametrize("dtype", [np.float32, int, np.int8, bool])
def test_the_dtype_stays(name, dtype):
    (width, settings), x = PADDED[name], NUMBERS[:3, :4].astype(dtype)
    found, expected = pad(Tensor(x), width, **settings), np.pad(x, width, **settings)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.data, expected, rtol=1e-6)


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_numbers_and_empty_arrays(shape):
    x = np.ones(shape)
    out = pad(Tensor(x, requires_grad=True), 1)
    np.testing.assert_array_equal(out.data, np.pad(x, 1))
    out.sum().backward()


@pytest.mark.parametrize("mode", ["maximum", "median", "linear_ramp"])
def test_nothing_is_computed_of_an_axis_without_border(mode):
    assert pad(Tensor(np.ones((2, 0, 2))), ((3, 1), (0, 0), (1, 2)), mode).shape == (6, 0, 5)


def test_widths_by_axes():
    np.testing.assert_array_equal(pad(Tensor(NUMBERS), {-1: (1, 2), 0: 3}).data, np.pad(NUMBERS, ((3, 3), (1, 2))))
    np.testing.assert_array_equal(pad(Tensor(NUMBERS), {1: 1}, "empty").data[:, 1:-1], NUMBERS)


def test_nan_as_a_border():
    t = Tensor(np.ones(2, np.float32), requires_grad=True)
    out = pad(t, 1, constant_values=np.nan)
    assert out.dtype == np.float32
    out.sum().backward()
    assert t.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("width", "settings", "error", "message"),
    [
        (-1, {}, MicrogradValueError, "negative"),
        (0.5, {}, MicrogradTypeError, "integers"),
        (((1, 1),) * 3, {}, MicrogradValueError, "broadcast"),
        (1, {"mode": "ramp"}, MicrogradValueError, "there are constant, linear_ramp"),
        (1, {"mode": "edge", "constant_values": 0}, MicrogradValueError, "no setting 'constant_values'"),
        (1, {"stat_length": 2}, MicrogradValueError, "no setting 'stat_length'"),
        (1, {"mode": "maximum", "stat_length": 0}, MicrogradValueError, "take 1 or more"),
        (1, {"mode": "mean", "stat_length": -1}, MicrogradValueError, "negative"),
        (1, {"mode": "reflect", "reflect_type": "odd"}, MicrogradValueError, "isn't differentiated"),
    ],
)
def test_what_makes_no_sense_is_refused(width, settings, error, message):
    with pytest.raises(error, match=message):
        pad(Tensor(NUMBERS), width, **settings)
