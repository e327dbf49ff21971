"""`jit` as its users meet it: arguments and results of every kind, parameters, errors, methods, transforms."""

from __future__ import annotations

import threading
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import (  # noqa: E402
    GraphError,
    MicrogradTypeError,
    MicrogradValueError,
    Tensor,
    TracingError,
    Value,
    grad,
    jit,
    maximum,
    no_grad,
    value_and_grad,
    vmap,
)

BACKENDS = ("numpy", "python")


@pytest.fixture(params=BACKENDS)
def compiled(request: pytest.FixtureRequest) -> Any:
    return lambda f, **more: jit(f, backend=request.param, **more)


def test_new_data_of_a_parameter_is_seen_and_nothing_is_traced_again(compiled: Any) -> None:
    w, calls = Value(3.0), []

    def f(x: Any) -> Any:
        calls.append(None)
        return (w * x).tanh()

    g = compiled(f)
    for w.data in (3.0, 0.5, -1.0):
        for x in (0.1, 2.0):
            assert g(x).data == pytest.approx(f(x).data, rel=1e-15)
    assert len(calls) == 1 + 6


def test_gradients_accumulate_as_eager_ones_do(compiled: Any) -> None:
    w, x = Value(3.0), Value(2.0)
    g = compiled(lambda x: w * x * x)
    for _ in range(2):
        g(x).backward()
    assert (w.grad, x.grad) == (8.0, 24.0)


def test_a_result_goes_on_in_eager_code(compiled: Any) -> None:
    w = Value(3.0)
    g = compiled(lambda x: w * x)
    (g(2.0) * g(5.0)).backward()
    assert w.grad == 60.0


def test_nests_go_in_and_come_out(compiled: Any) -> None:
    g = compiled(lambda nest, scale: {"sum": nest["a"][0] + nest["a"][1], "rest": [nest["b"] * scale, 7.0]})
    assert g({"a": [1.0, 2.0], "b": 3.0}, scale=10.0) == {"sum": 3.0, "rest": [30.0, 7.0]}


def test_plain_numbers_stay_plain(compiled: Any) -> None:
    assert compiled(lambda x, y: x * y + 1.0)(2.0, 3.0) == 7.0


def test_another_structure_is_another_program(compiled: Any) -> None:
    g = compiled(lambda xs: sum(x * x for x in xs))
    assert [g([1.0, 2.0]), g([1.0, 2.0, 3.0]), g([3.0, 4.0])] == [5.0, 14.0, 25.0]


def test_a_static_argument(compiled: Any) -> None:
    g = compiled(lambda x, power: x**power if power > 1 else x, static_argnums=1)
    assert [g(3.0, 1), g(3.0, 2), g(2.0, 3)] == [3.0, 9.0, 8.0]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x if x > 0 else -x,
        lambda x: float(x) * x,
        lambda x: int(x) * x,
        lambda x: x or -x,
        lambda x: x.data * x,
    ],
)
def test_what_differs_from_call_to_call_cannot_be_fixed(compiled: Any, f: Any) -> None:
    with pytest.raises(TracingError, match=r"in line \d+ of .*test_jit.py.*maximum"):
        compiled(f)(Value(1.0))


def test_both_sides_instead_of_a_branch(compiled: Any) -> None:
    assert compiled(lambda x: maximum(x, -x))(Value(-3.0)).data == 3.0


def test_a_failed_trace_leaves_nothing_behind(compiled: Any) -> None:
    def f(x: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        compiled(f)(1.0)
    assert (Value(2.0) * 3.0).data == 6.0


def test_a_value_from_outside_that_was_computed_is_refused(compiled: Any) -> None:
    doubled = Value(2.0) * 2.0
    with pytest.raises(TracingError, match="computed outside"):
        compiled(lambda x: doubled * x)(1.0)


def test_second_derivatives(compiled: Any) -> None:
    w = Value(3.0)
    with pytest.raises(GraphError, match="jit\\(grad"):
        compiled(lambda x: w * x)(2.0).backward(create_graph=True)
    assert compiled(grad(lambda x: x * x * x))(3.0) == 27.0
    assert grad(compiled(lambda x: x * x * x))(3.0) == 27.0
    assert value_and_grad(compiled(lambda x: x * x))(3.0) == (9.0, 6.0)


def test_methods_and_decorators() -> None:
    class Line:
        def __init__(self, slope: float) -> None:
            self.w = Value(slope)

        @jit(backend="numpy")
        def __call__(self, x: Any) -> Any:
            """Times x."""
            return self.w * x

    assert [Line(2.0)(5.0).data, Line(3.0)(5.0).data] == [10.0, 15.0]
    assert Line.__call__.__doc__ == "Times x."


def test_ieee_values_pass(compiled: Any) -> None:
    g, x = compiled(lambda x: [1.0 / x, x.log(), x**0.5]), Value(0.0)
    assert [out.data for out in g(x)] == [float("inf"), float("-inf"), 0.0]
    assert np.isnan(g(Value(float("nan")))[0].data)


def test_arrays_and_tensors() -> None:
    rng = np.random.default_rng(0)
    W, b = Tensor(rng.normal(size=(3, 4)), requires_grad=True), Tensor(np.zeros(4), requires_grad=True)

    def f(x: Any) -> Any:
        return ((x @ W + b).tanh() ** 2).mean()

    g = jit(f, backend="numpy")
    for _ in range(2):
        x = Tensor(rng.normal(size=(5, 3)), requires_grad=True)
        found = []
        for h in (f, g):
            W.grad = b.grad = x.grad = None
            out = h(x)
            out.backward()
            found.append([out.numpy(), W.grad, b.grad, x.grad])
        for eager, ours in zip(*found, strict=True):
            np.testing.assert_allclose(ours, eager, rtol=1e-12)
    with no_grad():
        assert not g(x).requires_grad


def test_a_buffer_from_outside_is_read_anew() -> None:
    shift = Tensor([1.0, 2.0])
    g = jit(lambda x: (x + shift).sum(), backend="numpy")
    assert g(np.zeros(2)).item() == 3.0
    shift.data = [10.0, 20.0]
    assert g(np.zeros(2)).item() == 30.0


def test_a_result_is_nobody_elses_buffer() -> None:
    g = jit(lambda x: x * 2.0, backend="numpy")
    first = g(np.ones(3))
    g(np.zeros(3))
    assert first.tolist() == [2.0, 2.0, 2.0]


def test_threads_share_a_program(compiled: Any) -> None:
    g = compiled(lambda x: x * x + 1.0)
    wrong = []

    def work(start: int) -> None:
        wrong.extend(k for k in range(start, start + 200) if g(float(k)) != k * k + 1.0)

    threads = [threading.Thread(target=work, args=(1000 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_what_is_no_function_or_no_back_end() -> None:
    with pytest.raises(MicrogradTypeError, match="takes a function"):
        jit(3.0)
    with pytest.raises(MicrogradTypeError, match="there is no such backend"):
        jit(lambda x: x, backend="cuda")
    with pytest.raises(MicrogradTypeError, match="call it once"):
        _ = jit(lambda x: x).program


def test_the_program_can_be_read() -> None:
    w = Value(2.0)
    g = jit(lambda xs: sum(w * x for x in xs), backend="numpy")
    g([1.0, 2.0, 3.0])
    assert "contract" in str(g.program) or "sum" in str(g.program)
    assert "def step():" in g.source
    assert {"trace", "sums", "lifting, dead", "reverse, dead"} <= set(g.stats)
    assert all(isinstance(text, str) for text in g.passes.values())


def test_vmap_traces_one_row() -> None:
    w, calls = [Value(0.5), Value(-1.5), Value(2.0)], []

    def row(x: Any, shift: Any) -> Any:
        calls.append(None)
        hidden = [(w[0] * x[0] + w[1] * x[1] + shift[0]).tanh(), (w[1] * x[0]).relu()]
        return {"out": w[2] * hidden[0] + hidden[1], "same": w[0] * 2.0}

    X, shift = np.random.default_rng(0).normal(size=(40, 2)), np.array([0.1])
    g = jit(vmap(row, in_axes=(0, None)), backend="numpy")
    found = g(X, shift)
    assert len(calls) == 1
    ((found["out"] * found["out"]).sum() + found["same"].sum()).backward()
    ours = [p.grad for p in w]
    for p in w:
        p.grad = 0.0
    rows = [row([Value(x) for x in xs], [Value(0.1)]) for xs in X]
    np.testing.assert_allclose(found["out"].numpy(), [r["out"].data for r in rows], rtol=1e-13)
    sum(r["out"] * r["out"] + r["same"] for r in rows).backward()
    assert ours == pytest.approx([p.grad for p in w], rel=1e-12)


def test_vmap_of_arrays_with_unequal_rows_is_refused() -> None:
    with pytest.raises(MicrogradValueError, match=r"\[3, 4\]"):
        jit(vmap(lambda x, y: x[0] + y[0]), backend="numpy")(np.ones((3, 1)), np.ones((4, 1)))


def test_numba_gives_the_same() -> None:
    pytest.importorskip("llvmlite")
    w = [Value(0.5), Value(-1.5)]

    def f(xs: Any) -> Any:
        return sum((w[0] * x + w[1]).tanh() for x in xs)

    results = []
    for g in (f, jit(f, backend="numba"), jit(f)):
        for p in w:
            p.grad = 0.0
        out = g([0.1, 0.2, 0.3])
        out.backward()
        results.append([out.data, *(p.grad for p in w)])
    assert results[1] == pytest.approx(results[0], rel=1e-13)
    assert results[2] == pytest.approx(results[0], rel=1e-13)


@pytest.mark.parametrize("backend", ["numpy", "numba", "python"])
def test_one_gradient_for_two_parameters_reaches_both(backend: str) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")
    w = [Value(0.5), Value(-1.5)]

    def f(x: Any) -> Any:
        h = w[0] + w[1]
        total = h + x + h
        return total * 0.5, total

    half, total = jit(f, backend=backend)(Value(2.0))
    (half + 3.0 * total).backward()
    assert [p.grad for p in w] == [7.0, 7.0]


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_zeros_between_the_parts_of_a_gradient_stay_from_call_to_call(backend: str) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")
    w = [Value(0.5), Value(-1.5)]

    def f(x: Any) -> Any:
        first, second = (x[0] + w[0]) ** 3, (x[1] + sum(w)) ** 3
        return (first + second) * 0.5, first

    step = jit(f, backend=backend)
    for g in (f, step, step, step):
        for p in w:
            p.grad = 0.0
        half, first = g([Value(1.0), Value(3.0)])
        (half + first).backward()
        assert [p.grad for p in w] == [16.125, 6.0]
