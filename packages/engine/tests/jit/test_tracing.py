"""The run on stand-ins: what is noted of each operation, and what the stand-ins tell of themselves."""

from __future__ import annotations

import copy
import gc
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, TracingError, Value, grad, jit  # noqa: E402
from micrograd.engine.arguments.trees import map_leaves  # noqa: E402
from micrograd.engine.jit.calls.compiled import traced  # noqa: E402
from micrograd.engine.jit.tracing.trace import Trace  # noqa: E402
from micrograd.engine.jit.tracing.traced_value import TracedValue  # noqa: E402
from micrograd.engine.observing.recording import watching  # noqa: E402


def lines_of(f: Any, *args: Any) -> list[int]:
    """The lines of the operations that `f` traces, counted from its first."""
    trace = Trace()
    traced(trace, f, args, {}, ())
    first = f.__code__.co_firstlineno
    return [source.line - first for source in trace.tape.sources if source is not None]


def test_each_operation_has_the_line_that_the_user_wrote() -> None:
    def f(x: Any) -> Any:
        y = x * x
        z = y + x
        return z.tanh()

    assert lines_of(f, 2.0) == [1, 2, 3]


def test_within_the_library_the_line_is_the_one_that_called_it() -> None:
    def f(x: Any) -> Any:
        pairs = [x, x]
        tanhs = map_leaves(Value.tanh, pairs)
        return tanhs, map_leaves(Value.exp, pairs)

    assert lines_of(f, Value(2.0)) == [2, 2, 3, 3]


def test_a_function_of_the_users_within_the_library_has_lines_of_its_own() -> None:
    def f(x: Any) -> Any:
        def double(y: Any) -> Any:
            z = y + y
            return z.tanh()

        return map_leaves(double, [x, x])

    assert lines_of(f, Value(2.0)) == [2, 3, 2, 3]


def test_a_generator_is_where_it_is_resumed() -> None:
    def f(x: Any) -> Any:
        squares = (y * y for y in [x, x])
        first = next(squares)
        second = next(squares)
        return first + second

    assert lines_of(f, 2.0) == [1, 1, 4]


def test_what_the_code_is_done_with_is_gone() -> None:
    alive = []

    def f(x: Any) -> Any:
        y = x
        for _ in range(1000):
            y = (y * x).tanh()
        alive.append(sum(type(thing) is TracedValue for thing in gc.get_objects()))
        return y

    before = sum(type(thing) is TracedValue for thing in gc.get_objects())
    traced(Trace(), f, (2.0,), {}, ())
    assert alive[0] - before < 10


def test_a_stand_in_tells_of_its_operation_as_a_value_does() -> None:
    seen, w = [], Value(3.0)

    def f(x: Any) -> Any:
        product, power = x * w, x**2
        seen.append((product._op, product.inputs[1] is w, power._op))
        seen.append(product.inputs[0] is product.inputs[0] is power.inputs[0])
        return product + power

    assert jit(f, backend="numpy")(Value(2.0)).data == 10.0
    assert seen == [("*", True, "**2"), True]


def test_a_copy_of_a_stand_in_is_the_same_number() -> None:
    def f(x: Any) -> Any:
        y = x * x
        return copy.copy(y) + copy.deepcopy(y) * 2.0

    x = Value(3.0)
    out = jit(f, backend="numpy")(x)
    out.backward()
    assert (out.data, x.grad) == (27.0, 18.0)


def test_an_op_written_by_hand_is_refused() -> None:
    def f(x: Any) -> Any:
        y = x * x
        y._backward = lambda: None
        return y

    with pytest.raises(TracingError, match="written by hand"):
        jit(f, backend="numpy")(Value(3.0))


def test_a_watcher_within_the_code_sees_the_operations_there() -> None:
    names: list[str] = []

    def note(op: Any, operands: Any, params: Any, record: Any) -> Any:
        names.append(op.name)
        return record(op, operands, params)

    def f(x: Any) -> Any:
        y = x * x
        with watching(note):
            y = (y + x).tanh()
        return -y

    assert jit(f, backend="numpy")(Value(0.5)).data == pytest.approx(-float(np.tanh(0.75)))
    assert names == ["add", "tanh"]


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_derivatives_by_numbers_that_the_code_computes(backend: str) -> None:
    def f(x: Any) -> Any:
        inner = x * 2.0
        slope = grad(lambda t: t * t * x + inner)(inner)
        return slope + grad(lambda t: (t * x).tanh() ** 3)(x)

    x = Value(1.5)
    outs = []
    for g in (f, jit(f, backend=backend)):
        x.grad = 0.0
        out = g(x)
        out.backward()
        outs.append((out.data, x.grad))
    assert outs[1] == pytest.approx(outs[0], rel=1e-12)


READINGS = {
    "data": lambda w, x: w.data * x,
    "written": lambda w, x: setattr(w, "data", 2.0 * np.ones(2)) or w * x,
    "copy": lambda w, x: copy.copy(w) * x,
    "deepcopy": lambda w, x: copy.deepcopy([w])[0] * x,
    "numpy": lambda w, x: w.numpy() * x,
    "tolist": lambda w, x: w.tolist()[0] * x,
    "array": lambda w, x: np.asarray(w) * x,
    "item": lambda w, x: w.item() * x,
    "float": lambda w, x: float(w) * x,
    "branch": lambda w, x: x if w else -x,
    "again": lambda w, x: Tensor(w) * x,
    "nonzero": lambda w, x: np.nonzero(w)[0].sum() * x,
    "in": lambda w, x: x if 1.0 in w else -x,
}


@pytest.mark.parametrize("name", READINGS)
def test_the_numbers_of_what_is_known_from_elsewhere_are_refused(name: str) -> None:
    w = Tensor([2.0])
    with pytest.raises(TracingError, match=r"the numbers of a parameter, in line \d+ of .*test_tracing.py.*w \* x"):
        jit(lambda x: READINGS[name](w, x))(np.ones(2))
    assert w.data.tolist() == [2.0]


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_the_number_of_a_parameter_is_refused(backend: str) -> None:
    w, one = Value(2.0), Value(1.0)
    with pytest.raises(TracingError, match="the numbers of a parameter"):
        jit(lambda x: w.data * x + one, backend=backend)(3.0)
    f = jit(lambda x: Value(2.0).data * x + one, backend=backend)  # a constant that the code makes itself
    assert f(3.0).data == 7.0


def test_the_numbers_of_what_the_code_makes_itself_are_known() -> None:
    w = Tensor([2.0, 3.0], requires_grad=True)
    f = jit(lambda x: (w * x * (Tensor([1.0, 2.0]) > 1.5).data).sum())
    assert f(np.ones(2)).data == 3.0


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_detached_parameters_and_arguments_move_and_get_no_gradient(backend: str) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")
    w, x = Tensor([2.0, 3.0], requires_grad=True), Tensor([5.0, 7.0], requires_grad=True)

    def f(x: Any) -> Any:
        return (w.detach() * w * x + (x * w).detach() * x).sum()

    compiled = jit(f, backend=backend)
    for _ in range(2):
        found = []
        for function in (f, compiled):
            w.grad = x.grad = None
            out = function(x)
            out.backward()
            found.append([out.data, w.grad, x.grad])
        for got, expected in zip(*found, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-14)
        w.data = np.array([-1.0, 4.0])
