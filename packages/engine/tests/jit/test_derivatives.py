"""Transforms within compiled array code: the reverse sweep becomes part of the program."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import (  # noqa: E402
    MicrogradValueError,
    Tensor,
    TracingError,
    Value,
    grad,
    hessian,
    hvp,
    jacobian,
    jit,
    jvp,
    maximum,
    value_and_grad,
    vjp,
    vmap,
    where,
)

W = np.array([1.0, 2.0])
X = np.arange(6.0).reshape(3, 2)
V = Tensor([0.5, -1.0])

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "squares": lambda w: (w**2).sum(),
    "a layer": lambda w: np.tanh(X @ w).sum(),
    "elements": lambda w: w[0] ** 2 * w[1] + w[0],
    "a choice": lambda w: maximum(w, 1.5).sum(),
    "a Tensor from elsewhere": lambda w: (V * w).sum() ** 2,
    "a constant": lambda w: 0.0 * w.sum() + 3.0,
}
TRANSFORMS: dict[str, Callable[[Any], Any]] = {
    "grad": grad,
    "value_and_grad": value_and_grad,
    "hessian": hessian,
    "vjp": lambda f: lambda w: vjp(f, w)[1](2.0)[0],
    "jvp": lambda f: lambda w: jvp(f, (w,), (w * 0.5,)),
    "hvp": lambda f: lambda w: hvp(f, (w,), (np.array([1.0, -2.0]),)),
    "grad of jvp": lambda f: grad(lambda w: jvp(f, (w,), (w * w,))[1]),
    "grad of a gradient": lambda f: grad(lambda w: (grad(f)(w) ** 2).sum()),
}


def numbers(result: Any) -> list[Any]:
    return [np.asarray(getattr(part, "data", part)) for part in (result if isinstance(result, tuple) else (result,))]


@pytest.mark.parametrize("kind", [np.array, Tensor])
@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_is_as_in_eager_code(name: str, transform: str, kind: Any) -> None:
    derivative = TRANSFORMS[transform](FUNCTIONS[name])
    compiled = jit(derivative, backend="numpy")
    for given in (W, W[::-1] * 3.0):
        found, expected = compiled(kind(given)), derivative(kind(given))
        for mine, its in zip(numbers(found), numbers(expected), strict=True):
            np.testing.assert_allclose(mine, its, rtol=1e-12, strict=True)


def test_every_output_by_every_element() -> None:
    compiled = jit(jacobian(lambda w: np.tanh(X @ w)), backend="numpy")
    np.testing.assert_allclose(compiled(W), jacobian(lambda w: np.tanh(X @ w))(W), rtol=1e-12)


def test_nests_of_arrays() -> None:
    slopes = jit(grad(lambda tree: (tree["a"] * tree["b"]).sum()), backend="numpy")({"a": W, "b": X[2]})
    np.testing.assert_array_equal(slopes["a"], X[2])
    np.testing.assert_array_equal(slopes["b"], W)


def test_a_penalty_on_a_gradient_reaches_the_parameters() -> None:
    parameter = Tensor([0.5, -1.0], requires_grad=True)
    step = jit(lambda w: (grad(lambda w: (parameter * w).sum() ** 2)(w) ** 2).sum(), backend="numpy")
    step(W).backward()
    again = Tensor([0.5, -1.0], requires_grad=True)
    ((2.0 * (again * W).sum() * again) ** 2).sum().backward()
    np.testing.assert_allclose(parameter.grad, again.grad, rtol=1e-12)


def test_forward_mode_by_rows_and_of_nests() -> None:
    def moved(x: Any) -> Any:
        return jvp(lambda p: {"sum": (p[0] * p[1]).sum(), "constant": 3.0}, ([x, x * 2.0],), ([x, x],))[1]["sum"]

    np.testing.assert_allclose(jit(moved)(X), moved(X))
    np.testing.assert_allclose(jit(vmap(moved))(X), vmap(moved)(X))


@pytest.mark.parametrize("transform", [lambda f: f, lambda f: grad(lambda *args: f(*args).sum())])
@pytest.mark.parametrize(
    "derivative",
    [
        lambda t, c: grad(lambda t: t * t * t * c)(t),
        lambda t, c: jvp(lambda t: t * t * t * c, (t,), (c,))[1],
        lambda t, c: vjp(lambda t: t * t * t, t)[1](c)[0],
    ],
)
def test_within_two_maps_each_row_has_its_own(derivative: Any, transform: Any) -> None:
    mapped = transform(vmap(vmap(derivative, in_axes=(0, None)), in_axes=(None, 0)))
    np.testing.assert_allclose(jit(mapped, backend="numpy")(X[:, 0], W), mapped(X[:, 0], W))
    with pytest.raises(MicrogradValueError, match=r"tangent of shape \(3,\) for an argument of shape \(2,\)"):
        jit(lambda w: jvp(np.sum, (w,), (np.ones(3),)))(W)


def test_numbers_among_the_variables_are_refused() -> None:
    compiled = jit(grad(lambda w, scale: (w * scale).sum(), argnums=(0, 1)), backend="numpy")
    with pytest.raises(TracingError, match=r"by a number"):
        compiled(W, 3.0)
    np.testing.assert_array_equal(compiled(W, np.array(3.0))[0], [3.0, 3.0])
    np.testing.assert_array_equal(jit(grad(lambda w, scale: (w * scale).sum()))(W, 3.0), [3.0, 3.0])


@pytest.mark.parametrize(("x", "slope"), [(2.0, W.sum()), (np.array(2.0), W.sum()), (np.ones(2), W)])
def test_variables_from_elsewhere_are_refused_with_code_that_runs(x: Any, slope: Any) -> None:
    def loss(x: Any) -> Any:
        return (parameter * x).sum()

    parameter = Tensor(W, requires_grad=True)
    with pytest.raises(TracingError, match="choose others with argnums=") as refused:
        jit(lambda scale: grad(lambda x: (scale * parameter * x).sum())(x), backend="numpy")(np.array(1.0))
    defined, called = re.findall(r"step(?: = |\().*?(?=, and then|;)", str(refused.value))
    names = {"np": np, "jit": jit, "grad": grad, "loss": loss, "x": x}
    exec(defined, names)
    np.testing.assert_array_equal(eval(called, names).data, slope)


SCALE = Value(2.0)
BY_PLAIN_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "grad": lambda x: grad(lambda t: SCALE * t * t * x)(3.0),
    "grad of a gradient": lambda x: grad(grad(lambda t: SCALE * t * t * t * x))(3.0),
    "value_and_grad": lambda x: sum(value_and_grad(lambda t: SCALE * t * t * x)(3.0)),
    "vjp": lambda x: vjp(lambda t: SCALE * t * t * x, 3.0)[1](2.0)[0],
    "jvp": lambda x: sum(jvp(lambda t: SCALE * t * t * x, (3.0,), (2.0,))),
    "jacobian": lambda x: sum(jacobian(lambda t: [SCALE * t[0] * t[1] * x])([3.0, 4.0])[0]),
    "after a constant": lambda x: grad(lambda t: maximum(0.0, SCALE * SCALE * t * t * x))(3.0),
    "an output that is a number": lambda x: grad(lambda t: 3.0)(2.0) + x,
}


@pytest.mark.parametrize("backend", ["python", "numpy"])
@pytest.mark.parametrize("name", BY_PLAIN_NUMBERS)
def test_by_plain_numbers_within_traced_code(name: str, backend: str) -> None:
    f = BY_PLAIN_NUMBERS[name]
    compiled = jit(f, backend=backend)
    for scale, given in ((2.0, 5.0), (-3.0, 0.5)):
        SCALE.data = scale
        assert float(getattr(compiled(given), "data", compiled(given))) == pytest.approx(f(given), rel=1e-12)


def test_what_eager_code_takes_as_a_number_passes_no_gradient() -> None:
    found = []
    for transform in (lambda f: f, lambda f: jit(f, backend="numpy")):
        w = Value(2.0)
        transform(lambda w=w: grad(lambda t: w * t * t)(3.0) * w)().backward()
        found.append(w.grad)
    assert found[0] == found[1] == 12.0


@pytest.mark.parametrize("backend", ["numpy", "python"])
def test_an_array_without_axes_is_a_number(backend: str) -> None:
    two = np.array(2.0)
    for f in (lambda x: maximum(two, x * x) * x, lambda x: where(x > two, x, two) * x * two):
        assert jit(grad(f), backend=backend)(3.0) == grad(f)(3.0)
        assert jit(f, backend=backend)(3.0) == f(3.0)
