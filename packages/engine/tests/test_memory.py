"""What a recorded op costs, and that a graph goes when its last user lets go of it."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from micrograd import engine
from micrograd.engine.checking import check_gradients
from micrograd.engine.value import Value

OPS = 5_000
BYTES_PER_OP = 600  # what issue 2 of the project allows; PyTorch takes some 1,100


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.freeze()  # what other tests have left is not looked through again and again
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


STEPS: dict[str, tuple[Callable[[Value, Value], Value], int]] = {
    "y * x": (lambda y, x: y * x, 1),
    "y * constant": (lambda y, x: y * 1.000001, 1),
    "y + x": (lambda y, x: y + x, 1),
    "sin(y)": (lambda y, x: y.sin(), 1),
    "y ** 2": (lambda y, x: y**2, 1),
    "leaky_relu(y)": (lambda y, x: y.leaky_relu(), 1),
    "where(c, y, x)": (lambda y, x: engine.where(True, y, x), 1),
    "a neuron's": (lambda y, x: (y * x + 0.5 * x - 1.0).tanh(), 5),
}


def grow(step: Callable[[Value, Value], Value], rounds: int) -> Value:
    x = y = Value(0.999)
    for _ in range(rounds):
        y = step(y, x)
    return y


@pytest.mark.parametrize("name", STEPS)
def test_bytes_per_recorded_op(name: str) -> None:
    step, ops = STEPS[name]
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        y = grow(step, OPS // ops)
        forward, _ = tracemalloc.get_traced_memory()
        y.backward()
        backward, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (forward - before) / OPS < BYTES_PER_OP
    assert (backward - before) / OPS < BYTES_PER_OP  # a pass leaves no more than the gradients behind


def values_alive() -> int:
    return sum(issubclass(type(thing), Value) for thing in gc.get_objects())


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize("name", STEPS)
def test_nothing_is_left_to_the_cyclic_collector(name: str) -> None:
    before = values_alive()
    y = grow(STEPS[name][0], 100)
    y.backward()
    y.backward()
    assert values_alive() > before + 100
    del y
    assert values_alive() == before
    assert gc.collect() == 0


@pytest.mark.usefixtures("_no_collector")
def test_neither_is_after_the_other_uses_of_a_graph() -> None:
    before = values_alive()
    y = grow(STEPS["a neuron's"][0], 20)
    repr(y), y._prev, y._op, y._backward
    y._backward()
    check_gradients(y.__mul__, 2.0)
    del y
    assert values_alive() == before
    assert gc.collect() == 0


@pytest.mark.usefixtures("_no_collector")
def test_neither_is_after_a_failed_backward() -> None:
    def fail() -> None:
        raise ValueError("mine")

    def run() -> None:
        y = grow(STEPS["y * x"][0], 100)
        y._backward = fail
        with pytest.raises(ValueError, match="mine"):
            (y * 2.0).backward()

    before = values_alive()
    run()
    assert values_alive() == before


@pytest.mark.usefixtures("_no_collector")
def test_a_graph_is_freed_as_soon_as_the_step_is_over() -> None:
    w = Value(0.5)
    alive = []
    for _ in range(5):
        loss = grow(STEPS["y * x"][0], 200) * w
        loss.backward()
        alive.append(values_alive())
    assert len(set(alive[1:])) == 1
