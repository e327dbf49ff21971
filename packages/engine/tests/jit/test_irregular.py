"""What doesn't lift, a long chain of operations unlike each other, runs as a tape: in a compiled loop or in Python."""

from __future__ import annotations

import math

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import TracingError, Value, elu, erf, jit, maximum  # noqa: E402
from micrograd.engine.jit.backends.scalar_text import EXPRESSIONS  # noqa: E402
from micrograd.engine.jit.calls.scalar_compiled import ScalarCompiled  # noqa: E402
from micrograd.engine.jit.passes.grouping import Groups, Irregular  # noqa: E402
from micrograd.engine.jit.tape import ARGUMENT, Tape  # noqa: E402
from micrograd.engine.ops.op import OPS  # noqa: E402

UNARY = ("sin", "tanh", "sigmoid", "relu", "arctan", "abs", "softplus", "expm1")


def chain(x, w, length=1500):
    """Every step another function of the last one."""
    y = x
    for k in range(length):
        y = getattr(y, UNARY[k % len(UNARY)])() * w + x if k % 3 else maximum(y, w) - 0.001 * k
    return y


def both(f, *numbers):
    """Value and gradients."""
    leaves = [Value(number) for number in numbers]
    out = f(*leaves)
    out.backward()
    return [out.data, *(leaf.grad for leaf in leaves)]


@pytest.mark.parametrize("backend", ["numpy", "numba", "auto"])
def test_a_chain_is_as_in_eager_code(backend: str) -> None:
    if backend == "numba":
        pytest.importorskip("llvmlite")

    step = jit(chain, backend=backend)
    for numbers in ((0.3, 0.9), (-1.2, 1.1)):
        np.testing.assert_allclose(both(step, *numbers), both(chain, *numbers), rtol=1e-12)
    assert isinstance(step._last, ScalarCompiled)
    with pytest.raises(TracingError, match="no other like them"):
        _ = step.program


def test_the_data_of_parameters_is_seen_and_their_gradients_are_filled() -> None:
    w = Value(0.5)

    def f(x):
        y = x
        for k in range(1200):
            y = y.sin() * w if k % 2 else y.tanh() + w
        return y

    step = jit(f)
    for number in (0.5, -0.7):
        w.data, w.grad = number, 0.0
        out = step(0.3)
        out.backward()
        found, w.grad = w.grad, 0.0
        eager = f(Value(0.3))
        eager.backward()
        np.testing.assert_allclose([out.data, found], [eager.data, w.grad], rtol=1e-12)


@pytest.mark.parametrize("name", sorted(set(EXPRESSIONS) & set(OPS)))
@pytest.mark.parametrize("number", [0.7, -0.4, 2.5, 0.0, math.inf, math.nan])
def test_every_operation_of_the_loop_gives_the_number_of_the_table(name: str, number: float) -> None:
    pytest.importorskip("llvmlite")
    from micrograd.engine.jit.backends.tape_machine import tape_machine

    op = OPS[name]
    count = EXPRESSIONS[name].count("{") and len({c for c in "012" if f"{{{c}}}" in EXPRESSIONS[name]})
    tape = Tape()
    entry = tape.append(op, tuple(tape.leaf(ARGUMENT, 0, k) for k in range(count)))
    given = [number, 1.5, -2.0][:count]
    (found,) = tape_machine(tape, [entry])[1]((), given, ())
    with np.errstate(all="ignore"):
        expected = float(op.forward(*given))
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_an_operation_that_the_loop_does_not_know_leaves_the_tape_to_python() -> None:
    def f(x):
        y = x
        for k in range(1200):
            y = elu(y, alpha=0.5) - 0.3 if k % 2 else erf(y) + x
        return y

    np.testing.assert_allclose(both(jit(f), 0.3), both(f, 0.3), rtol=1e-12)


def test_few_groups_or_full_groups_are_lifted() -> None:
    def regular(x):
        return sum((x * k).tanh() for k in range(3000))

    step = jit(regular)
    step(Value(0.1))
    assert not isinstance(step._last, ScalarCompiled)
    assert len(step.program) < 60
    short = jit(lambda x: chain(x, 0.3, 20))
    short(Value(0.1))
    assert not isinstance(short._last, ScalarCompiled)


def test_groups_are_irregular_when_most_entries_stand_alone() -> None:
    tape = Tape()
    y = tape.leaf(ARGUMENT, 0, 0)
    for _ in range(1001):
        y = tape.append(OPS["sin"], (y,))
    with pytest.raises(Irregular):
        Groups(tape, [1] * len(tape), may_refuse=True)
    for _ in range(8 * 1001):
        tape.append(OPS["sin"], (0,))
    assert len(Groups(tape, [1] * len(tape), may_refuse=True).groups) == 1002


def test_every_expression_gives_the_numbers_of_the_table_in_programs_of_arrays() -> None:
    pytest.importorskip("llvmlite")
    ops = [OPS[name] for name in EXPRESSIONS if name in OPS]
    numbers = np.array([-7.0, -1.5, -0.3, 0.0, 0.4, 1.0, 3.7, 700.0, math.inf, -math.inf, math.nan])
    given = [numbers, np.full(11, 1.5), np.full(11, -2.0)]
    with np.errstate(all="ignore"):
        found = jit(lambda *arrays: [op(*arrays[: op.arity]) for op in ops], backend="numba")(*given)
        for op, result in zip(ops, found, strict=True):
            np.testing.assert_allclose(result, op(*given[: op.arity]), rtol=1e-14, err_msg=op.name)
