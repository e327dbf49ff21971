"""Gradients that the user gives: from a hook, as a seed, or into `.grad`; and numbers written into data."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor, Value  # noqa: E402


def parts() -> tuple[Tensor, Tensor]:
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    return x, x * 2.0


@pytest.mark.parametrize(
    ("replaced", "error"),
    [
        (np.ones((2, 3)), MicrogradValueError),
        (np.ones(1), MicrogradValueError),
        (np.ones(3) * 1j, MicrogradTypeError),
        (1j, MicrogradTypeError),
        ("gradient", MicrogradTypeError),
        ({}, MicrogradTypeError),
        ([1.0, 2.0, 3.0], MicrogradTypeError),
        (Value(1.0), MicrogradTypeError),
    ],
    ids=lambda case: type(case).__name__,
)
def test_a_hook_returns_what_can_be_a_gradient(replaced: Any, error: type[Exception]) -> None:
    x, y = parts()
    y.register_hook(lambda _: replaced)
    with pytest.raises(error, match=r"a hook returned .* for a gradient of shape \(3,\)"):
        y.sum().backward()
    assert x.grad is y.grad is None


@pytest.mark.parametrize(
    ("replaced", "expected"),
    [(3.0, [6.0, 6.0, 6.0]), (np.array([1, 2, 3]), [2.0, 4.0, 6.0]), (Tensor([0.0, 1.0, 0.0]), [0.0, 2.0, 0.0])],
    ids=["number", "integers", "Tensor"],
)
def test_a_hook_may_return_numbers_of_any_kind(replaced: Any, expected: list[float]) -> None:
    x, y = parts()
    y.register_hook(lambda _: replaced)
    y.sum().backward()
    np.testing.assert_array_equal(np.asarray(x.grad), expected)


def test_of_two_hooks_that_are_alike_one_is_removed() -> None:
    def double(g: Any) -> Any:
        return 2.0 * g

    x, y = parts()
    y.register_hook(double)
    y.register_hook(double)()
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [4.0, 4.0, 4.0])


def test_nothing_is_added_to_a_gradient_of_another_shape() -> None:
    x, y = parts()
    x.grad = np.ones((2, 3))
    with pytest.raises(MicrogradValueError, match=r"\.grad, which was set to an array of shape \(2, 3\)"):
        y.sum().backward()
    assert x.grad.shape == (2, 3)


@pytest.mark.parametrize(
    "given", [np.array([1j, 2.0, 3.0]), [1j, 2.0, 3.0], np.array(["a", "b", "c"])], ids=["complex", "list", "text"]
)
def test_nothing_is_added_to_what_is_no_gradient(given: Any) -> None:
    x, y = parts()
    x.grad = given
    with pytest.raises(MicrogradTypeError, match=r"\.grad, which was set to .* real numbers.*t\.grad = array\.real"):
        y.sum().backward()
    assert x.grad is given


def test_a_seed_is_differentiated_through() -> None:
    x, w = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], requires_grad=True)
    (x * x).backward(w * w, create_graph=True)  # x.grad is 2 x w**2
    first, x.grad, w.grad = x.grad, None, None
    first.sum().backward()
    np.testing.assert_array_equal(w.grad, 4.0 * x.data * w.data)


@pytest.mark.parametrize(("data", "new"), [([1, 2], [1.5, 2.0]), ([True, False], [2, 0]), ([True, False], [0.5, 0.0])])
def test_numbers_that_would_be_cut_are_not_written(data: Any, new: Any) -> None:
    t = Tensor(data)
    with pytest.raises(MicrogradTypeError, match=r"don't fit into data of (int64|bool).*astype"):
        t.data = new
    np.testing.assert_array_equal(t.numpy(), data)


@pytest.mark.parametrize(
    ("dtype", "new"), [(float, [1, 2]), (np.uint8, [1, 2]), (int, [True, False]), (np.float32, [0.5, 1.0])]
)
def test_numbers_that_fit_are_written(dtype: Any, new: Any) -> None:
    t = Tensor([0, 1], dtype=dtype)
    t.data = new
    assert t.dtype == dtype
    np.testing.assert_array_equal(t.numpy(), new)


def test_a_tensor_can_be_referred_to_weakly() -> None:
    t = Tensor([1.0])
    reference = weakref.ref(t)
    assert reference() is t
    del t
    assert reference() is None
