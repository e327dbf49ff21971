"""What a program is handed before every run: random draws, and arrays that a module keeps."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, TracingError, Value, jit, vmap  # noqa: E402
from micrograd.engine.arrays.functions import dropout, matmul, stop_gradient, tanh  # noqa: E402
from micrograd.engine.observing.changes import Announcing  # noqa: E402

X = np.random.default_rng(0).normal(size=(6, 4))


@pytest.fixture(params=["numpy", "numba"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "numba":
        pytest.importorskip("llvmlite")
    name: str = request.param
    return name


def test_dropout_draws_the_same_with_jit_and_without(backend: str) -> None:
    def run(transform: Any) -> Any:
        rng, w = np.random.default_rng(3), Tensor(X[0].copy(), requires_grad=True)
        f = transform(lambda x: dropout(tanh(dropout(x, 0.25, rng)) * w, 0.5, rng).sum())
        found = []
        for _ in range(4):
            out = f(X)
            out.backward()
            found.append((out.item(), w.grad.copy()))
        return found, rng.bit_generator.state

    (eager, after), (compiled, also) = run(lambda f: f), run(lambda f: jit(f, backend=backend))
    assert after == also
    for (loss, grad), (number, gradient) in zip(eager, compiled, strict=True):
        assert number == pytest.approx(loss, rel=1e-13)
        np.testing.assert_allclose(gradient, grad, rtol=1e-12)


def test_a_backward_pass_goes_by_the_draws_of_its_own_call() -> None:
    rng, w = np.random.default_rng(0), Tensor(np.ones(8), requires_grad=True)
    f = jit(lambda: dropout(w, 0.5, rng).sum())
    first = f()
    mask = w._data * (np.random.default_rng(0).random(8, dtype=np.float32) >= 0.5) * 2.0
    f()
    first.backward()
    np.testing.assert_array_equal(w.grad, mask)


def test_the_program_says_what_is_drawn() -> None:
    rng = np.random.default_rng(0)
    f = jit(lambda x: dropout(x, 0.5, rng).sum(), backend="numpy")
    f(np.ones(4))
    assert "d0: f64[4] <- dropout(p=0.5)" in str(f.program)


def test_under_vmap_all_rows_share_what_is_drawn() -> None:
    def run(transform: Any) -> Any:
        rng = np.random.default_rng(0)
        f = transform(vmap(lambda row: dropout(row, 0.5, rng).sum()))
        return [np.asarray(getattr(out, "data", out)) for out in (f(X), f(X))]

    np.testing.assert_allclose(run(lambda f: jit(f, backend="numpy")), run(lambda f: f))


class Noisy:
    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def __call__(self, x: Any) -> Any:
        return x * self.rng.normal()


@pytest.mark.parametrize(
    ("draw", "source"),
    [
        (lambda x: x * random.random(), "random"),
        (lambda x: x * np.random.rand(), "np.random"),
        (Noisy(), "self.rng"),
    ],
)
def test_numbers_drawn_behind_its_back_are_refused_and_drawn_back(draw: Any, source: str) -> None:
    before = random.getstate(), repr(np.random.get_state())
    with pytest.raises(TracingError, match=f"draws random numbers, from ({source})"):
        jit(draw)(Value(2.0))
    assert (random.getstate(), repr(np.random.get_state())) == before


def test_what_another_thread_draws_is_its_own_affair() -> None:
    drawing, drawn, over = threading.Event(), threading.Event(), threading.Event()

    def draw() -> None:
        drawing.wait()
        random.random()
        drawn.set()
        over.wait()

    def f(x: Any) -> Any:
        drawing.set()
        drawn.wait()
        return x * 2.0

    other = threading.Thread(target=draw)
    other.start()
    before = random.getstate()
    try:
        assert jit(f, backend="numpy")(3.0) == 6.0
        assert random.getstate() != before
        with pytest.raises(TracingError, match="draws random numbers"):
            jit(lambda x: x * random.random(), backend="numpy")(3.0)
    finally:
        over.set()
        other.join()


class Mean(Announcing):
    """A module with a running mean, as nn has them."""

    _buffer_names = ("mean",)

    def __init__(self, array: Any) -> None:
        self.mean, self._buffer_names = array, ["mean"]

    def __call__(self, x: Any) -> Any:
        now = stop_gradient(x).sum(axis=0) / 6.0
        self.mean = self.mean * 0.5 + (now if hasattr(self.mean, "instruction") else now._data) * 0.5
        return ((x - self.mean) ** 2).sum()


def test_a_running_mean_runs_as_without_jit(backend: str) -> None:
    eager, module = Mean(np.zeros(4)), Mean(np.zeros(4))
    f = jit(module, backend=backend)
    for k in range(4):
        x, y = Tensor(X + k, requires_grad=True), Tensor(X + k, requires_grad=True)
        expected, out = eager(x), f(y)
        before = module.mean
        expected.backward(), out.backward()
        assert module.mean is before  # the backward pass changes it no further
        assert out.item() == pytest.approx(expected.item(), rel=1e-13)
        np.testing.assert_allclose(module.mean, eager.mean, rtol=1e-13)
        np.testing.assert_allclose(y.grad, x.grad, rtol=1e-12)
    assert len(f._compiled) == 1
    assert "b0: f64[4] <- mean" in str(f.program)


def test_a_running_mean_set_from_outside_is_seen() -> None:
    module = Mean(np.zeros(4))
    f = jit(module, backend="numpy")
    f(Tensor(X))
    module.mean = np.full(4, 7.0)
    expected = Mean(np.full(4, 7.0))
    assert f(Tensor(X)).item() == pytest.approx(expected(Tensor(X)).item())
    assert len(f._compiled) == 1


def test_a_function_that_fails_leaves_the_module_as_it_was() -> None:
    module, array = Mean(np.zeros(4)), None
    array = module.mean
    with pytest.raises(TracingError):
        jit(lambda x: float(module(x)))(Tensor(X))
    assert module.mean is array


class Wrong(Mean):
    def __call__(self, x: Any) -> Any:
        self.mean = x.mean()
        return x.sum()


def test_a_buffer_keeps_its_shape() -> None:
    with pytest.raises(TracingError, match=r"buffer 'mean' of float64 \[4\] was set to float64 \[\]"):
        jit(Wrong(np.zeros(4)))(Tensor(X))


def test_under_vmap_a_module_cannot_keep_what_differs_from_row_to_row() -> None:
    with pytest.raises(TracingError, match="another one for each row"):
        jit(vmap(Mean(np.zeros(()))), backend="numpy")(Tensor(X))


def test_values_among_arrays_stand_in_the_flat_array_of_all() -> None:
    w, b = Value(2.0), Value(3.0)
    f = jit(lambda x: (matmul(x * w, np.ones(4)) + b * b).sum() + w * b, backend="numpy")
    out = f(Tensor(X))
    out.backward()
    assert str(f.program.inputs[0]) == "P: f64[2]"
    assert out.item() == pytest.approx(2.0 * X.sum() + 9.0 * 6 + 6.0)
    assert (w.grad, b.grad) == (pytest.approx(X.sum() + 3.0), 6.0 * 6 + 2.0)
