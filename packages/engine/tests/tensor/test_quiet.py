"""inf and nan are results: NumPy doesn't warn of them inside of our operations, and warns as before outside."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradValueError, Tensor, jit, primitive  # noqa: E402


@primitive(lambda g, out, x: g / (x - x), elementwise=True)
def always_refusing(x: Any) -> Any:
    """A forward that says no, and a slope that divides by 0."""
    raise ValueError("no")


@primitive(lambda g, out, x: g / (x - x), elementwise=True)
def steep(x: Any) -> Any:
    """A slope that divides by 0."""
    return x / 1.0


@pytest.fixture(autouse=True)
def strict() -> Any:
    with np.errstate(all="raise"):
        yield
        with pytest.raises(FloatingPointError):  # the user's own setting, after whatever the test did
            np.ones(1) / np.zeros(1)


def test_infinity_comes_in_silence() -> None:
    assert (1.0 / Tensor([0.0])).numpy() == np.inf


def test_an_infinite_slope_comes_in_silence() -> None:
    x = Tensor([2.0], requires_grad=True)
    steep(x).backward()
    assert x.grad == np.inf


def test_warnings_are_back_after_an_operation_that_fails() -> None:
    with pytest.raises(MicrogradValueError, match="no"):
        always_refusing(Tensor([1.0]))


def test_warnings_are_back_after_a_backward_pass_that_fails() -> None:
    def hook(_gradient: Any) -> None:
        raise KeyboardInterrupt

    x = Tensor([2.0], requires_grad=True)
    y = x * 2.0
    y.register_hook(hook)
    with pytest.raises(KeyboardInterrupt):
        (y * 3.0).backward()


@pytest.mark.parametrize("backend", ["numpy", "auto"])
def test_a_compiled_program_is_silent(backend: str) -> None:
    assert np.isinf(jit(lambda x: 1.0 / x, backend=backend)(np.zeros(3))).all()
