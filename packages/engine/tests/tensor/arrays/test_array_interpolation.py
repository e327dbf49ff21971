"""NumPy's interp: its numbers, and gradients by the place, the places of the points and their values."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays.functions import interp  # noqa: E402
from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

XP, FP = np.array([-1.0, 0.0, 0.5, 2.0]), np.array([1.0, 3.0, -2.0, 0.0])
X = np.random.default_rng(0).normal(size=(4, 3)) * 1.5
EDGES = np.array([-1.0, 0.0, 0.5, 2.0, 2.0001, -5.0, np.nan, np.inf])
SETTINGS = [{}, {"left": 7.0}, {"left": 7.0, "right": -7.0}, {"period": 1.7}, {"period": -3.5, "left": 5.0}]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("x", [X, EDGES, 0.3, 2.0, np.array([1, 2]), X.astype(np.float32)])
def test_as_in_numpy(settings, x):
    with np.errstate(invalid="ignore"):
        expected = np.interp(x, XP, FP, **settings)
    for function in (interp, np.interp):
        found = function(Tensor(x), XP, Tensor(FP), **settings)
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found.data, expected)


@pytest.mark.parametrize("settings", SETTINGS)
def test_goes_back_to_all_three(agrees, settings):
    agrees(lambda x, xp, fp: interp(x, xp, fp, **settings), None, X, XP, FP)


def test_the_limits_get_a_gradient():
    left, right = Tensor(1.0, requires_grad=True), Tensor(2.0, requires_grad=True)
    interp(Tensor([-9.0, -8.0, 0.1, 9.0]), XP, FP, left, right).sum().backward()
    assert (left.grad.item(), right.grad.item()) == (2.0, 1.0)


def test_at_a_point_the_slope_is_that_to_the_right_and_of_the_last_that_to_the_left():
    x = Tensor(XP, requires_grad=True)
    interp(x, XP, FP).sum().backward()
    np.testing.assert_allclose(x.grad, [2.0, -10.0, 4.0 / 3.0, 4.0 / 3.0])


@pytest.mark.parametrize(("xp", "fp"), [([0.0], [3.0]), ([0.0, 0.0, 1.0, 1.0], [3.0, 4.0, 5.0, 6.0])])
def test_single_points_and_jumps(xp, fp):
    x = np.array([-1.0, 0.0, 0.25, 1.0, 2.0])
    np.testing.assert_array_equal(interp(Tensor(x), np.array(xp), np.array(fp)).data, np.interp(x, xp, fp))


@pytest.mark.parametrize(
    ("xp", "fp"),
    [
        ([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, np.inf, 4.0]),
        ([1.0, 2.0, 3.0, 4.0], [-np.inf, 2.0, 3.0, -np.inf]),
        ([-np.inf, 2.0, np.inf], [5.0, 5.0, 5.0]),
        ([-np.inf, 2.0, np.inf], [5.0, 6.0, 7.0]),
        ([1.0, 2.0], [np.inf, np.inf]),
        ([1.0, 2.0], [-np.inf, np.inf]),
    ],
)
def test_beside_infinite_points(xp, fp):
    x = np.array([-np.inf, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, np.inf])
    np.testing.assert_array_equal(interp(Tensor(x), np.array(xp), np.array(fp)).data, np.interp(x, xp, fp))


def test_within_vmap_and_jit():
    expected = np.interp(X, XP, FP)
    np.testing.assert_array_equal(engine.vmap(lambda row: interp(row, XP, FP))(X), expected)
    step = engine.jit(engine.grad(lambda fp, x: (interp(x, XP, fp) ** 2).sum()), backend="numpy")
    plain = engine.grad(lambda fp, x: (interp(x, XP, fp) ** 2).sum())
    for x in (X, X[::-1] * 0.5):
        np.testing.assert_allclose(step(FP, x), plain(FP, x), rtol=1e-12)


@pytest.mark.parametrize(
    ("xp", "fp", "period"),
    [(XP[::-1], FP, None), (XP, FP[:2], None), (XP[:0], FP[:0], None), (XP, FP, 0.0), (XP[None], FP[None], None)],
)
def test_what_makes_no_sense_is_refused(xp, fp, period):
    with pytest.raises(MicrogradValueError, match=r"interp\("):
        interp(Tensor(X), xp, fp, period=period)
