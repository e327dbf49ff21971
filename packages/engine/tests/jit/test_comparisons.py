"""Comparisons of traced numbers: something for `where` to choose by, in the user's code as in the table's rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, TracingError, Value, grad, jit, maximum, minimum, value_and_grad, where  # noqa: E402

BACKENDS = ("python", "numpy", "numba", "auto")
POINTS = ([-1.5, 0.5, 2.0], [0.0, -0.25, 1.0], [3.0, 3.0, -3.0])

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "less": lambda x: where(x[0] < x[1], x[0] * x[2], x[1]),
    "than a number": lambda x: where(x[0] > 0.25, x[0] ** 2, -x[1]),
    "a number than it": lambda x: where(Value(0.25) < x[0], x[0] ** 2, -x[1]),
    "than a parameter": lambda x: where(x[0] >= Value(0.5), x[0] ** 2, x[2]),
    "one condition, twice": lambda x: chosen_twice(x[0] < 1.0, x),
    "conditions as numbers": lambda x: sum((a > b) * a for a, b in pairwise(x)),
    "of many": lambda x: sum(where(a > b, a * a, b * 3.0) for a in x for b in x),
    "relu": lambda x: (x[0] * x[1]).relu() + x[2].relu() ** 2,
    "maximum": lambda x: maximum(x[0], x[1]) * minimum(x[1], x[2]),
    "abs": lambda x: abs(x[0]) * x[1] + x[2].clip(-1.0, 1.0),
    "leaky_relu": lambda x: x[0].leaky_relu(0.2) * x[1].elu(0.5),
}


def chosen_twice(condition: Any, x: Any) -> Any:
    return where(condition, x[0], x[1]) * where(condition, x[2], 2.0)


def numbers(result: Any) -> list[float]:
    flat = [result[0], *result[1]] if isinstance(result, tuple) else [result]
    return [float(getattr(part, "data", part)) for part in flat]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_gradients_are_those_of_eager_code(name: str, backend: str) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")
    f = FUNCTIONS[name]
    compiled, inner = jit(f, backend=backend), jit(value_and_grad(f), backend=backend)
    for point in POINTS:
        eager, traced = list(map(Value, point)), list(map(Value, point))
        expected, found = f(eager), compiled(traced)
        expected.backward(), found.backward()
        assert found.data == pytest.approx(expected.data, rel=1e-12)
        slopes = [x.grad for x in eager]
        assert [x.grad for x in traced] == pytest.approx(slopes, rel=1e-12)
        assert numbers(inner(list(map(Value, point)))) == pytest.approx([expected.data, *slopes], rel=1e-12)


def test_the_derivative_of_a_net_with_relu_lifts() -> None:
    rng = np.random.default_rng(0)
    w, X = rng.normal(size=(4, 3)).tolist(), rng.normal(size=(50, 3))

    def loss(w: Any, X: Any) -> Any:
        return sum(sum(p * x for p, x in zip(row, xs, strict=True)).relu() for row in w for xs in X)

    nested = [list(map(Value, row)) for row in w]
    step = jit(grad(loss), backend="numpy")
    found, expected = step(nested, X), grad(loss)(nested, X)
    np.testing.assert_allclose(
        [[p.data for p in row] for row in found], [[p.data for p in row] for row in expected], rtol=1e-12
    )
    assert step.stats["lifting, dead"] <= 25


@pytest.mark.parametrize("backend", ["python", "numpy"])
@pytest.mark.parametrize("f", [lambda x: x if x < 1.0 else -x, lambda x: max(x, 1.0), lambda x: sorted([x, x * x])])
def test_a_branch_on_a_comparison_is_refused(f: Any, backend: str) -> None:
    with pytest.raises(TracingError, match="a branch on a traced value, in line"):
        jit(f, backend=backend)(Value(0.5))


def test_a_text_is_not_compared() -> None:
    with pytest.raises(TypeError, match="not supported"):
        jit(lambda x: x < "1", backend="numpy")(Value(0.5))


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_parameters_are_compared_as_they_are_at_each_call(backend: str) -> None:
    v, w = Value(1.0), Value(2.0)
    step = jit(lambda x: where(v < w, v * x, w * x * 3.0) + where(v > 0.0, x, -x), backend=backend)
    assert step(Value(5.0)).data == 10.0
    v.data = 4.0
    assert step(Value(5.0)).data == 35.0
    v.data = -4.0
    assert step(Value(5.0)).data == -25.0


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_branch_on_parameters_is_refused_and_one_on_constants_is_not(backend: str) -> None:
    v, w = Value(1.0), Value(2.0)
    with pytest.raises(TracingError, match="a branch on a traced value, in line"):
        jit(lambda x: x if v < w else -x, backend=backend)(Value(1.0))
    assert jit(lambda x: x if Value(1.0) < Value(2.0) else -x, backend=backend)(Value(1.0)).data == 1.0


COMPARED = {
    "less": lambda t, x: where(t < x, x, -x),
    "of a number": lambda t, x: where(t <= 0.5, x, -x),
    "of an array": lambda t, x: where(np.zeros(3) < t, x, -x),
    "of a value": lambda t, x: where(Value(0.5) < t, x, -x),
    "equal": lambda t, x: where(t == 1.0, x, -x),
    "unequal": lambda t, x: x * (t != 1.0),
    "numpy": lambda t, x: where(np.greater(t, 0.5), x, -x),
}


@pytest.mark.parametrize("name", COMPARED)
@pytest.mark.parametrize("requires_grad", [False, True])
@pytest.mark.parametrize("backend", ["numpy", "auto"])
def test_tensors_are_compared_as_they_are_at_each_call(name: str, requires_grad: bool, backend: str) -> None:
    t, x = Tensor([1.0, -1.0, 2.0], requires_grad=requires_grad), np.array([1.0, -2.0, 1.5])
    step = jit(lambda x: COMPARED[name](t, x), backend=backend)
    for numbers in ([1.0, -1.0, 2.0], [-1.0, 1.0, 0.0], [1.0, 1.0, 1.0]):
        t.data = np.array(numbers)
        got, expected = step(x), COMPARED[name](t, Tensor(x))
        assert np.asarray(got.data if isinstance(got, Tensor) else got).tolist() == expected.data.tolist()


def test_a_tensor_beside_numbers_alone_is_not_compared() -> None:
    t = Tensor([1.0, -1.0])
    with pytest.raises(TracingError, match="the numbers of a parameter"):
        jit(lambda x: x * float((t > 0.0).sum()), backend="python")(Value(1.0))
