"""Where another routine is the faster one for arrays of some size or kind: on either side of each border the same."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, hinge_loss, linear, primitive, relu, vmap, where  # noqa: E402
from micrograd.engine.arrays.quiet import without_warnings  # noqa: E402
from micrograd.engine.ops.arrays.shapes import unbroadcast  # noqa: E402


def numbers(*shape: int, dtype: Any = float) -> Any:
    return np.random.default_rng(0).normal(size=shape).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, ">f8"])
@pytest.mark.parametrize("shape", [(3, 4), (64, 16), (64, 17), (8192, 2), (8193, 2), (1, 2000), (2000, 1), (0, 5)])
def test_rows_are_summed_alike(shape: tuple[int, int], dtype: Any) -> None:
    g = numbers(*shape, dtype=dtype)
    for view in (g, g[::-1], np.asfortranarray(g), np.broadcast_to(g[:1], g.shape)):
        found = unbroadcast(view, shape[1:])
        assert found.dtype.char == g.dtype.char
        np.testing.assert_allclose(found, view.sum(axis=0, dtype=float), rtol=1e-4, atol=1e-4 * len(g) ** 0.5)


def test_a_sum_of_rows_keeps_inf_and_nan() -> None:
    g = np.ones((64, 16))
    g[3, 0], g[4, 1], g[5, 1], g[6, 2] = np.inf, np.inf, -np.inf, np.nan
    np.testing.assert_array_equal(without_warnings(unbroadcast)(g, (16,)), [np.inf, np.nan, np.nan, *[64.0] * 13])


@pytest.mark.parametrize("size", [0, 3, 2**14, 2**14 + 1])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int8, bool])
def test_relu_on_either_side_of_the_border(size: int, dtype: Any) -> None:
    x = (3.0 * numbers(size)).astype(dtype)
    if size and x.dtype.kind == "f":
        x[:3] = np.nan, np.inf, -np.inf
    found = relu(x)
    assert found.dtype == np.maximum(x, 0).dtype
    np.testing.assert_array_equal(found, np.maximum(x, 0))
    found[:] = 7  # nobody else holds it
    np.testing.assert_array_equal(relu(x), np.maximum(x, 0))


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_the_hinge_loss_of_each_row_of_a_batch(reduction: str) -> None:
    x, t = numbers(4, 3), np.sign(numbers(4, 3)[::-1])
    of_row = [hinge_loss(x[i], t[i], reduction=reduction) for i in range(4)]
    np.testing.assert_allclose(vmap(lambda x, t: hinge_loss(x, t, reduction=reduction))(x, t), of_row)
    np.testing.assert_allclose(vmap(lambda t: hinge_loss(x[0], t, reduction=reduction))(t)[0], of_row[0])


def test_gradients_of_parameters_are_arrays_of_their_own() -> None:
    x, weight, bias = (Tensor(numbers(*shape), requires_grad=True) for shape in [(64, 16), (16, 16), (16,)])
    out = linear(x, weight, bias)
    out.backward(np.ones((64, 16)))
    arrays = [out.grad, x.grad, weight.grad, bias.grad]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])
    bias.grad[:] = 0.0
    first, bias.grad = bias.grad, None
    out.backward(np.ones((64, 16)))
    np.testing.assert_array_equal(bias.grad, 64.0)
    assert bias.grad is not first


kept: list[Any] = []


@primitive(lambda g, out, x: kept.append(2.0 * g) or kept[-1])
def doubled_and_kept(x):
    return 2.0 * x


@primitive(lambda g, out, x: kept.append(2.0 * g) or kept[-1][:])
def doubled_and_seen(x):
    return 2.0 * x


@primitive(lambda g, out, x: x)
def halved_square(x):
    return 0.5 * x * x


@pytest.mark.parametrize("op", [doubled_and_kept, doubled_and_seen, halved_square, lambda x: x + 1.0])
def test_a_gradient_that_somebody_else_holds_is_copied(op: Any) -> None:
    x, others = Tensor(numbers(5), requires_grad=True), [numbers(5)]
    x.register_hook(others.append)
    others.append(x._data)
    out = op(x)
    out.backward(others[0])
    assert not any(np.shares_memory(x.grad, other) for other in [*others, *kept, out.grad])
    assert x.grad.flags.carray


def test_a_gradient_that_nobody_else_holds_is_not_copied() -> None:
    address = []

    @primitive(lambda g, out, x: address.append(id(received := 2.0 * g)) or received)
    def doubled(x):
        return 2.0 * x

    x = Tensor(numbers(5), requires_grad=True)
    doubled(x).sum().backward()
    assert id(x.grad) == address[0]
    np.testing.assert_array_equal(x.grad, 2.0)


def test_gradients_that_accumulate_are_arrays_without_an_axis_too() -> None:
    x = Tensor(3.0, requires_grad=True, dtype=np.float32)
    for _ in range(2):
        (x * x).backward()
    assert type(x.grad) is np.ndarray and x.grad.dtype == np.float32 and x.grad.flags.carray
    np.testing.assert_array_equal(x.grad, 12.0)


def test_a_gradient_is_laid_out_row_by_row() -> None:
    x = Tensor(numbers(3, 4), requires_grad=True)
    (x.T * numbers(4, 3)).sum().backward()
    assert x.grad.flags.c_contiguous


@pytest.mark.parametrize("dtype", [np.float64, np.float32, ">f8", int])
@pytest.mark.parametrize("rows", [1, 64])
def test_zeros_where_a_condition_says_so(rows: int, dtype: Any) -> None:
    x = (3.0 * numbers(rows, 128)).astype(dtype)
    if x.dtype.kind == "f":
        x[0, :4] = np.nan, np.inf, -np.inf, -0.0
    for condition in (numbers(64, 128) > 0, numbers(64, 1) > 0, numbers(128, 64).T > 0, np.ones((64, 128), bool)):
        for found, expected in [
            (where(condition, x, 0.0), np.where(condition, x, 0.0)),
            (where(condition, 0.0, x), np.where(condition, 0.0, x)),
        ]:
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))
            assert found.dtype == expected.dtype
