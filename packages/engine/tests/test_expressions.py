"""Whole expressions, drawn at random and with shared nodes, against finite differences and PyTorch.

An expression is a recipe: a list of steps, each of which applies an op to results of earlier steps. Because a step
may take any earlier result, and the same one twice, the graphs are full of shared nodes.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from micrograd import engine
from micrograd.engine.backprop import contributions
from micrograd.engine.checking import check_gradients
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.value import Value


class Step(NamedTuple):
    """One op of a recipe on the results at two positions, counted from the last and modulo their number."""

    op: str
    first: int
    second: int


# Each is defined for all numbers, so that any recipe runs; `m` is the namespace of functions.
SMOOTH = {
    "x + y": lambda m, x, y: x + y,
    "x - y": lambda m, x, y: x - y,
    "x * y": lambda m, x, y: x * y,
    "x / (1 + y*y)": lambda m, x, y: x / (1.0 + y * y),
    "-x": lambda m, x, y: -x,
    "x + x": lambda m, x, y: x + x,
    "x**2": lambda m, x, y: x**2,
    "3 - x": lambda m, x, y: 3.0 - x,
    "2 / (1 + x*x)": lambda m, x, y: 2.0 / (1.0 + x * x),
    "(1 + x*x)**sin(y)": lambda m, x, y: (1.0 + x * x) ** m.sin(y),
    "2**tanh(x)": lambda m, x, y: 2.0 ** m.tanh(x),
    "exp(tanh x)": lambda m, x, y: m.exp(m.tanh(x)),
    "log(1 + x*x)": lambda m, x, y: m.log1p(x * x),
    "sqrt(1 + x*x)": lambda m, x, y: m.sqrt(1.0 + x * x),
    "sin": lambda m, x, y: m.sin(x),
    "cos": lambda m, x, y: m.cos(x),
    "tanh": lambda m, x, y: m.tanh(x),
    "sigmoid": lambda m, x, y: m.sigmoid(x),
    "erf": lambda m, x, y: m.erf(x),
    "arctan": lambda m, x, y: m.arctan(x),
}
KINKED = {
    **SMOOTH,
    "relu": lambda m, x, y: m.relu(x),
    "max": lambda m, x, y: m.maximum(x, y),
    "min": lambda m, x, y: m.minimum(x, y),
    "abs": lambda m, x, y: abs(x),
}

INPUTS = st.lists(st.floats(-2.0, 2.0, allow_subnormal=False), min_size=1, max_size=4)


def recipes(ops: dict[str, Any]) -> st.SearchStrategy[list[Step]]:
    position = st.integers(0, 9)
    return st.lists(st.builds(Step, st.sampled_from(sorted(ops)), position, position), min_size=1, max_size=14)


def follow(recipe: list[Step], inputs: list[Any], namespace: Any) -> Any:
    """Run a recipe; the output sums everything up, so that no step is in vain."""
    results = list(inputs)
    for op, first, second in recipe:
        x, y = results[-1 - first % len(results)], results[-1 - second % len(results)]
        results.append(KINKED[op](namespace, x, y))
    return sum(results)


def run(recipe: list[Step], numbers: list[float]) -> tuple[Value, list[Value]]:
    """The output after a backward pass, and the leaves."""
    leaves = [Value(number) for number in numbers]
    out = follow(recipe, leaves, engine)
    assume(all(abs(node.data) < 1e3 for node in topological_order(out)))
    out.backward()
    return out, leaves


def gradient_scale(out: Value) -> dict[Node, float]:
    """The gradient with all contributions taken absolutely: what rounding errors are relative to."""
    order = topological_order(out)
    scale = dict.fromkeys(order, 0.0)
    scale[out] = 1.0
    for node in reversed(order):
        if node.op is not None:
            for operand, contribution in contributions(node, scale[node]):
                scale[operand] += abs(contribution)
    return scale


@settings(max_examples=150)
@given(recipe=recipes(SMOOTH), numbers=INPUTS)
def test_agrees_with_differences(recipe: list[Step], numbers: list[float]) -> None:
    out, _ = run(recipe, numbers)
    # Truncation grows with the third derivative, which this bounds roughly.
    assume(max(gradient_scale(out).values()) < 1e2)
    check_gradients(lambda *leaves: follow(recipe, list(leaves), engine), *numbers, atol=1e-5)


@pytest.mark.torch
@settings(max_examples=300)
@given(recipe=recipes(KINKED), numbers=INPUTS)
def test_agrees_with_torch(recipe: list[Step], numbers: list[float]) -> None:
    torch = pytest.importorskip("torch")
    out, leaves = run(recipe, numbers)
    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]
    peer = follow(recipe, tensors, torch)
    peer.backward()
    assert math.isclose(out.data, peer.item(), rel_tol=1e-12, abs_tol=1e-12)
    scale = gradient_scale(out)
    for leaf, tensor in zip(leaves, tensors, strict=True):
        assert abs(leaf.grad - tensor.grad.item()) <= 1e-12 * max(1.0, scale[leaf])


@given(recipe=recipes(KINKED), numbers=INPUTS)
def test_a_second_backward_doubles_the_leaves_and_nothing_else(recipe: list[Step], numbers: list[float]) -> None:
    out, leaves = run(recipe, numbers)
    interior = [node for node in topological_order(out) if node.op is not None]
    first, inner = [leaf.grad for leaf in leaves], [node.grad for node in interior]
    out.backward()
    assert [leaf.grad for leaf in leaves] == [2.0 * grad for grad in first]
    assert [node.grad for node in interior] == inner


@given(recipe=recipes(KINKED), numbers=INPUTS)
def test_the_same_expression_gives_the_same_bits(recipe: list[Step], numbers: list[float]) -> None:
    gradients = [[leaf.grad for leaf in run(recipe, numbers)[1]] for _ in range(2)]
    assert gradients[0] == gradients[1]


@given(recipe=recipes(KINKED), numbers=INPUTS)
def test_inputs_precede_their_users_and_stand_once(recipe: list[Step], numbers: list[float]) -> None:
    out, _ = run(recipe, numbers)
    order = topological_order(out)
    position = {node: index for index, node in enumerate(order)}
    assert len(position) == len(order)
    assert order[-1] is out
    assert all(position[operand] < position[node] for node in order for operand in node.inputs)
