"""A compiled function holds its scalar parameters' numbers from call to call, and misses no write of any of them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Value, jit, vmap  # noqa: E402
from micrograd.engine.checking.inputs import Coordinate, placed  # noqa: E402
from micrograd.engine.jit.calls import gathered  # noqa: E402
from micrograd.engine.jit.calls.gathered import GatheredParameters  # noqa: E402
from micrograd.engine.jit.stepping.steps import CompiledStep, Group  # noqa: E402
from micrograd.engine.observing.copies import right_copies  # noqa: E402

X = np.array([[1.0, 2.0], [3.0, -1.0]])


def made() -> tuple[list[Value], Any]:
    w = [Value(0.5), Value(-2.0), Value(0.0)]
    return w, jit(vmap(lambda x: w[0] * x[0] + w[1] * x[1] + w[2]), backend="numpy")


def expected(w: list[Value]) -> Any:
    return X @ [w[0].data, w[1].data] + w[2].data


def sgd(p: Any, g: Any, states: tuple[Any, ...], numbers: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
    return p - numbers["lr"] * g, states


def assign(w: list[Value]) -> None:
    w[1].data = 7.0


def subtract(w: list[Value]) -> None:
    w[2].data -= 0.125


def write_in_a_thread(w: list[Value]) -> None:
    thread = threading.Thread(target=assign, args=(w,))
    thread.start()
    thread.join()


def bind_to_a_step(w: list[Value]) -> CompiledStep:
    step = CompiledStep(lambda x: (w[0] * x - w[1]) ** 2, (1.0,), [Group(w[:2], sgd, 0, {"lr": "lr"})], "numpy")
    assert w[0].__class__ is not Value
    return step


WRITES: dict[str, Callable[[list[Value]], Any]] = {"=": assign, "-=": subtract, "in a thread": write_in_a_thread}


@pytest.mark.parametrize("name", WRITES)
def test_the_next_call_sees_what_was_written(name: str) -> None:
    w, f = made()
    for _ in range(2):
        np.testing.assert_allclose(f(X).data, expected(w))
    WRITES[name](w)
    for _ in range(2):
        np.testing.assert_allclose(f(X).data, expected(w))


def test_two_functions_of_the_same_parameters_see_it_both() -> None:
    w, f = made()
    g = jit(vmap(lambda x: w[0] * x[0] * w[1]), backend="numpy")
    for number in (1.0, 2.0, 2.0, 3.0):
        w[0].data = number
        np.testing.assert_allclose(f(X).data, expected(w))
        np.testing.assert_allclose(g(X).data, number * X[:, 0] * w[1].data)


def test_the_sign_of_zero_is_seen() -> None:
    w = [Value(0.0), Value(1.0)]
    f = jit(vmap(lambda x: (w[0] * w[1]) * x[0] * 1.0), backend="numpy")
    assert math.copysign(1.0, f(X).data[0]) == 1.0
    w[0].data = -0.0
    assert math.copysign(1.0, f(X).data[0]) == -1.0


def test_a_compiled_step_moves_them_and_takes_the_move_back() -> None:
    w, f = made()
    before = f(X).data
    step = bind_to_a_step(w)
    np.testing.assert_array_equal(f(X).data, before)
    step((2.0,), {"lr": 0.1}, keep=True)
    assert not np.array_equal(f(X).data, before)
    np.testing.assert_allclose(f(X).data, expected(w))
    step.undo()
    np.testing.assert_array_equal(f(X).data, before)
    assign(w)
    np.testing.assert_allclose(f(X).data, expected(w))


def test_numbers_that_are_put_in_for_a_while_are_seen_and_so_is_their_going() -> None:
    w, f = made()
    before = f(X).data
    with placed({Coordinate("w[0]", w[0], None): 3.0}):
        np.testing.assert_allclose(f(X).data, X @ [3.0, w[1].data])
    np.testing.assert_array_equal(f(X).data, before)


def test_a_gathering_that_is_interrupted_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    w = [Value(0.5), Value(-2.0)]
    held = GatheredParameters(w)
    held.numbers()
    assign(w)
    with monkeypatch.context() as patch:
        patch.setattr(gathered, "_data_of", lambda value: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            held.numbers()
    assert held.numbers().array.tolist() == [0.5, 7.0]


def test_what_is_written_while_another_thread_gathers_is_seen_by_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    w = [Value(0.5), Value(-2.0)]
    held = GatheredParameters(w)
    read = gathered._data_of

    def read_and_write(value: Value) -> Any:
        number = read(value)
        value.data = number + 1.0
        return number

    with monkeypatch.context() as patch:
        patch.setattr(gathered, "_data_of", read_and_write)
        assert held.numbers().array.tolist() == [0.5, -2.0]
    assert held.numbers().array.tolist() == [1.5, -1.0]


def test_numbers_are_gathered_again_only_when_some_were_written() -> None:
    held = GatheredParameters([Value(0.5)])
    before = held.numbers()
    assert held.numbers() is before
    assert right_copies
    Value(1.0).data = 2.0
    assert not right_copies
    assert held.numbers() is not before
