"""Transforms of functions of floats, arrays, Values and Tensors, alone and one inside the other."""

from __future__ import annotations

import math
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import (  # noqa: E402
    GraphError,
    MicrogradError,
    MicrogradIndexError,
    MicrogradTypeError,
    MicrogradValueError,
    Tensor,
    Value,
    check_gradients,
    exp,
    grad,
    hessian,
    hvp,
    jacobian,
    jit,
    jvp,
    no_grad,
    sin,
    sqrt,
    stop_gradient,
    value_and_grad,
    vjp,
    vmap,
    where,
)

A = np.array([[1.0, 2.0, -1.0], [0.5, -3.0, 2.0]])
X = np.array([0.3, -0.2, 0.7])


def squashed(x):
    return ((A @ x).tanh() * x[0]).sum() + (x * x * x).sum()


def numeric_gradient(f, x, eps=1e-6):
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = eps
        slopes[i] = (float(f(Tensor(x + step))) - float(f(Tensor(x - step)))) / (2 * eps)
    return slopes


def test_derivatives_of_a_function_of_one_float_to_the_fifth_order() -> None:
    def f(x):
        return sin(x) * exp(2.0 * x)

    for n in range(1, 6):
        f = grad(f)
        # The n-th derivative of Im e**((2 + i) x) is Im (2 + i)**n e**((2 + i) x).
        expected = ((2 + 1j) ** n * np.exp((2 + 1j) * 0.3)).imag
        assert f(0.3) == pytest.approx(expected, rel=1e-12)


def test_structures_go_in_and_come_out() -> None:
    def f(model, scale):
        return (model["w"][0] * model["w"][1] + model["b"] * scale) * scale

    value, (slopes, by_scale) = value_and_grad(f, argnums=(0, 1))({"w": [2.0, 3.0], "b": (4.0,)[0]}, 10.0)
    assert (value, slopes, by_scale) == (460.0, {"w": [30.0, 20.0], "b": 100.0}, 86.0)


def test_reverse_forward_and_differences_agree() -> None:
    slopes = grad(squashed)(X)
    np.testing.assert_allclose(slopes, numeric_gradient(squashed, X), rtol=1e-7)
    for direction in np.eye(3):
        value, moved = jvp(squashed, (X,), (direction,))
        assert moved == pytest.approx(slopes @ direction, rel=1e-12)
        assert value == pytest.approx(float(squashed(Tensor(X))))


def test_hessians_in_every_way_agree() -> None:
    by_jacobian = hessian(squashed)(X)
    np.testing.assert_allclose(by_jacobian, by_jacobian.T, atol=1e-12)
    by_hvp = np.stack([hvp(squashed, (X,), (row,)) for row in np.eye(3)])
    np.testing.assert_allclose(by_hvp, by_jacobian, rtol=1e-12)
    by_vmap = vmap(lambda v: hvp(squashed, (X,), (v,)))(np.eye(3))
    np.testing.assert_allclose(by_vmap, by_jacobian, rtol=1e-12)
    reverse_twice = np.stack([grad(lambda x, i=i: grad(squashed)(x)[i])(X) for i in range(3)])
    np.testing.assert_allclose(reverse_twice, by_jacobian, rtol=1e-12)


def test_jacobians_of_arrays_and_lists() -> None:
    np.testing.assert_allclose(jacobian(lambda x: A @ x)(X), A)
    assert jacobian(lambda p: [p[0] * p[1], exp(p[0])])([2.0, 3.0]) == [[3.0, 2.0], [pytest.approx(np.exp(2.0)), 0.0]]
    assert jacobian(lambda x: (A @ x).reshape(1, 2))(X).shape == (1, 2, 3)


def test_vjp_of_several_outputs() -> None:
    out, pull_back = vjp(lambda x, y: (x * y, x + y), 3.0, 5.0)
    assert out == (15.0, 8.0)
    assert pull_back((1.0, 10.0)) == (15.0, 13.0)


def test_an_inner_gradient_does_not_confuse_its_variable_with_the_outer() -> None:
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0
    assert grad(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1])(3.0) == 6.0


def test_an_inner_derivative_depends_on_what_its_function_knows_from_around_it() -> None:
    def inner(x):  # d/dy of x²y, which is x²
        return grad(lambda y: x * x * y)(2.0)

    def cube(x):
        return x * inner(x)

    assert grad(cube)(3.0) == 27.0
    assert jvp(cube, (3.0,), (1.0,)) == (27.0, 27.0)
    assert hessian(cube)(3.0) == 18.0
    assert grad(lambda x: x * vjp(lambda y: x * x * y, 2.0)[1](1.0)[0])(3.0) == 27.0
    assert grad(lambda x: x * jvp(lambda y: x * x * y, (2.0,), (1.0,))[1])(3.0) == 27.0
    np.testing.assert_array_equal(vmap(grad(cube))(np.array([3.0, 1.0])), [27.0, 3.0])
    assert grad(lambda x: vmap(lambda r: x * grad(lambda y: x * x * y * r)(2.0))(X).sum())(3.0) == pytest.approx(
        27.0 * X.sum()
    )
    assert jit(grad(cube))(3.0).data == grad(jit(cube))(3.0) == 27.0


def test_the_same_of_arrays_in_every_mode() -> None:
    def f(x):  # by y: of x²y, x² in each place
        return (x * grad(lambda y: (x * x * y).sum())(np.ones(3))).sum()

    check_gradients(f, X, order=2, modes=("reverse", "forward"))
    np.testing.assert_allclose(grad(f)(X), 3 * X**2)


def test_given_a_tensor_an_inner_derivative_is_recorded_by_parameters() -> None:
    w = Tensor([1.0, 2.0], requires_grad=True)

    def penalty():
        return (grad(lambda x: (w * x * x).sum())(Tensor([3.0, 4.0])) ** 2).sum()

    penalty().backward()  # Σ (2wx)² by w: 8wx²
    np.testing.assert_allclose(w.grad, [72.0, 256.0])
    with no_grad():
        assert not penalty().requires_grad
    assert isinstance(grad(lambda x: (w * x * x).sum())(np.ones(2)), np.ndarray)
    assert not grad(lambda x: (x * x).sum())(Tensor([3.0, 4.0])).requires_grad


def test_a_tangent_or_a_gradient_handed_in_is_differentiated_by() -> None:
    assert grad(lambda t: jvp(lambda x: x * x, (3.0,), (t,))[1])(1.0) == 6.0
    _, pull_back = vjp(lambda x: x * x * 3.0, X)
    by_seed = vjp(lambda g: pull_back(g)[0], np.zeros(3))[1](np.ones(3))[0]
    np.testing.assert_allclose(by_seed, 6 * X)
    assert isinstance(pull_back(np.ones(3))[0], np.ndarray)


def test_jacobians_of_arrays_by_a_number() -> None:
    np.testing.assert_array_equal(jacobian(lambda x: x * x * X)(3.0), 6 * X)
    np.testing.assert_array_equal(jacobian(jacobian(lambda x: x * x * X))(3.0), 2 * X)


def test_given_nodes_it_returns_nodes_to_be_differentiated_again() -> None:
    x = Value(3.0)
    slope = grad(lambda y: y * y * y)(x)
    slope.backward()
    assert (slope.data, x.grad) == (27.0, 18.0)
    t = Tensor([1.0, 2.0], requires_grad=True)
    grad(lambda y: (y**3).sum())(t).sum().backward()
    np.testing.assert_allclose(t.grad, [6.0, 12.0])


def test_parameters_gradients_are_left_alone_and_no_grad_does_not_matter() -> None:
    w = Value(2.0)
    with no_grad():
        assert grad(lambda x: w * x * x)(3.0) == 12.0
        np.testing.assert_allclose(grad(lambda x: (x * x).sum())(X), 2 * X)
    assert w.grad == 0.0


def test_what_does_not_depend_has_gradient_zero() -> None:
    assert grad(lambda x: 5.0)(3.0) == 0.0
    assert grad(lambda x: stop_gradient(x) * 2.0)(3.0) == 0.0
    np.testing.assert_array_equal(grad(lambda x, y: y.sum())(X, Tensor(X)), np.zeros(3))
    assert jvp(lambda x: 5.0, (3.0,), (1.0,)) == (5.0, 0.0)


def test_results_are_arrays_of_ones_own() -> None:
    slopes = grad(lambda p: (p["a"] + p["b"]).sum())({"a": X, "b": X})
    slopes["a"] += 1.0
    np.testing.assert_array_equal(slopes["b"], [1.0, 1.0, 1.0])
    out, pull_back = vjp(exp, X)
    out[:] = 0.0
    np.testing.assert_allclose(pull_back(np.ones(3))[0], np.exp(X))
    tangent = np.ones(3)
    same, moved = jvp(lambda x: x, (X,), (tangent,))
    same[:], moved[:] = 0.0, 0.0
    assert X[0] == 0.3
    assert tangent[0] == 1.0


def test_argnums_count_from_the_end_too() -> None:
    def f(x: Any, y: Any) -> Any:
        return x * x * y

    assert grad(f, argnums=-1)(2.0, 3.0) == 4.0
    assert value_and_grad(f, argnums=(0, -1))(2.0, 3.0) == (12.0, (12.0, 4.0))
    assert hessian(f, argnums=-2)(2.0, 3.0) == 6.0


@pytest.mark.parametrize("transform", [grad, jacobian, hessian, value_and_grad])
@pytest.mark.parametrize(
    ("argnums", "words"), [((0, 2), "called with 2 positional"), ("a", "position of"), ((0, 0), "twice")]
)
def test_argnums_that_name_no_argument_are_refused(transform: Any, argnums: Any, words: str) -> None:
    with pytest.raises(MicrogradError, match=rf"argnums.*{words}.*rite argnums=") as refused:
        transform(lambda x, y: x * y, argnums=argnums)(2.0, 3.0)
    assert "grad(" not in str(refused.value)
    with pytest.raises(MicrogradError, match=r"0 positional arguments.*hand them in by position\.$"):
        transform(lambda x: x * x)(x=2.0)


def test_has_aux() -> None:
    slopes, aux = grad(lambda x: (x * x, "more"), has_aux=True)(3.0)
    assert (slopes, aux) == (6.0, "more")


def test_what_is_returned_beside_the_number_is_plain_too() -> None:
    assert grad(lambda x: (x * x, {"cube": x * x * x}), has_aux=True)(2.0) == (4.0, {"cube": 8.0})
    (_, doubled), _ = value_and_grad(lambda x: ((x * x).sum(), x * 2.0), has_aux=True)(X)
    assert type(doubled) is np.ndarray
    for result in (lambda x: x * x, lambda x: (x, x, x), lambda x: None):
        with pytest.raises(MicrogradTypeError, match=r"pair \(number, more\)"):
            grad(result, has_aux=True)(2.0)


def test_forward_mode_over_a_number_among_tensors() -> None:
    def moved(v):
        return jvp(lambda u: ((u + Tensor([1.0, 2.0])) ** 3).sum(), (v,), (1.0,))[1]

    assert grad(moved)(2.0) == jvp(moved, (2.0,), (1.0,))[1] == hessian(lambda v: (v + 1) ** 3 + (v + 2) ** 3)(2.0)
    assert grad(lambda v: jvp(lambda u: u * u, (Tensor(2.0),), (v,))[1] * v)(3.0) == 24.0


def test_jacobians_and_hessians_by_several_arguments() -> None:
    by_x, by_y = jacobian(lambda x, y: x * y * y, argnums=(0, 1))(X, 2.0 * X)
    np.testing.assert_allclose(by_x, np.diag(4.0 * X * X))
    np.testing.assert_allclose(by_y, np.diag(4.0 * X * X))
    assert hessian(lambda x, y: x * x * y, argnums=(0, 1))(3.0, 5.0) == ((10.0, 6.0), (6.0, 0.0))


@pytest.mark.parametrize(("f", "shape"), [(lambda x: x[:0], (0, 3)), (lambda x: A[:, :0] * x[0], (2, 0, 3))])
def test_jacobians_of_outputs_without_elements(f, shape: tuple[int, ...]) -> None:
    assert jacobian(f)(X).shape == shape
    assert jacobian(f)(Tensor(X, requires_grad=True)).shape == shape
    assert jacobian(lambda x: jacobian(f)(x))(X).shape == (*shape, 3)
    assert vmap(jacobian(f))(np.stack([X, X])).shape == (2, *shape)
    assert jacobian(lambda x: x * 2.0)(np.zeros(0)).shape == (0, 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_tangent_has_the_dtype_of_what_it_moves(dtype) -> None:
    for tangent in (np.ones(3), np.ones(3, np.float32), np.ones(3, int)):
        assert jvp(lambda x: x * x, (X.astype(dtype),), (tangent,))[1].dtype == dtype


@pytest.mark.parametrize("out", [None, "text", {1.0}, np.array([1j])])
def test_what_is_no_number_is_not_differentiated(out) -> None:
    for run in (lambda f: vjp(f, X), lambda f: jvp(f, (X,), (X,)), lambda f: jacobian(f)(X)):
        with pytest.raises(MicrogradTypeError, match=r"\(\) is of functions that return numbers, arrays"):
            run(lambda x: out)


@pytest.mark.filterwarnings("error")
def test_infinite_slopes_are_no_reason_to_warn() -> None:
    zeros = np.zeros(2)
    assert grad(lambda x: sqrt(x).sum())(zeros).tolist() == [math.inf, math.inf]
    assert jacobian(sqrt)(zeros)[0, 0] == math.inf
    assert jvp(sqrt, (zeros,), (np.ones(2),))[1].tolist() == [math.inf, math.inf]
    assert vjp(sqrt, zeros)[1](np.ones(2))[0].tolist() == [math.inf, math.inf]
    assert vmap(grad(sqrt))(zeros).tolist() == [math.inf, math.inf]


def test_a_forgotten_return_is_named() -> None:
    for run in (lambda f: grad(f)(X), lambda f: vjp(f, X), lambda f: jacobian(f)(X)):
        with pytest.raises(MicrogradError, match="Is there a return at its end"):
            run(lambda x: None)


@pytest.mark.parametrize("g", [None, "text", 1j])
def test_a_gradient_that_is_no_number_is_refused(g) -> None:
    with pytest.raises(MicrogradTypeError, match=r"a gradient is of real numbers.*pull_back\(1\.0\)"):
        vjp(lambda x: x.sum(), X)[1](g)


def test_misuse_says_what_to_write() -> None:
    with pytest.raises(GraphError, match="jacobian"):
        grad(lambda x: x * 2.0)(X)
    with pytest.raises(MicrogradTypeError, match="argnums"):
        grad(lambda x: x)("text")
    for argnums, kind in ((2, MicrogradIndexError), (-3, MicrogradIndexError), ([0, 1], MicrogradTypeError)):
        with pytest.raises(kind, match="argnums"):
            grad(lambda x, y: x * y, argnums=argnums)(2.0, 3.0)
    for transform, argnums in ((grad, (0, 0)), (grad, (1, -1)), (jacobian, (0, -2)), (hessian, (0, 0))):
        with pytest.raises(MicrogradValueError, match="argnums names an argument twice"):
            transform(lambda x, y: x * y, argnums=argnums)(2.0, 3.0)
    with pytest.raises(MicrogradTypeError, match="float"):
        grad(lambda x: x.sum())(np.array([1, 2]))
    with pytest.raises(MicrogradValueError, match="tangent"):
        jvp(lambda x: x.sum(), (X,), (np.ones(2),))
    with pytest.raises(MicrogradValueError, match="direction"):
        jvp(lambda x, y: x, (1.0, 2.0), (1.0,))


# ---- vmap ---------------------------------------------------------------------------------------------------------

ROWS = np.array([[1.0, 2.0, 3.0], [4.0, -5.0, 6.0]])


def test_scalar_code_on_rows() -> None:
    def neuron(row):
        return (w[0] * row[0] + w[1] * row[1] + b).tanh() * where(row[2] > 4.0, row[2], 0.0)

    w, b = [Value(0.5), Value(-0.25)], Value(0.1)
    one_by_one = [neuron([Value(x) for x in row]) for row in ROWS]
    expected = [out.data for out in one_by_one]
    sum(one_by_one).backward()
    slopes = [p.grad for p in (*w, b)]
    for p in (*w, b):
        p.grad = 0.0
    out = vmap(neuron)(ROWS)
    np.testing.assert_allclose(out.data, expected, rtol=1e-14)
    out.sum().backward()
    np.testing.assert_allclose([p.grad for p in (*w, b)], slopes, rtol=1e-13)


def test_axes_in_and_out() -> None:
    weights = np.arange(3.0)
    np.testing.assert_allclose(vmap(lambda x, w: x @ w, in_axes=(0, None))(ROWS, weights), ROWS @ weights)
    np.testing.assert_allclose(vmap(lambda x, w: x * w, in_axes=(1, 0), out_axes=1)(ROWS, weights), ROWS * weights)
    np.testing.assert_allclose(vmap(lambda x: 7.0)(ROWS), [7.0, 7.0])


def test_nested() -> None:
    outer = vmap(vmap(lambda x, y: x * y, in_axes=(None, 0)), in_axes=(0, None))
    np.testing.assert_allclose(outer(np.arange(3.0), np.arange(4.0)), np.outer(np.arange(3.0), np.arange(4.0)))


def test_gradients_of_each_row() -> None:
    np.testing.assert_allclose(vmap(grad(lambda x: (x**3).sum()))(ROWS), 3 * ROWS**2)
    shared = vmap(lambda x: grad(lambda w: (w * x).sum() * w)(2.0))(ROWS)
    np.testing.assert_allclose(shared, 4.0 * ROWS.sum(axis=1))
    np.testing.assert_allclose(
        grad(lambda x: vmap(lambda row: (row * x).sum())(ROWS).sum())(np.ones(3)), ROWS.sum(axis=0)
    )


DERIVATIVES: dict[str, Any] = {
    "grad": lambda x, c, v: grad(lambda x: (sin(x * c) * x).sum())(x),
    "grad of grad": lambda x, c, v: grad(lambda x: (grad(lambda x: (x**3 * c).sum())(x) * v).sum())(x),
    "hessian": lambda x, c, v: hessian(lambda x: (sin(x * c) * v).sum())(x),
    "hvp": lambda x, c, v: hvp(lambda x: sin(x * c).sum(), (x,), (v,)),
    "jvp": lambda x, c, v: jvp(lambda x, c: sin(x * c), (x, c), (v, 3.0 * c))[1],
    "vjp": lambda x, c, v: vjp(lambda x: sin(x), x)[1](c * v)[0],
    "vjp by two": lambda x, c, v: vjp(lambda c, x: [x * c, sin(x)], c, x)[1]([v, c * v])[1],
}


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
@pytest.mark.parametrize(
    ("over_columns", "over_rows"),
    [
        ((0, 0, 0), (None, 0, None)),
        ((0, None, None), (None, 0, None)),
        ((None, 0, None), (None, None, 0)),
        ((None, None, 0), (0, 0, None)),
        ((0, None, 0), (0, None, 0)),
        ((None, None, 0), (None, None, 0)),
    ],
)
def test_derivatives_within_two_maps_are_those_of_each_row(derivative: Any, over_columns: Any, over_rows: Any) -> None:
    axes = zip(over_rows, over_columns, [(4,), (), (4,)], strict=True)
    shapes = [(2,) * (i == 0) + (3,) * (j == 0) + inner for i, j, inner in axes]
    args = [np.random.default_rng(len(shape)).normal(size=shape) for shape in shapes]
    found = vmap(vmap(derivative, in_axes=over_columns), in_axes=over_rows)(*args)
    for i, j in np.ndindex(2, 3):
        rows = [a[i] if axis == 0 else a for a, axis in zip(args, over_rows, strict=True)]
        row = [a[j] if axis == 0 else a for a, axis in zip(rows, over_columns, strict=True)]
        np.testing.assert_allclose(found[i, j], derivative(*row), atol=1e-12)


def test_a_gradient_that_differs_from_row_to_row_is_pulled_back_for_each() -> None:
    _, pull_back = vjp(lambda x: A @ sin(x), X)
    np.testing.assert_allclose(vmap(pull_back)(np.eye(2))[0], jacobian(lambda x: A @ sin(x))(X))
    _, pull_back = vjp(lambda x: [x * x, 2.0 * x], 3.0)
    np.testing.assert_allclose(vmap(pull_back)([np.arange(3.0), np.ones(3)])[0], [2.0, 8.0, 14.0])
    x = Tensor(X, requires_grad=True)
    vmap(vjp(lambda x: x**3, x)[1])(A)[0].sum().backward()
    np.testing.assert_allclose(x.grad, 6.0 * X * A.sum(axis=0))


def test_a_branch_inside_says_what_to_write() -> None:
    with pytest.raises(MicrogradTypeError, match="where"):
        vmap(lambda x: x if x > 0 else -x)(np.arange(3.0))
    with pytest.raises(MicrogradValueError, match="rows"):
        vmap(lambda x, y: x + y)(np.ones(3), np.ones(4))


def test_a_gradient_of_another_shape_is_refused_rather_than_broadcast() -> None:
    _, pull_back = vjp(lambda x: x * 2.0, X)
    for g in (np.ones((3, 1)), np.ones(1), 1.0, np.ones((2, 3))):
        with pytest.raises(MicrogradValueError, match="for an output of shape"):
            pull_back(g)
    np.testing.assert_array_equal(pull_back(np.ones(3))[0], [2.0, 2.0, 2.0])


def test_a_gradient_made_of_the_output_counts_as_a_constant() -> None:
    def pulled(x, scale=1.0):
        out, pull_back = vjp(lambda y: y * y, x)
        return pull_back(scale * out)[0]  # 2 x^3

    for x in (Value(3.0), Tensor(3.0, requires_grad=True), Tensor([3.0], requires_grad=True)):
        assert pulled(x).data == 54.0
    assert pulled(3.0) == grad(pulled)(3.0) == jvp(pulled, (3.0,), (1.0,))[1] == 54.0
    assert grad(grad(pulled))(3.0) == 36.0
    assert grad(pulled, argnums=(0, 1))(3.0, 2.0) == (108.0, 54.0)
    np.testing.assert_array_equal(vmap(grad(pulled))(np.array([3.0, 1.0])), [54.0, 6.0])
    np.testing.assert_array_equal(jit(pulled)(np.array([3.0, 1.0])), [54.0, 2.0])
    assert jit(pulled)(3.0) == 54.0


@pytest.mark.parametrize("tangents", [b"1", "a", 1.0, None, {1.0}, (1j,), (np.array([1j])[0],), ("a",), (None,)])
def test_directions_that_make_no_sense_are_refused(tangents) -> None:
    for transform in (jvp, hvp):
        with pytest.raises((MicrogradTypeError, MicrogradValueError), match=r"Write jvp|must agree|directions"):
            transform(lambda x: x * x, (3.0,), tangents)


@pytest.mark.parametrize("transform", [grad, value_and_grad, vjp, jacobian, hessian, vmap, check_gradients])
@pytest.mark.parametrize("f", [None, 3.0, Value(2.0), "loss"])
def test_what_a_function_returned_is_told_from_the_function(transform, f) -> None:
    with pytest.raises(MicrogradTypeError, match=r"takes a function, .* rather than what it returned"):
        transform(f)
    with pytest.raises(MicrogradTypeError, match=r"register_hook\(\) takes a function"):
        Tensor(X).register_hook(f)


@pytest.mark.parametrize(
    ("given", "axes"), [(None, 0), (3.0, 0), ("a", 0), (X, 1), (X, -2), (X, "a"), (X, 0.5), ([1.0], 1)]
)
def test_rows_that_are_not_there_are_named(given, axes) -> None:
    with pytest.raises(MicrogradValueError, match="has no rows along in_axes="):
        vmap(lambda x: x * 2.0, in_axes=axes)(given)


INDICES = [
    ([0, 1, 0], None, 1),
    (1, None, [0, 2]),
    (0, slice(None), np.array([True, False, True])),
    ([0, 1], slice(None), [2, 2]),
    ([0, 1], [2, 2]),
    ([[0], [1]], 2),
    (0, [1, 1], 2),
    (None, 0, None, np.array([1])),
    (..., [0, 0], 1),
    ([0, 1], ..., 1),
    (True, [0, 1]),
    (np.int64(1), None, np.array([0, 2])),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_rows_are_indexed_one_by_one(index) -> None:
    """NumPy puts the axes of index arrays in front if something stands between them: of a row, not of the batch."""
    rng = np.random.default_rng(0)
    cubes = rng.normal(size=(5, 2, 3, 3))
    expected = np.stack([cube[index] for cube in cubes])
    np.testing.assert_array_equal(vmap(lambda x: x[index])(cubes), expected)
    weights = rng.normal(size=expected.shape[1:])
    gradients = vmap(grad(lambda x: (x[index] * weights).sum()))(cubes)
    np.testing.assert_allclose(gradients, np.stack([grad(lambda x: (x[index] * weights).sum())(c) for c in cubes]))
