"""The names by which NumPy's users reach for things."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import (  # noqa: E402
    MicrogradError,
    MicrogradTypeError,
    MicrogradValueError,
)
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
SQUARE, TALL, CUBE = RNG.normal(size=(3, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 4))
HOLED = np.array([[1.0, np.nan, 3.0], [np.nan, 5.0, 6.0]])


AS_IN_NUMPY = {
    "atleast_1d": [lambda x: (x.sum(),), lambda x: (x,)],
    "atleast_2d": [lambda x: (x.sum(),), lambda x: (x[0],), lambda x: (x,)],
    "atleast_3d": [lambda x: (x.sum(),), lambda x: (x[0],), lambda x: (x,)],
    "append": [lambda x: (x, x), lambda x: (x, x[:1], 0), lambda x: (x, x, -1)],
    "average": [
        lambda x: (x,),
        lambda x: (x, 0),
        lambda x: (x, 1, np.array([1.0, 2.0, 3.0])),
        lambda x: (x, None, np.abs(TALL)),
        lambda x: (x, -2, np.arange(1.0, 5.0)),
        lambda x: (x, (0, 1), np.abs(TALL)),
    ],
    "broadcast_arrays": [lambda x: (x, x[0], 2.0)],
    "amax": [lambda x: (x,), lambda x: (x, 1)],
    "amin": [lambda x: (x, 0)],
    "corrcoef": [lambda x: (x,), lambda x: (x, None, False), lambda x: (x, x[1] ** 2), lambda x: (x[0],)],
    "cov": [lambda x: (x,), lambda x: (x, x**2, False), lambda x: (x, None, True, True), lambda x: (x[0],)],
    "copysign": [lambda x: (x, x[::-1]), lambda x: (x, -0.0), lambda x: (2.0, x)],
    "degrees": [lambda x: (x,)],
    "diff": [
        lambda x: (x,),
        lambda x: (x, 2),
        lambda x: (x, 1, 0),
        lambda x: (x, 0),
        lambda x: (x, 1, 0, 0.0),
        lambda x: (x, 1, -1, x[:, :1], 2.0),
        lambda x: (x, 0, -1, 1.0),
    ],
    "diagflat": [lambda x: (x[:2],), lambda x: (x[0], -1), lambda x: (x[0, 0], 2)],
    "dstack": [lambda x: ([x, x],), lambda x: ([x[0], x[1]],)],
    "floor_divide": [lambda x: (x, 0.7), lambda x: (2.0, x)],
    "fmax": [lambda x: (x, 0.1), lambda x: (x, x[::-1])],
    "fmin": [lambda x: (x, 0.1), lambda x: (x, x[::-1])],
    "gradient": [
        lambda x: (x,),
        lambda x: (x, 0.5),
        lambda x: (x, 0.5, np.array([0.0, 1.0, 4.0])),
        lambda x: (x[:, 0], np.array([-1.0, 0.5, 0.75, 3.0])),
        lambda x: (x[:, 0], np.abs(x[:, 1]).cumsum()),
    ],
    "fmod": [lambda x: (x, 0.7), lambda x: (2.0, x), lambda x: (x, -np.inf)],
    "heaviside": [lambda x: (x, 0.5), lambda x: (x * 0.0, x)],
    "logaddexp2": [lambda x: (x, 0.5)],
    "nanmean": [lambda x: (x,), lambda x: (x, 0)],
    "matvec": [lambda x: (x, x[0]), lambda x: (x, x[:, None] * x)],
    "vecmat": [lambda x: (x[:, 0], x), lambda x: (x[0], x[:3] * x[:, None, :1])],
    "nancumsum": [lambda x: (x,), lambda x: (x, 0), lambda x: (x, -1, np.float64)],
    "nancumprod": [lambda x: (x,), lambda x: (x, 0)],
    "nansum": [lambda x: (x,), lambda x: (x, 1)],
    "nanprod": [lambda x: (x,), lambda x: (x, 1)],
    "nanvar": [lambda x: (x,), lambda x: (x, 1)],
    "nanstd": [lambda x: (x,), lambda x: (x, 0)],
    "nanmax": [lambda x: (x,), lambda x: (x, 1)],
    "nanmin": [lambda x: (x,), lambda x: (x, -2)],
    "nanmedian": [lambda x: (x,), lambda x: (x, 1)],
    "nan_to_num": [lambda x: (x,)],
    "quantile": [lambda x: (x, 0.3), lambda x: (x, [0.1, 0.9], 0), lambda x: (x, 1.0, 1), lambda x: (x, 0.0)],
    "percentile": [lambda x: (x, 30), lambda x: (x, [[10], [50]], -1)],
    "nanquantile": [lambda x: (x, 0.3), lambda x: (x, [0.1, 0.9], 0)],
    "nanpercentile": [lambda x: (x, 30, 1)],
    "ptp": [lambda x: (x,), lambda x: (x, 0), lambda x: (x, -1)],
    "radians": [lambda x: (x,)],
    "rollaxis": [lambda x: (x[None], 2), lambda x: (x[None], 0, 3), lambda x: (x[None], 1, -1), lambda x: (x, 1, 1)],
    "select": [
        lambda x: ([x < -0.5, x < 0.5], [x * x, 1.0]),
        lambda x: ([x > 0], [x], x * 2.0),
        lambda x: ([x > 0], [[1.0, 2.0, 3.0]], [0.5]),
    ],
    "trapezoid": [lambda x: (x,), lambda x: (x, None, 0.5, 0), lambda x: (x, np.array([0.0, 1.0, 3.0]))],
    "meshgrid": [lambda x: (x[0], x[:, 1]), lambda x: (x[0], x[:, 1], x[0, :2]), lambda x: (x[0],)],
    "vsplit": [lambda x: (x, 2), lambda x: (x, [1, 3])],
    "hsplit": [lambda x: (x, 3), lambda x: (x, [1]), lambda x: (x[0], 3)],
}


def parts(result):
    return result if isinstance(result, (list, tuple)) else [result]


def plain(result):
    return [np.asarray(part.data) for part in parts(result)]


@pytest.mark.parametrize(
    ("name", "number"), [(name, i) for name, calls in AS_IN_NUMPY.items() for i in range(len(calls))]
)
def test_a_function_is_numpys_and_goes_back(agrees, name: str, number: int) -> None:
    arguments = AS_IN_NUMPY[name][number]
    numpys = getattr(np, name, None) or pytest.skip(f"this NumPy has no {name}")
    expected = numpys(*arguments(TALL))
    for function in (getattr(M, name), numpys):
        found = function(*arguments(Tensor(TALL)))
        for mine, theirs in zip(
            plain(found), expected if isinstance(expected, (list, tuple)) else [expected], strict=True
        ):
            np.testing.assert_allclose(mine, theirs, rtol=1e-14, atol=1e-15)
    if name != "floor_divide":
        agrees(lambda t: _sum_of_squares(getattr(M, name)(*arguments(t))), None, TALL)


def _sum_of_squares(result):
    return sum((part**2).sum() for part in parts(result))


def test_matrices_as_in_numpy(agrees) -> None:
    for n in (-3, -1, 0, 1, 2, 5):
        np.testing.assert_allclose(M.matrix_power(SQUARE, n), np.linalg.matrix_power(SQUARE, n), rtol=1e-11)
        if n:
            agrees(lambda t, n=n: M.matrix_power(t, n), None, SQUARE)
    chains = [(SQUARE, SQUARE), (TALL, SQUARE, SQUARE), (SQUARE[0], SQUARE, TALL.T), (SQUARE[0], SQUARE, SQUARE[1])]
    for chain in chains:
        np.testing.assert_allclose(np.linalg.multi_dot(list(map(Tensor, chain))).data, np.linalg.multi_dot(chain))
        agrees(lambda *ts: M.multi_dot(ts), None, *chain)
    np.testing.assert_allclose(M.vecdot(CUBE, CUBE[0]), (CUBE * CUBE[0]).sum(-1))
    np.testing.assert_array_equal(M.matrix_transpose(Tensor(CUBE)).data, CUBE.swapaxes(-1, -2))
    np.testing.assert_array_equal(Tensor(CUBE).mT.data, CUBE.swapaxes(-1, -2))


def test_weights_along_several_axes(agrees) -> None:
    for axes, letters in (((0, 1), "ab"), ((2, 0), "ca"), ((1, -1), "bc")):
        weights = RNG.random([CUBE.shape[axis] for axis in axes])
        expected = np.einsum(f"abc,{letters}", CUBE, weights) / weights.sum()
        np.testing.assert_allclose(M.average(Tensor(CUBE), axes, weights).data, expected)
        agrees(lambda t, w, axes=axes: M.average(t, axes, w), None, CUBE, weights)


@pytest.mark.parametrize("name", ["nanvar", "nanstd"])
def test_no_spread_of_too_few(name) -> None:
    for settings in ({"ddof": 1}, {"ddof": 2, "keepdims": True}, {"correction": 3}):
        by_ddof = {"ddof": settings.get("correction", settings.get("ddof")), "keepdims": "keepdims" in settings}
        with np.errstate(invalid="ignore"), pytest.warns(RuntimeWarning, match="Degrees of freedom"):
            expected = getattr(np, name)(HOLED, axis=0, **by_ddof)
        np.testing.assert_array_equal(getattr(M, name)(Tensor(HOLED), axis=0, **settings).data, expected)


def test_what_tells_numpy_which_memory_to_use_has_no_effect() -> None:
    t = Tensor(TALL)
    for name in ("median", "nanmedian"):
        assert getattr(M, name)(t, overwrite_input=True).item() == np.median(TALL)
    for name in ("quantile", "nanquantile", "percentile", "nanpercentile"):
        assert getattr(M, name)(t, 0.5, overwrite_input=True).item() == getattr(np, name)(TALL, 0.5)
    assert t.astype(np.float32, copy=False).dtype == np.float32
    for copy in (False, True):
        np.testing.assert_array_equal(M.meshgrid(t[0], t[1], copy=copy)[1].data, np.meshgrid(TALL[0], TALL[1])[1])


@pytest.mark.parametrize("name", ["concatenate", "stack", "hstack", "vstack"])
def test_what_may_be_lost_by_joining(name) -> None:
    for join in (getattr(M, name), getattr(np, name)):
        found = join([Tensor(TALL), TALL], dtype=int, casting="unsafe")
        np.testing.assert_array_equal(found.data, getattr(np, name)([TALL, TALL], dtype=int, casting="unsafe"))
        for settings in ({}, {"casting": "no"}):
            with pytest.raises(MicrogradTypeError, match="would lose digits"):
                join([Tensor(TALL), TALL], dtype=int, **settings)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.float32])
def test_sums_of_products_keep_the_dtype(dtype) -> None:
    x = np.ones((2, 3), dtype=dtype)
    assert M.vecdot(Tensor(x), Tensor(x)).dtype == np.vecdot(x, x).dtype == dtype
    for subscripts, operands in (("ij->i", (x,)), ("ij->", (x,)), ("ij,k->", (x, x[0])), ("ij,ik->ik", (x, x))):
        found, expected = M.einsum(subscripts, *map(Tensor, operands)), np.einsum(subscripts, *operands)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found.data, expected)


@pytest.mark.parametrize("limits", [(None, 300), (-300, None), (-(2**70), 2**70), (-1, 300), (2, 5)])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_limits_beyond_the_integers_of_a_dtype(limits, dtype) -> None:
    low, high = (other if limit is None else limit for limit, other in zip(limits, (-1, 10), strict=True))
    for clip in (M.clip, np.clip):
        found = clip(Tensor(np.arange(10, dtype=dtype)), *limits)
        assert found.dtype == dtype and found.data.tolist() == [min(max(x, low), high) for x in range(10)]


def test_divmod_of_what_is_not_ours_on_the_left() -> None:
    for number in (np.int8(7), np.float64(7.5), np.array([7.5, -7.5, 1.0])):
        for found in (divmod(number, Tensor([2.0, 3.0, -4.0])), np.divmod(number, Tensor([2.0, 3.0, -4.0]))):
            for part, expected in zip(found, np.divmod(number, [2.0, 3.0, -4.0]), strict=True):
                np.testing.assert_array_equal(part.data, expected)


def test_logaddexp2_beside_another_dtype() -> None:
    x, y = np.array([2.1, -0.78, np.inf], np.float32), np.array([0.3, -2.0, 1.0])
    for pair in ((x, y), (y, x), (x, np.array([0, 3, -2]))):
        np.testing.assert_allclose(M.logaddexp2(*map(Tensor, pair)).data, np.logaddexp2(*pair), rtol=1e-14)


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "cumsum", "cumprod", "cumulative_sum", "nansum", "trace"])
@pytest.mark.parametrize("dtype", [complex, object])
def test_what_holds_no_real_numbers_is_no_dtype_to_compute_in(name, dtype) -> None:
    settings = {"axis": 0} if name.startswith("cum") else {}
    with pytest.raises(MicrogradTypeError, match="no real numbers"):
        getattr(M, name)(Tensor(SQUARE), dtype=dtype, **settings)


def test_a_step_of_booleans() -> None:
    np.testing.assert_array_equal(M.heaviside(Tensor([False, True]), 0.5).data, [0.5, 1.0])


@pytest.mark.parametrize(
    ("call", "advice"),
    [(lambda t: t.transpose(1, 2), r"t.swapaxes\(0, 1\)"), (lambda t: t.sum([0, 1]), r"axis=\(0, 1\)")],
)
def test_what_pytorch_has_otherwise_is_said(call, advice) -> None:
    with pytest.raises(MicrogradError, match=advice):
        call(Tensor(CUBE))


def test_places_of_unsigned_integers_do_not_wrap() -> None:
    found = M.gradient(Tensor([0.0, 2.0, 4.0]), Tensor(np.array([3, 2, 1], dtype=np.uint8)))
    np.testing.assert_array_equal(found.data, [-2.0, -2.0, -2.0])


def test_the_power_0_keeps_the_dtype() -> None:
    for dtype in (bool, np.int8, np.float32):
        found = M.matrix_power(Tensor(np.ones((2, 3, 3), dtype=dtype)), 0)
        assert found.dtype == dtype and (found.data == np.eye(3)).all() and found.shape == (2, 3, 3)


def test_norms_of_nothing_are_0() -> None:
    assert M.vector_norm(Tensor(np.zeros(0)), np.inf).item() == 0.0
    assert [M.matrix_norm(Tensor(np.zeros((0, 2))), ord).item() for ord in (1, 2, "fro", "nuc")] == [0.0] * 4
    np.testing.assert_array_equal(M.vector_norm(Tensor(np.zeros((0, 3))), np.inf, 0, keepdims=True).data, [[0, 0, 0]])


def test_closeness_by_several_bounds_and_to_a_python_number() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), [1.4, 2.1, 3.3]
    for bounds in (([0.5, 0.0, 0.0], [0.0, 0.2, 0.2]), (0.0, [0.5, 0.05, 0.5])):
        np.testing.assert_array_equal(M.isclose(Tensor(x), y, *bounds).data, np.isclose(x, y, *bounds))
    assert M.isclose(Tensor(np.float32(0.1)), 0.1, 0.0, 0.0).item()
    assert M.isclose(0.1, Tensor(np.float32(0.1)), 0.0, 0.0).item()
    assert not M.isclose(Tensor(np.float32(0.1)), np.float64(0.1), 0.0, 0.0).item()


def test_what_passes_over_nan(agrees) -> None:
    for name in ("nanprod", "nanvar", "nanstd", "nanmax", "nanmin", "nanmedian", "nan_to_num"):
        for axis in (None, 0, 1, (0, 1)) if name != "nan_to_num" else (True,):
            np.testing.assert_allclose(getattr(M, name)(Tensor(HOLED), axis).data, getattr(np, name)(HOLED, axis))
    for q in (0.0, 0.3, [0.5, 1.0]):
        for name in ("quantile", "nanquantile"):
            for keepdims in (False, True):
                found = getattr(Tensor(HOLED), name)(q, axis=1, keepdims=keepdims)
                np.testing.assert_allclose(found.data, getattr(np, name)(HOLED, q, axis=1, keepdims=keepdims))
    gaps = np.where(np.isnan(HOLED), 7.0, HOLED)
    for name in ("nanprod", "nanvar", "nanstd", "nanmax", "nanmedian"):
        agrees(lambda t, name=name: getattr(M, name)(M.where(np.isnan(HOLED), np.nan, t), axis=1) ** 2, None, gaps)
    for axis in (None, 0, 1):
        np.testing.assert_allclose(M.nansum(Tensor(HOLED), axis=axis).data, np.nansum(HOLED, axis))
        np.testing.assert_allclose(M.nanmean(Tensor(HOLED), axis=axis).data, np.nanmean(HOLED, axis))
    t = Tensor(HOLED, requires_grad=True)
    M.nanmean(t).backward()
    np.testing.assert_array_equal(t.grad, np.where(np.isnan(HOLED), 0.0, 0.25))
    for name in ("nancumsum", "nancumprod"):
        for axis in (None, 0, 1):
            np.testing.assert_array_equal(getattr(M, name)(Tensor(HOLED), axis).data, getattr(np, name)(HOLED, axis))
        agrees(lambda t, name=name: getattr(M, name)(M.where(np.isnan(HOLED), np.nan, t), axis=1) ** 2, None, gaps)
    assert (engine.fmax(float("nan"), 2.0), engine.fmin(1.0, float("nan"))) == (2.0, 1.0)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("ddof", [None, 0, 2])
@pytest.mark.parametrize("fweights", [None, np.array([1, 2, 3, 1])])
@pytest.mark.parametrize("aweights", [None, np.array([0.5, 1.0, 2.0, 0.1])])
def test_weighted_covariances(agrees, bias, ddof, fweights, aweights) -> None:
    given = {"rowvar": False, "bias": bias, "ddof": ddof, "fweights": fweights, "aweights": aweights}
    for cov in (M.cov, np.cov):
        np.testing.assert_allclose(cov(Tensor(TALL), **given).data, np.cov(TALL, **given), rtol=1e-13)
    agrees(lambda t: M.cov(t, **given), None, TALL)
    if aweights is not None:
        agrees(lambda t, w: M.cov(t, **{**given, "aweights": w}), None, TALL, aweights)
    with pytest.raises(MicrogradValueError, match="4 observations"):
        M.cov(Tensor(TALL), rowvar=False, aweights=np.ones(3))


def test_questions_are_answered_by_numpy() -> None:
    t, u = Tensor(TALL, requires_grad=True), Tensor(TALL + 1e-12)
    assert np.shape(t) == (4, 3)
    assert np.ndim(t) == 2
    assert np.size(t) == 12
    assert np.allclose(t, u)
    assert not np.array_equal(t, u)
    np.testing.assert_array_equal(np.isclose(t, 0.0), np.isclose(TALL, 0.0))
    np.testing.assert_array_equal(np.logical_and(t > 0.0, t < 1.0), (TALL > 0.0) & (TALL < 1.0))
    np.testing.assert_array_equal(np.zeros_like(t), np.zeros((4, 3)))
    np.testing.assert_array_equal(t[np.nonzero(t > 0.0)].data, TALL[TALL > 0.0])
    quotient, rest = np.divmod(t, 0.5)
    np.testing.assert_allclose((quotient * 0.5 + rest).data, TALL)


def test_numpys_names_for_the_arrays_and_its_order_of_settings(tmp_path) -> None:
    x, c = Tensor(TALL), Tensor(CUBE)
    np.testing.assert_array_equal(np.swapaxes(a=x, axis1=0, axis2=1).data, TALL.T)
    np.testing.assert_array_equal(np.pad(array=x, pad_width=1).data, np.pad(TALL, 1))
    np.testing.assert_array_equal(np.take(x, [9], 0, None, "wrap").data, TALL[[1]])
    np.testing.assert_array_equal(np.linalg.diagonal(c).data, np.linalg.diagonal(CUBE))
    np.testing.assert_array_equal(np.linalg.trace(c).data, np.linalg.trace(CUBE))
    np.testing.assert_array_equal(np.trace(c).data, np.trace(CUBE))
    np.testing.assert_array_equal(np.where(x > 0.0)[0], np.where(TALL > 0.0)[0])
    np.testing.assert_array_equal(np.bitwise_and(x > 0.0, TALL < 1.0).data, (TALL > 0.0) & (TALL < 1.0))
    np.save(tmp_path / "x.npy", x)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), TALL)
    assert np.asarray(x, copy=False) is x.data
    with pytest.raises(ValueError, match="without a copy"):
        np.asarray(x, dtype=np.float32, copy=False)


def test_axes_are_counted_in_each_operand() -> None:
    x, y, columns = TALL.T, CUBE.swapaxes(0, 1), SQUARE[:, :1]
    np.testing.assert_allclose(M.vecdot(Tensor(x), y, axis=0).data, (x[:, None] * y).sum(0))
    np.testing.assert_allclose(M.cross(Tensor(x), y, axis=0).data, np.cross(x, y, axis=0))
    np.testing.assert_allclose(np.cross(Tensor(TALL), columns, 1, 0, 0).data, np.cross(TALL, columns, 1, 0, 0))
    with pytest.raises(MicrogradValueError, match="vectors of 3 and of 2"):
        M.vecdot(Tensor(x), CUBE, axis=0)


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.1.0", reason="NumPy 2.0 doesn't have them")
@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
def test_running_results_with_what_they_begin_with(agrees, name: str) -> None:
    for x, axis in ((TALL, 0), (TALL, -1), (TALL[0], None), (np.array(2.0), None)):
        for include_initial in (False, True):
            given = {"axis": axis, "include_initial": include_initial}
            expected = getattr(np, name)(x, **given)
            np.testing.assert_allclose(getattr(M, name)(Tensor(x), **given).data, expected)
            np.testing.assert_allclose(getattr(np, name)(Tensor(x), **given).data, expected)
            agrees(lambda t, given=given: getattr(M, name)(t * t, **given), None, x)
    with pytest.raises(MicrogradValueError, match="along which axis"):
        getattr(np, name)(Tensor(TALL))


def test_grids_by_rows_and_sparse() -> None:
    given = Tensor(TALL[0]), Tensor(TALL[:, 1])
    for settings in ({"indexing": "ij"}, {"sparse": True}, {"sparse": True, "indexing": "ij"}):
        for mine, numpys in zip(
            np.meshgrid(*given, **settings), np.meshgrid(TALL[0], TALL[:, 1], **settings), strict=True
        ):
            np.testing.assert_array_equal(mine.data, numpys)


def test_bits_are_turned_and_joined() -> None:
    np.testing.assert_array_equal(M.diff(Tensor(TALL > 0.0), axis=0).data, np.diff(TALL > 0.0, axis=0))
    for dtype in (bool, np.int8, np.uint8, np.int64):
        x = np.array([0, 1, 5]).astype(dtype)
        np.testing.assert_array_equal((~Tensor(x)).data, ~x)
        np.testing.assert_array_equal((Tensor(x) & x[::-1] | x).data, x & x[::-1] | x)
    with pytest.raises(TypeError):
        ~Tensor(TALL)
    np.testing.assert_array_equal(
        engine.vmap(lambda row: (row > 0.0) & ~(row > 1.0))(TALL), (TALL > 0.0) & (TALL <= 1.0)
    )


def test_the_order_in_which_elements_are_read() -> None:
    t = Tensor(CUBE, requires_grad=True)
    np.testing.assert_array_equal(t.reshape(6, -1, order="F").data, CUBE.reshape(6, -1, order="F"))
    np.testing.assert_array_equal(M.reshape(t, (4, 6), "F").data, CUBE.reshape((4, 6), order="F"))
    np.testing.assert_array_equal(t.ravel("F").data, CUBE.ravel("F"))
    (t.ravel(order="F") * np.arange(24.0)).sum().backward()
    np.testing.assert_array_equal(t.grad, np.arange(24.0).reshape(CUBE.shape, order="F"))
    for order, error in (("A", ValueError), (3, TypeError)):
        with pytest.raises(error, match="'F', where the first does"):
            M.reshape(t, (4, 6), order)


def test_an_axis_that_is_not_there_is_an_index_error_as_in_numpy() -> None:
    x = Tensor(TALL)
    for call in (x.sum, x.squeeze, x.flip, x.median, x.cumsum, x.unstack, x.softmax, x.expand_dims, x.nanmax, x.ptp):
        with pytest.raises(IndexError):
            call(axis=5)
    with pytest.raises(IndexError):
        x.index_put(9, 0.0)
    assert Tensor(3.0).squeeze(0).shape == ()


def test_questions_about_a_row_inside_vmap_are_refused_but_for_its_shape() -> None:
    assert engine.vmap(lambda row: row * np.ndim(row) + np.shape(row)[0])(TALL)[0, 0] == TALL[0, 0] + 3.0
    with pytest.raises(MicrogradTypeError, match="where"):
        engine.vmap(lambda row: np.array_equal(row, 0.0))(TALL)
    with pytest.raises(MicrogradTypeError, match="where"):
        engine.vmap(lambda row: np.allclose(row, 0.0))(TALL)


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("axis", [0, -1, (0, 1), (1,)])
def test_slopes_as_in_numpy(agrees, edge_order: int, axis: int | tuple[int, ...]) -> None:
    places = [np.array([-1.0, 0.5, 0.75, 3.0]), np.array([2.0, 1.0, -3.0])]
    chosen = [places[i] for i in np.atleast_1d(axis)]
    for spacing in ([], [0.25], chosen):
        expected = np.gradient(TALL, *spacing, axis=axis, edge_order=edge_order)
        found = np.gradient(Tensor(TALL), *spacing, axis=axis, edge_order=edge_order)
        for mine, theirs in zip(parts(found), parts(expected), strict=True):
            np.testing.assert_allclose(mine.data, theirs, rtol=1e-13, atol=1e-14)
        agrees(lambda t, s=spacing: _sum_of_squares(M.gradient(t, *s, axis=axis, edge_order=edge_order)), None, TALL)


def test_slopes_by_the_places_and_of_whole_numbers_and_float32(agrees) -> None:
    agrees(lambda f, x: M.gradient(f, x, edge_order=2) ** 2, None, TALL[:, 0], np.array([-1.0, 0.5, 0.75, 3.0]))
    assert M.gradient(Tensor([1, 4, 9])).data.tolist() == [3.0, 4.0, 5.0]
    assert M.gradient(Tensor(TALL.astype(np.float32)), axis=0).dtype == np.float32
    assert np.isfinite(M.gradient(np.array([0.0, np.inf, 0.0]))[1])


def test_slopes_and_choices_refuse() -> None:
    x = Tensor(TALL)
    with pytest.raises(MicrogradTypeError, match="each axis"):
        M.gradient(x, 1.0, 2.0, axis=0)
    for spacing, settings in (
        ((np.ones(2),), {"axis": 0}),
        ((), {"edge_order": 3}),
        ((), {"edge_order": 2, "axis": 0}),
    ):
        with pytest.raises(MicrogradValueError, match="edge_order"):
            M.gradient(x[:2] if not spacing else x, *spacing, **settings)
    with pytest.raises(MicrogradValueError, match="one choice for each"):
        M.select([x > 0], [])
    with pytest.raises(MicrogradTypeError, match="booleans"):
        M.select([x], [x])
    with pytest.raises(MicrogradTypeError, match="PyTorch's"):
        M.select(x, 0, 1)


def test_a_float_power_is_of_float64() -> None:
    for dtype in (int, np.float32):
        x = np.array([2, 3], dtype)
        for found in (np.float_power(Tensor(x), 2), np.float_power(2, Tensor(x))):
            assert found.dtype == np.float64
        np.testing.assert_array_equal(np.float_power(Tensor(x), -1).data, np.float_power(x, -1))
    np.testing.assert_array_equal(np.rint(Tensor(TALL)).data, np.rint(TALL))
