"""Quantiles by all of NumPy's methods, weighted ones, and infinite elements."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

RNG = np.random.default_rng(0)
METHODS = [
    "linear", "lower", "higher", "nearest", "midpoint", "inverted_cdf", "averaged_inverted_cdf", "closest_observation",
    "interpolated_inverted_cdf", "hazen", "weibull", "median_unbiased", "normal_unbiased",
]  # fmt: skip
SHARES = np.array([0.0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0])
ROWS = RNG.normal(size=(3, 6)) * 9.0
WEIGHTS = np.array([[1.0, 0.0, 2.0, 3.0, 0.0, 1.0], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]])


@pytest.mark.parametrize("method", [method for method in METHODS if method != "closest_observation"])
@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 10, 11])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int8])
@pytest.mark.parametrize("name", ["quantile", "nanquantile"])
def test_methods_as_in_numpy(method, length, dtype, name):
    x = (RNG.normal(size=(2, length)) * 9.0).astype(dtype)
    expected = getattr(np, name)(x, SHARES, axis=1, method=method)
    found = getattr(M, name)(Tensor(x), SHARES, axis=1, method=method)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.data, expected, rtol=1e-6)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 10])
def test_the_closest_observation_is_the_even_one_of_two(length):
    """Of a share q of n elements it is the one numbered by n q, rounded; NumPy before 2.4 takes others."""
    x = RNG.normal(size=length)
    expected = np.sort(x)[np.clip(np.rint(length * SHARES), 1, length).astype(int) - 1]
    np.testing.assert_array_equal(M.quantile(Tensor(x), SHARES, method="closest_observation").data, expected)


@pytest.mark.parametrize("method", METHODS)
def test_a_gradient_goes_to_what_was_picked(agrees, method):
    agrees(lambda t: M.quantile(t, [0.1, 0.37, 0.8], axis=1, method=method) ** 2, None, ROWS)


def counted_as_often(x, weights):
    """The quantiles of elements that stand there as often as they weigh, in halves."""
    return np.quantile(np.repeat(x, np.asarray(2.0 * weights, dtype=int)), SHARES, method="inverted_cdf")


@pytest.mark.parametrize("name", ["quantile", "nanquantile"])
@pytest.mark.parametrize(
    ("axis", "weights", "expected"),
    [
        (1, WEIGHTS, np.stack([counted_as_often(*pair) for pair in zip(ROWS, WEIGHTS, strict=True)], axis=1)),
        (1, WEIGHTS[0], np.stack([counted_as_often(row, WEIGHTS[0]) for row in ROWS], axis=1)),
        (0, WEIGHTS[:, 2], np.stack([counted_as_often(column, WEIGHTS[:, 2]) for column in ROWS.T], axis=1)),
        (None, WEIGHTS, counted_as_often(ROWS.ravel(), WEIGHTS.ravel())),
    ],
)
def test_weights(agrees, name, axis, weights, expected):
    settings = {"axis": axis, "method": "inverted_cdf", "weights": weights}
    for function in (getattr(M, name), getattr(np, name)):
        np.testing.assert_array_equal(function(Tensor(ROWS), SHARES, **settings).data, expected)
    percents = getattr(M, name.replace("quantile", "percentile"))(Tensor(ROWS), 100.0 * SHARES, **settings)
    np.testing.assert_array_equal(percents.data, expected)
    agrees(lambda t: getattr(M, name)(t, [0.2, 0.7], **settings) ** 2, None, ROWS)


def test_what_is_unknown_has_no_weight():
    x, weights = np.array([2.0, np.nan, 1.0, 3.0]), np.array([1.0, 9.0, 1.0, 1.0])
    settings = {"method": "inverted_cdf", "weights": weights}
    assert M.nanquantile(Tensor(x), 0.5, **settings).item() == 2.0
    assert np.isnan(M.quantile(Tensor(x), 0.5, **settings).item())


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numpys_shares_promote_and_pythons_do_not(dtype):
    x = Tensor(ROWS.astype(dtype))
    assert (M.quantile(x, 0.5).dtype, M.quantile(x, 0).dtype) == (dtype, dtype)
    for q in (np.float64(0.5), np.float32(0.5), np.array([0.5], np.float32), np.array([0.5])):
        assert M.quantile(x, q).dtype == np.result_type(dtype, q.dtype)
    assert M.quantile(x, [0.5]).dtype == np.float64


def test_infinite_elements():
    for row in ([np.inf, np.nan], [1.0, np.inf, np.inf], [-np.inf, 1.0, np.inf]):
        assert M.nanmedian(Tensor(row)).item() == np.nanmedian(row)
        for method in ("lower", "higher", "nearest", "inverted_cdf"):
            assert M.nanquantile(Tensor(row), 0.5, method=method).item() == np.nanquantile(row, 0.5, method=method)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"q": Tensor(0.5, requires_grad=True)}, MicrogradTypeError, "detach"),
        ({"q": 0.5, "weights": WEIGHTS}, MicrogradValueError, "inverted_cdf"),
        ({"q": 0.5, "method": "inverted_cdf", "weights": -WEIGHTS}, MicrogradValueError, "at least 0"),
        ({"q": 0.5, "method": "inverted_cdf", "weights": WEIGHTS[0]}, MicrogradTypeError, "axes"),
        ({"q": 0.5, "method": "inverted_cdf", "weights": WEIGHTS[0], "axis": 0}, MicrogradValueError, "axes"),
    ],
)
def test_what_makes_no_sense_is_refused(settings, error, message):
    with pytest.raises(error, match=message):
        M.quantile(Tensor(ROWS), **settings)
