"""What a compiled call takes and gives at the edges: nothing at all, integers that wrap, equal settings, no_grad."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradValueError, Tensor, TracingError, Value, grad, jit, jvp, no_grad, relu, where  # noqa: E402

RNG = np.random.default_rng(0)
W = Tensor(RNG.normal(size=(3, 2)), requires_grad=True)
WIDE = Tensor(RNG.normal(size=(3, 40)), requires_grad=True)
BIAS = Tensor(RNG.normal(size=2), requires_grad=True)

ON_BATCHES = {
    "loss": lambda x: ((x @ W) ** 2).sum(),
    "layer": lambda x: (x @ W + BIAS).relu().sum(axis=0),
    "rows": lambda x: (x @ W).sum(axis=1),
    "square": lambda x: (x.T @ x) @ W,
    "wide": lambda x: ((x @ WIDE).tanh() @ WIDE.T @ W).sum(),
    "gradient": lambda x: x.T @ (x @ WIDE).tanh(),
    "choice": lambda x: where(x @ W > 0.0, x @ W, 0.0).sum(axis=0) + BIAS,
}


@pytest.fixture(params=["numpy", "numba", "auto"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "numba":
        pytest.importorskip("llvmlite")
    name: str = request.param
    return name


@pytest.mark.parametrize("name", ON_BATCHES)
def test_batches_of_none_and_of_one(name: str, backend: str) -> None:
    f = ON_BATCHES[name]
    compiled = jit(f, backend=backend)
    for rows in (0, 1, 3, 0):
        x = RNG.normal(size=(rows, 3))
        found = []
        for function in (f, compiled):
            for parameter in (W, WIDE, BIAS):
                parameter.grad = None
            out = function(Tensor(x))
            out.sum().backward()
            found.append([out.data, *(np.zeros(p.shape) if p.grad is None else p.grad for p in (W, WIDE, BIAS))])
        for got, expected in zip(*found, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    ("f", "numbers", "message"),
    [
        (lambda x: x * x, [2**40], "mul.*wrap around"),
        (lambda x: x + 1, [2**63 - 1], "add.*wrap around"),
        (lambda x: x.sum(), [2**62, 2**62], "sum.*wrap around"),
        (lambda x: x // (x - x), [3], "divides integers by 0"),
        (lambda x: 7 % x, [0], "divides integers by 0"),
    ],
)
def test_what_integers_cannot_hold_is_refused_as_without_jit(f: Any, numbers: list[int], message: str) -> None:
    compiled = jit(f)
    with pytest.raises(MicrogradValueError, match=message):
        f(Tensor(np.array(numbers)))
    with pytest.raises(MicrogradValueError, match=message):
        compiled(np.array(numbers))


def test_integers_that_fit_are_as_without_jit() -> None:
    def f(x: Any) -> Any:
        return ((x * 3 + 1) // 2 - x % 4) ** 2, x.sum(), x.cumsum()

    for got, expected in zip(jit(f)(np.arange(1, 6)), f(Tensor(np.arange(1, 6))), strict=True):
        assert (got.dtype, got.tolist()) == (expected.dtype, expected.tolist())


def kind(x: Any, setting: Any) -> Any:
    return x * {"True": 2.0, "1": 3.0, "1.0": 5.0, "-0.0": 7.0, "0.0": 11.0, "(1, True)": 13.0}.get(repr(setting), 0.0)


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_settings_that_are_equal_but_not_the_same(backend: str) -> None:
    f = jit(kind, backend=backend, static_argnums=1)
    settings: list[Any] = [True, 1, 1.0, 0.0, -0.0, (1, True), (True, 1), 1]
    assert [f(1.0, s) for s in settings] == [kind(1.0, s) for s in settings]


def test_without_gradients_values_are_recorded_all_the_same_and_tensors_are_not(backend: str) -> None:
    for name in (backend, "python"):
        v, f = Value(2.0), jit(lambda x: v * x * x, backend=name)  # noqa: B023
        with no_grad():
            f(3.0).backward()
        assert v.grad == 9.0
    w = Tensor([1.0, 2.0], requires_grad=True)
    with no_grad():
        assert not jit(lambda x: w * x, backend=backend)(np.ones(2)).requires_grad


def test_no_gradient_passes_what_the_function_computes_within_no_grad(backend: str) -> None:
    w, x = Tensor([2.0, 5.0], requires_grad=True), np.array([1.0, 3.0])

    def loss(x):
        with no_grad():
            weight = w * w
            slope = grad(lambda y: (y**3).sum())(x)
        return (weight * w * x + slope).sum()

    compiled = jit(loss, backend=backend)
    with no_grad():  # this call compiles it, and that says nothing of the next
        assert compiled(x).data == pytest.approx(loss(x).data)
    compiled(x).backward()
    assert w.grad.tolist() == [4.0, 75.0]


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_call_of_another_thread_in_between_changes_nothing(backend: str) -> None:
    f = jit(lambda x: sum(x), backend=backend)
    f([1.0, 2.0])
    others = f._last

    class Interrupted(type(f)):  # type: ignore[misc]
        """One where another thread has always called last."""

        _last = property(lambda self: others, lambda self, last: None)

    f.__class__ = Interrupted
    assert f([1.0, 2.0, 3.0]) == 6.0


def test_what_is_returned_twice_is_two_arrays() -> None:
    X = np.ones(3)
    first, second, _ = jit(lambda x: (x * 2.0, x * 2.0, x))(X)
    first += 1.0
    np.testing.assert_array_equal(second, [2.0, 2.0, 2.0])


def test_a_float_makes_floats_of_truths_and_integers(backend: str) -> None:
    X = np.arange(3.0)
    assert jit(lambda x: (x > 1.0) * 1.0 + (x > 0.0) * 1.0, backend=backend)(X).tolist() == [0.0, 1.0, 2.0]
    slope = jit(grad(lambda x: ((x > 1.0) * x).sum()), backend=backend)(X)
    assert slope.dtype == float
    assert slope.tolist() == [0.0, 0.0, 1.0]
    whole = np.array([3, 4])
    for f in (lambda n: n * 1.0, lambda n: 1.0 * n, lambda n: n / 1.0, lambda n: n + 0.0, lambda n: n - 0.0):
        assert jit(f, backend="numpy")(whole).dtype == float


@pytest.mark.parametrize("x", [0.0, 1.5])
def test_a_number_is_a_condition_too(x: float, backend: str) -> None:
    def slopes(x, y):
        return jvp(lambda x, y: where(x, x, y) * where(2.0, x * y, y), (x, y), (1.0, 3.0))

    assert jit(slopes, backend=backend)(x, 0.5) == pytest.approx(slopes(x, 0.5))


@pytest.mark.parametrize("shape", [(3,), (2, 200)])
def test_relu_of_integers(shape: tuple[int, ...]) -> None:
    x = np.arange(-2, np.prod(shape) - 2).reshape(shape)
    found = jit(lambda x: relu(x), backend="numpy")(x)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, np.maximum(x, 0))


def test_a_tensor_as_a_list_of_numbers_passes_no_gradient_and_says_so() -> None:
    product = jit(lambda x: x[0] * x[1], backend="python")
    for differentiated in (grad(product), lambda x: product(Tensor(x, requires_grad=True))):
        with pytest.raises(TracingError, match='backend="numpy"'):
            differentiated(np.array([2.0, 3.0]))
    assert product(Tensor([2.0, 3.0])) == 6.0
