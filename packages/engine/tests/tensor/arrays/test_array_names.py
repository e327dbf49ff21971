"""The names by which NumPy's and PyTorch's users reach for things: functions, methods, operators and arguments."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine import functions as M  # noqa: E402, N812
from micrograd.engine.errors import (  # noqa: E402
    GraphError,
    MicrogradError,
    MicrogradTypeError,
    MicrogradValueError,
)
from micrograd.engine.ops.op import Op  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.value import Value  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
SQUARE, TALL, CUBE = RNG.normal(size=(3, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 4))
HOLED = np.array([[1.0, np.nan, 3.0], [np.nan, 5.0, 6.0]])

# ---- functions that NumPy has ----------------------------------------------------------------------------------------

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
    ],
    "degrees": [lambda x: (x,)],
    "diff": [
        lambda x: (x,),
        lambda x: (x, 2),
        lambda x: (x, 1, 0),
        lambda x: (x, 0),
        lambda x: (x, 1, 0, 0.0),
        lambda x: (x, 1, -1, x[:, :1], 2.0),
    ],
    "dstack": [lambda x: ([x, x],), lambda x: ([x[0], x[1]],)],
    "floor_divide": [lambda x: (x, 0.7), lambda x: (2.0, x)],
    "fmax": [lambda x: (x, 0.1), lambda x: (x, x[::-1])],
    "fmin": [lambda x: (x, 0.1), lambda x: (x, x[::-1])],
    "logaddexp2": [lambda x: (x, 0.5)],
    "nanmean": [lambda x: (x,), lambda x: (x, 0)],
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
    "trapezoid": [lambda x: (x,), lambda x: (x, None, 0.5, 0), lambda x: (x, np.array([0.0, 1.0, 3.0]))],
    "vsplit": [lambda x: (x, 2), lambda x: (x, [1, 3])],
    "hsplit": [lambda x: (x, 3), lambda x: (x, [1]), lambda x: (x[0], 3)],
}


def plain(result):
    return [np.asarray(part.data) for part in (result if isinstance(result, (list, tuple)) else [result])]


@pytest.mark.parametrize(
    ("name", "number"), [(name, i) for name, calls in AS_IN_NUMPY.items() for i in range(len(calls))]
)
def test_a_function_is_numpys_and_goes_back(agrees, name: str, number: int) -> None:
    arguments = AS_IN_NUMPY[name][number]
    numpys = getattr(np, name, None) or np.trapz  # of NumPy before 2.0
    expected = numpys(*arguments(TALL))
    for function in (getattr(M, name), numpys):
        found = function(*arguments(Tensor(TALL)))
        for mine, theirs in zip(plain(found), expected if isinstance(expected, list) else [expected], strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-14, atol=1e-15)
    if name != "floor_divide":
        agrees(lambda t: _sum_of_squares(getattr(M, name)(*arguments(t))), None, TALL)


def _sum_of_squares(result):
    return sum((part**2).sum() for part in (result if isinstance(result, list) else [result]))


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
    assert (engine.fmax(float("nan"), 2.0), engine.fmin(1.0, float("nan"))) == (2.0, 1.0)


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


def test_bits_are_turned_and_joined() -> None:
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


# ---- functions that PyTorch has --------------------------------------------------------------------------------------

INDEX = np.array([[0, 2, 1], [1, 1, 0]])
AS_IN_TORCH = {
    "unsqueeze": lambda x, m: m.unsqueeze(x, -1),
    "gather": lambda x, m: m.gather(x, 1, index(m)),
    "gather of a corner": lambda x, m: m.gather(x, 0, index(m)[:, :2]),
    "index_select": lambda x, m: m.index_select(x, 1, index(m)[0]),
    "masked_fill": lambda x, m: (m.masked_fill if m is M else torch.Tensor.masked_fill)(x, x > 0.0, -1.0),
    "masked_select": lambda x, m: m.masked_select(x, x > 0.0),
    "unbind": lambda x, m: m.unbind(x, 1)[2],
    "chunk": lambda x, m: m.chunk(x, 3, 0)[1],
    "permute": lambda x, m: x.permute(1, 0),
    "expand": lambda x, m: x.unsqueeze(1).expand(2, -1, 5, -1),
    "where": lambda x, m: x.where(x > 0.0, 3.0 * x),
    "mT": lambda x, m: x.mT,
    "clone": lambda x, m: x.clone(),
    "dim": lambda x, m: m.softmax(x, dim=0) + m.logsumexp(x, dim=1, keepdim=True) + m.cumsum(x, dim=-1),
    "input and other": lambda x, m: m.where(condition=x > 0.0, input=x, other=m.pow(input=x, exponent=2)),
    "a limit by name": lambda x, m: (m.clamp_min if m is M else torch.clamp)(x, min=0.1),
    "methods": lambda x, m: x.add(1.0).mul(x).sub(2.0).div(3.0).neg().hypot(x).clamp_max(2.0).xlogy(x * x),
    "two operands": lambda x, m: x.arctan2(x + 3.0).logaddexp(x).fmax(x).remainder(0.3).maximum(x * 0.5),
    "topk": lambda x, m: m.topk(x, 2, dim=0).values * x[:2],
    "topk of the least": lambda x, m: m.topk(x, 2, largest=False)[0],
    "softmin": lambda x, m: (m if m is M else torch.nn.functional).softmin(x, dim=0),
    "unflatten": lambda x, m: m.unflatten(x, 0, (2, -1)) ** 2,
    "logcumsumexp": lambda x, m: m.logcumsumexp(x, dim=0),
    "cdist": lambda x, m: m.cdist(x, x[1:3] ** 2) if m is M else (x[:, None] - x[1:3] ** 2).norm(dim=-1),
    "cdist by p": lambda x, m: (
        m.cdist(x[None], x[:2] ** 2, p=1.0) if m is M else (x[:, None] - x[:2] ** 2).abs().sum(-1)[None]
    ),
    "isclose": lambda x, m: x * m.isclose(x, x.detach() * (1 + 1e-6)),
    "quantile": lambda x, m: x.quantile(0.3, dim=1, keepdim=True) if m is torch else x.quantile(0.3, 1, keepdims=True),
    "nan_to_num": lambda x, m: m.nan_to_num((x - 1.0).log()),
    "cosine_similarity": lambda x, m: (m if m is M else torch.nn.functional).cosine_similarity(x, x * x, dim=0),
    "glu": lambda x, m: (m.glu if m is M else torch.nn.functional.glu)(x, dim=0),
}


def index(m):
    return INDEX if m is M else torch.tensor(INDEX)


@pytest.mark.parametrize("name", AS_IN_TORCH)
def test_a_name_is_pytorchs(agrees, name: str) -> None:
    call = AS_IN_TORCH[name]
    agrees(lambda t: call(t, M), (lambda t: call(t, torch)) if torch else None, TALL)


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "nearest", "midpoint"])
def test_between_two_elements(method: str) -> None:
    for q in (0.0, 0.1, 0.4, 0.5, 1.0):
        np.testing.assert_allclose(
            M.quantile(Tensor(TALL), q, 0, method=method).data, np.quantile(TALL, q, 0, method=method)
        )


def test_what_is_close() -> None:
    x, y = np.array([1.0, np.inf, np.nan, 1.0, np.inf, 0.0]), np.array([1.0 + 1e-9, np.inf, np.nan, 2.0, 1.0, 1e-9])
    for equal_nan in (False, True):
        found = M.isclose(Tensor(x), y, equal_nan=equal_nan)
        np.testing.assert_array_equal(found.data, np.isclose(x, y, equal_nan=equal_nan))
    assert M.allclose(Tensor(x), x, equal_nan=True) is True
    assert Tensor(x).allclose(x) is False
    integers = np.array([0, 1, 200], dtype=np.uint8)
    assert M.isclose(Tensor(integers), integers[::-1], atol=100).data.tolist() == [False, True, False]


def test_running_sums_of_exponentials_neither_overflow_nor_turn_into_nan() -> None:
    t = Tensor([-np.inf, 1000.0, -1000.0, 1000.0], requires_grad=True)
    out = t.logcumsumexp()
    np.testing.assert_allclose(out.data, [-np.inf, 1000.0, 1000.0, 1000.0 + np.log(2.0)])
    out[1:].sum().backward()
    np.testing.assert_allclose(t.grad, [0.0, 2.5, 0.0, 0.5])


@pytest.mark.parametrize("chunks", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("length", [1, 4, 5])
def test_chunks_are_as_many_as_pytorchs(chunks: int, length: int) -> None:
    lengths = [len(part) for part in M.chunk(np.zeros(length), chunks)]
    each = -(-length // chunks)
    assert sum(lengths) == length and set(lengths[:-1]) <= {each} and len(lengths) == -(-length // each)


# ---- operators -------------------------------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.skipif(torch is None, reason="needs PyTorch")
@pytest.mark.parametrize("lengths", [1, 3, 9, [1, 0, 3], [4]])
def test_parts_by_their_length_are_pytorchs(lengths: int | list[int]) -> None:
    ours = Tensor(TALL, requires_grad=True).split(lengths, dim=0)
    theirs = torch.tensor(TALL).split(lengths, dim=0)
    for part, expected in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(part.data, expected.numpy())


@pytest.mark.parametrize("lengths", [0, -1, [1, 1], [-1, 5], []])
def test_parts_that_do_not_make_up_the_whole_are_refused(lengths: int | list[int]) -> None:
    with pytest.raises(MicrogradValueError, match="split"):
        Tensor(TALL).split(lengths, dim=0)


def test_settings_by_pytorchs_names() -> None:
    x = Tensor(TALL)
    np.testing.assert_array_equal(M.stack([x, x], dim=1).data, np.stack([TALL, TALL], 1))
    np.testing.assert_array_equal(M.concatenate(tensors=[x, x], dim=-1).data, np.hstack([TALL, TALL]))
    np.testing.assert_array_equal(x.median(dim=1, keepdim=True).data, np.median(TALL, 1, keepdims=True))
    np.testing.assert_array_equal(x[None].squeeze(dim=0).data, TALL)
    np.testing.assert_array_equal(M.swapaxes(a=x, axis1=0, axis2=1).data, TALL.T)
    np.testing.assert_array_equal(M.dot(a=x, b=SQUARE, out=None).data, TALL @ SQUARE)
    np.testing.assert_array_equal(x.norm(dim=1, keepdim=True).data, x.norm(axis=1, keepdims=True).data)
    np.testing.assert_array_equal(x.roll(shifts=(1, 2), dims=(0, 1)).data, np.roll(TALL, (1, 2), (0, 1)))


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


# ---- arguments by name -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: M.add(t), r"add\(\) is missing y. It is called as add\(x, y\)"),
        (lambda t: M.add(t, t, t), r"add\(\) was given 3 arguments"),
        (lambda t: M.add(t, t, other=t), r"add\(\) was given 'other' twice"),
        (lambda t: M.sum(t, first=3.0), r"sum\(\) has no argument 'first'. It is called as sum\(x, axis=None, dtype"),
        (lambda t: t.sum(along=0), r"sum\(\) has no argument 'along'"),
        (lambda t: engine.clamp_min(t, 0.0, min=1.0), r"clamp_min\(\) was given 'min' twice"),
        (lambda t: engine.exp(), r"exp\(\) is missing x"),
        (lambda t: t.median(along=0), r"median\(\) has no argument 'along'. It is called as median\(x"),
        (lambda t: t.median(axis=0, dim=0), r"median\(\) was given 'dim' twice"),
        (lambda t: t.ptp(out=np.zeros(())), r"ptp\(\) has no argument 'out'"),
        (lambda t: np.dot(t, t.T, out=np.zeros((4, 4))), "Use the result"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_with_the_signature(call, message: str) -> None:
    with pytest.raises(MicrogradTypeError, match=message):
        call(Tensor(TALL, requires_grad=True))


def test_every_function_of_an_array_is_a_method() -> None:
    """What isn't one takes several arrays alike, or weights that a layer holds, or makes an array of something else."""
    no_methods = {
        "adaptive_avg_pool1d", "adaptive_avg_pool2d", "append", "atleast_1d", "atleast_2d", "atleast_3d", "avg_pool1d",
        "avg_pool2d", "batch_norm", "batch_norm_training", "cdist", "binary_cross_entropy_with_logits", "column_stack",
        "concatenate", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "cosine_similarity", "cross_entropy",
        "dropout", "dstack", "einsum", "embedding", "fold", "gaussian", "gelu_slope", "getitem", "group_norm",
        "hinge_loss", "hstack", "huber_loss", "identity", "kl_div", "l1_loss", "layer_norm", "linear", "matrix_norm",
        "matrix_transpose", "max_pool1d", "max_pool2d", "mse_loss", "multi_dot", "multi_margin_loss", "nll_loss",
        "one_hot", "pad", "pairwise_distance", "rms_norm", "scaled_dot_product_attention", "smooth_l1_loss", "stack",
        "stop_gradient", "triplet_margin_loss", "unfold", "vector_norm", "vstack",
    }  # fmt: skip
    assert {name for name in M.__all__ if not hasattr(Tensor, name)} == no_methods


@pytest.mark.parametrize(
    "call",
    [
        lambda: M.matrix_transpose(np.ones(3)),
        lambda: M.matrix_power(np.ones((2, 3)), 2),
        lambda: M.matrix_power(SQUARE, 0.5),
        lambda: M.multi_dot([SQUARE]),
        lambda: M.multi_dot([SQUARE, SQUARE[0], SQUARE]),
        lambda: M.multi_dot([Tensor(np.ones((2, 1))), np.ones((3, 2))]),
        lambda: M.average(Tensor(TALL), weights=np.ones(2)),
        lambda: M.average(Tensor(TALL), axis=0, weights=np.ones(3)),
        lambda: M.diff(Tensor(TALL), n=-1),
        lambda: M.diff(Tensor(1.0)),
        lambda: M.chunk(Tensor(TALL), 0),
        lambda: M.hsplit(Tensor(1.0), 1),
        lambda: M.vsplit(Tensor(TALL[0]), 1),
        lambda: M.dsplit(Tensor(TALL), 1),
        lambda: M.masked_fill(Tensor(TALL), TALL, 0.0),
        lambda: M.gather(Tensor(TALL), 0, np.array([[7, 0, 0]])),
        lambda: M.unstack(Tensor(TALL), 5),
        lambda: M.topk(Tensor(TALL), 4),
        lambda: M.cdist(Tensor(TALL), SQUARE[:, :2]),
        lambda: M.unflatten(Tensor(TALL), 0, (3, -1)),
        lambda: M.quantile(Tensor(TALL), 30),
        lambda: M.quantile(Tensor(TALL), 0.3, method="typical"),
        lambda: Tensor(TALL).expand(2, 2),
    ],
)
def test_what_makes_no_sense_is_refused(call) -> None:
    with pytest.raises(MicrogradError):
        call()


def test_primitives_know_the_names_of_their_operands() -> None:
    assert isinstance(engine.where, Op)
    assert engine.where.operand_names == ("condition", "x", "y")
    assert M.concatenate([TALL, TALL]).shape == (8, 3)
    with pytest.raises(MicrogradValueError):
        M.concatenate([])
