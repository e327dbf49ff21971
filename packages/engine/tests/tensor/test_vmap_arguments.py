"""What `vmap` is given and gives back: axes, nests, names; and what code inside it can't ask for."""

from __future__ import annotations

import math

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.arguments.trees import flatten  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.batching.api import vmap  # noqa: E402
from micrograd.engine.errors import (  # noqa: E402
    MicrogradError,
    MicrogradIndexError,
    MicrogradTypeError,
    MicrogradValueError,
)
from micrograd.engine.jit.api import jit  # noqa: E402
from micrograd.engine.transforms import grad, hessian  # noqa: E402

ROWS = np.arange(12.0).reshape(2, 3, 2)
"""Two rows of shape (3, 2)."""


# ---- axes of the rows ------------------------------------------------------------------------------------------------


def test_a_nest_has_an_axis_for_each_part_of_it() -> None:
    net = {"w": ROWS, "b": np.array([1.0, 2.0])}
    weighed = vmap(lambda net, x: x @ net["w"] + net["b"], in_axes=({"b": None, "w": 1}, None))
    x = np.array([1.0, -1.0])
    np.testing.assert_allclose(weighed(net, x), [x @ ROWS[:, n] + net["b"] for n in range(3)])


def test_a_result_has_its_rows_along_its_own_axis() -> None:
    both, first, shared = vmap(lambda x: ([x, x], x[0], 7.0), out_axes=([0, 1], -1, None))(ROWS)
    np.testing.assert_array_equal(both[0], ROWS)
    np.testing.assert_array_equal(both[1], np.moveaxis(ROWS, 0, 1))
    np.testing.assert_array_equal(first, ROWS[:, 0].T)
    assert shared == 7.0


def test_arguments_by_name_have_their_rows_along_the_first_axis() -> None:
    scaled = vmap(lambda x, scale: x * scale, in_axes=1)
    np.testing.assert_allclose(scaled(ROWS[0], scale=np.array([2.0, 3.0])), (ROWS[0] * [2.0, 3.0]).T)
    np.testing.assert_allclose(jit(scaled)(ROWS[0], scale=np.array([2.0, 3.0])), (ROWS[0] * [2.0, 3.0]).T)


def test_compiled_it_takes_the_same_axes() -> None:
    nested = vmap(lambda p: p["x"] * p["w"], in_axes=({"x": 0, "w": None},), out_axes=1)
    given = {"x": ROWS, "w": np.ones((3, 2))}
    np.testing.assert_array_equal(jit(nested)(given), nested(given))


@pytest.mark.parametrize(
    "f",
    [
        lambda x, w: [3.0, w, w[0], w.sum(), x.sum()],
        lambda x, w: {"constant": np.array([1.0, 2.0]), "square": w * w},
        lambda x, w: hessian(lambda w: (w * w).sum())(w) + 0.0 * w,
    ],
)
def test_compiled_what_all_rows_share_is_there_for_each(f) -> None:
    mapped, w = vmap(f, in_axes=(0, None)), np.array([1.0, 2.0])
    for ours, theirs in zip(flatten(jit(mapped)(ROWS, w))[0], flatten(mapped(ROWS, w))[0], strict=True):
        np.testing.assert_array_equal(getattr(ours, "data", ours), theirs)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vmap(lambda x: x, in_axes=True)(ROWS), "no rows along in_axes=True"),
        (lambda: vmap(lambda x: x, in_axes=({"w": 0},))(ROWS), "another structure"),
        (lambda: vmap(lambda x: x["w"], in_axes=({"b": 0},))({"w": ROWS}), "another structure"),
        (lambda: vmap(lambda x: x, out_axes=3)(ROWS), "out_axes=3"),
        (lambda: vmap(lambda x: x, out_axes=-4)(ROWS), "out_axes=-4"),
        (lambda: vmap(lambda x: x, out_axes="a")(ROWS), "out_axes='a'"),
        (lambda: vmap(lambda x: x, out_axes=(0, 0))(ROWS), "another structure"),
        (lambda: vmap(lambda x: (x, x, x), out_axes=(0, 0))(ROWS), "another structure"),
        (lambda: vmap(lambda x: x, out_axes=None)(ROWS), "differs from row to row"),
    ],
)
def test_axes_that_are_not_there_are_named(call, message: str) -> None:
    with pytest.raises(MicrogradValueError, match=message):
        call()


@pytest.mark.parametrize("out", [None, "a", object()])
def test_a_result_that_is_no_number_is_named(out) -> None:
    with pytest.raises(MicrogradTypeError, match=r"the function returned .* return"):
        vmap(lambda x: out)(ROWS)
    with pytest.raises(MicrogradTypeError, match=r"the function returned .* return"):
        jit(vmap(lambda x: out))(ROWS)


# ---- axes of a row ---------------------------------------------------------------------------------------------------

OF_AN_AXIS = {
    "sum": lambda x, axis: M.sum(x, axis=axis),
    "max": lambda x, axis: M.max(x, axis=(0, axis)),
    "softmax": lambda x, axis: M.softmax(x, axis=axis),
    "cumsum": lambda x, axis: M.cumsum(x, axis=axis),
    "sort": lambda x, axis: M.sort(x, axis=axis),
    "argmax": lambda x, axis: M.argmax(x, axis=axis),
    "flip": lambda x, axis: M.flip(x, axis=axis),
    "roll": lambda x, axis: M.roll(x, 1, axis=axis),
    "permute_dims": lambda x, axis: M.permute_dims(x, (0, axis)),
    "take": lambda x, axis: M.take(x, np.array([0]), axis=axis),
    "concatenate": lambda x, axis: M.concatenate([x, x], axis=axis),
    "stack": lambda x, axis: M.stack([x, x], axis=axis + (axis > 0)),
}


@pytest.mark.parametrize("name", OF_AN_AXIS)
@pytest.mark.parametrize("axis", [2, -4])
def test_an_axis_that_a_row_has_not_is_not_taken_for_another(name: str, axis: int) -> None:
    with pytest.raises(MicrogradIndexError, match=rf"{name}\w*\(\) of shapes \(3, 2\).* out of bounds"):
        vmap(lambda x: OF_AN_AXIS[name](x, axis))(ROWS)


def test_a_row_without_axes() -> None:
    numbers = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(vmap(lambda x: M.sum(x, axis=0))(numbers), numbers)
    np.testing.assert_array_equal(vmap(lambda x: M.max(x, axis=-1))(numbers), numbers)
    with pytest.raises(MicrogradError, match=r"matmul\(\) of shapes \(\), \(\)"):
        vmap(lambda x: x @ x)(numbers)


def test_what_does_not_fit_is_told_of_a_row() -> None:
    with pytest.raises(MicrogradValueError, match=r"add\(\) of shapes \(3, 2\), \(5,\)"):
        vmap(lambda x: x + np.ones(5))(ROWS)
    with pytest.raises(MicrogradIndexError, match=r"getitem\(\) of shapes \(3, 2\), index=5"):
        vmap(lambda x: x[5])(ROWS)


# ---- a number for each row -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda x: float(x[0, 0]),
        lambda x: int(x[0, 0]),
        lambda x: math.exp(x[0, 0]),
        lambda x: [1, 2, 3][x[0, 0]],
        lambda x: range(x[0, 0]),
        lambda x: np.asarray(x),
        lambda x: x.data,
        lambda x: x.item(),
        lambda x: x.numpy(),
        lambda x: f"{x:.2f}",
    ],
)
def test_the_number_of_a_row_is_refused(ask) -> None:
    with pytest.raises(MicrogradTypeError, match=r"inside vmap: there is one for each row.*x\[i\] \* 2.0"):
        vmap(ask)(ROWS)


def test_the_elements_of_a_row() -> None:
    assert vmap(lambda x: sum(a * b for a, b in x.tolist()))(ROWS).tolist() == [26.0, 224.0]


def test_leaving_the_graph_and_backward_inside() -> None:
    assert grad(lambda x: vmap(lambda row: (row * row.detach()).sum())(x).sum())(ROWS).tolist() == ROWS.tolist()
    with pytest.raises(MicrogradTypeError, match=r"vmap\(grad\(f\)\)\(rows\)"):
        vmap(lambda x: x.sum().backward())(ROWS)
    assert vmap(lambda x: len(f"{x}") * 0.0 + x.sum())(ROWS).tolist() == [15.0, 51.0]
