"""An op that a user declares works wherever the engine's own do, and what can't work is refused."""

from __future__ import annotations

import math
import pickle

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.checking import check_gradients  # noqa: E402
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.graph import topological_order  # noqa: E402
from micrograd.engine.ops.op import OPS, primitive  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.value import Value  # noqa: E402


@primitive(lambda g, out, x: g * 3.0 * engine.exp(3.0 * x), symbol="e³", elementwise=True)
def exp_of_three_times(x):
    return engine.exp(3.0 * x)


@primitive(lambda g, out, x, y, by: g * y**by, lambda g, out, x, y, by: g * x * by * y ** (by - 1.0), elementwise=True)
def times_power(x, y, by=2.0):
    return x * y**by


@primitive(lambda g, out, x, places: rolled(g, places=-places))
def rolled(x, places=1):
    return np.roll(x, places, -1)


@primitive(vjp_of_any=lambda position, g, out, *xs: g * (position + 1.0))
def ramp_of(*xs):
    return sum((k + 1.0) * x for k, x in enumerate(xs))


@primitive(vjp_of_any=lambda position, g, out, *xs: g / len(xs), elementwise=True)
def average_of(*xs):
    return sum(xs) / len(xs)


@primitive()
def parity(x):
    return np.floor(x) % 2.0


X = np.array([[0.1, -0.4, 0.3], [0.2, 0.5, -0.6]])


@pytest.mark.parametrize(
    ("f", "inputs"),
    [
        (exp_of_three_times, (0.3,)),
        (exp_of_three_times, (X,)),
        (times_power, (0.3, 1.2)),
        (lambda x, y: times_power(x, y, 3.0), (X, 1.0 + X[0])),
        (lambda x, y: times_power(x, y, by=3.0), (X[:, :1], 1.0 + X)),
        (lambda x: rolled(x * x, places=2), (X,)),
        (lambda x: rolled(x, 1) * x, (X,)),
        (lambda x, y: ramp_of(x * x, y, x) * y, (X, X + 1.0)),
        (average_of, (0.3,)),
        (average_of, (0.3, 1.2)),
        (lambda x: average_of(2.0, x, x) * x, (0.3,)),
        (lambda x: average_of(x) * x, (X,)),
        (lambda x: parity(x * 7.0 + 0.05) * x, (X,)),
        (lambda x: engine.vmap(lambda row: rolled(row) * row)(x), (X,)),
        (lambda x: engine.vmap(exp_of_three_times)(x), (X,)),
    ],
)
def test_all_modes_and_orders(f, inputs) -> None:
    report = check_gradients(f, *inputs, order=2, modes=("reverse", "forward"))
    assert report.passed
    assert not report.kinks


def test_transforms_and_their_nests() -> None:
    third = engine.grad(engine.grad(engine.grad(exp_of_three_times)))
    assert third(0.3) == pytest.approx(27.0 * math.exp(0.9), rel=1e-14)
    assert engine.jvp(rolled, (X,), (X,))[1] == pytest.approx(np.roll(X, 1, -1))
    hessian = engine.hessian(lambda x: (rolled(x) * x * x).sum())(X[0])
    np.testing.assert_allclose(hessian, hessian.T)


def test_jit_runs_the_forward_function_that_was_given() -> None:
    for backend in ("numpy", "auto"):
        f = engine.jit(lambda x: (exp_of_three_times(x) * rolled(x)).sum(), backend=backend)
        t = Tensor(X, requires_grad=True)
        f(t).backward()
        u = Tensor(X, requires_grad=True)
        (exp_of_three_times(u) * rolled(u)).sum().backward()
        np.testing.assert_allclose(t.grad, u.grad, rtol=1e-14)
    of_numbers = engine.jit(lambda x: exp_of_three_times(x) * x)
    v = Value(0.3)
    of_numbers(v).backward()
    assert v.grad == pytest.approx(math.exp(0.9) * 1.9)


@pytest.mark.parametrize("backend", ["python", "numpy"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_jit_knows_how_many_operands_an_op_of_any_number_was_given(count: int, backend: str) -> None:
    slopes = engine.grad(average_of, tuple(range(count)))
    assert engine.jit(slopes, backend=backend)(*[0.3] * count) == pytest.approx((1.0 / count,) * count)


def test_a_graph_with_one_can_be_pickled_and_drawn() -> None:
    t = Tensor(X, requires_grad=True)
    twin = pickle.loads(pickle.dumps(exp_of_three_times(t).sum()))
    twin.backward()
    leaf = topological_order(twin)[0]
    np.testing.assert_allclose(leaf.grad, 3.0 * np.exp(3.0 * X))
    assert exp_of_three_times(Value(1.0))._op == "e³"


def test_an_op_of_arrays_is_not_for_values() -> None:
    with pytest.raises(MicrogradTypeError, match=r"rolled\(\) is of arrays"):
        rolled(Value(1.0))


@pytest.mark.parametrize("name", ["relu", "sum", "where", "softmax"])
def test_a_name_of_the_engines_is_refused(name: str) -> None:
    """Kernels and back ends know an op by its name: they would run ours in place of it."""
    before = OPS[name]
    with pytest.raises(MicrogradValueError, match=f"def my_{name}"):
        exec(f"@primitive(lambda g, out, x: g)\ndef {name}(x): return x + 1.0", {"primitive": primitive})
    assert OPS[name] is before
    assert M.relu(np.array([-1.0])) == 0.0


def test_a_name_of_ones_own_may_be_declared_again() -> None:
    for factor in (2.0, 3.0):

        @primitive(lambda g, out, x, f=factor: g * f, elementwise=True)
        def declared_twice(x, f=factor):
            return x * f

        assert declared_twice(np.ones(1)) == factor


def test_one_rule_for_each_operand() -> None:
    with pytest.raises(MicrogradTypeError, match=r"one_rule has 2 operands \(x, y\), but was given 1 rules"):

        @primitive(lambda g, out, x, y: g)
        def one_rule(x, y):
            return x + y


@pytest.mark.parametrize(
    "make",
    [lambda: primitive(3.0), lambda: primitive(vjp_of_any=3.0), lambda: primitive()(3.0)],
    ids=["3", "any", "forward"],
)
def test_rules_are_functions(make) -> None:
    with pytest.raises(
        MicrogradTypeError, match=r"primitive\(\) takes a function, but was given a float.*@primitive\("
    ):
        make()


@primitive(lambda g, out, x, y: g * y, lambda g, out, x, y: engine.transpose(g * x))
def wrongly_scaled(x, y):
    return x * y


@primitive(lambda g, out, x: None)
def without_return(x):
    return 2.0 * x


@primitive(lambda g, out, x: np.zeros_like(x))
def flat(x):
    return np.floor(x)


TRANSFORMS = {
    "grad": lambda f, x: engine.grad(lambda x: f(x).sum())(x),
    "grad twice": lambda f, x: engine.grad(lambda x: engine.grad(lambda x: f(x).sum())(x).sum())(x),
    "jvp": lambda f, x: engine.jvp(f, (x,), (x,)),
    "jit": lambda f, x: engine.grad(engine.jit(lambda x: f(x).sum(), backend="numpy"))(x),
}


@pytest.mark.parametrize("how", TRANSFORMS)
def test_a_rule_whose_gradient_does_not_fit_is_named(how: str) -> None:
    """A transpose forgotten in a rule must not be taken for a reshape."""
    message = (
        r"rule of operand 1 of primitive wrongly_scaled returned shape \(3, 2\) .* for an operand of shape \(2, 3\)"
    )
    with pytest.raises(MicrogradValueError, match=message):
        TRANSFORMS[how](lambda x: wrongly_scaled(2.0, x), X)


def test_a_rule_that_returns_nothing_is_named() -> None:
    with pytest.raises(MicrogradValueError, match="rule of operand 0 of primitive without_return returned None"):
        engine.grad(lambda x: without_return(x).sum())(X)


def test_a_rule_that_returns_complex_numbers_is_named() -> None:
    @engine.primitive(lambda g, out, x: g * 1j)
    def turned(x):
        return 1.0 * x

    with pytest.raises(MicrogradValueError, match=r"rule of operand 0 of primitive turned .*complex128.*real numbers"):
        engine.grad(lambda x: turned(x).sum())(X)


def test_a_rule_may_give_zeros_whatever_enters() -> None:
    np.testing.assert_array_equal(engine.jvp(flat, (X,), (X,))[1], np.zeros_like(X))
