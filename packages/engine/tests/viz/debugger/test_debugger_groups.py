"""Boxes: nothing is lost in them, they never make a circle, and a large graph opens as a handful."""

from __future__ import annotations

import operator
import random
from itertools import pairwise

import pytest

from micrograd.engine import Value
from micrograd.engine.viz.debugger.dominators import immediate_dominators
from micrograd.engine.viz.debugger.groups import MOST, group
from micrograd.engine.viz.debugger.placing import place_units
from micrograd.engine.viz.debugger.steps import steps_of

WIDTHS = [2, 4, 3, 1]
OPERATIONS = (operator.add, operator.mul, lambda a, b: a.tanh(), lambda a, b: sum([a, b, a, b]))


def parameters(rng):
    """Names and Values as an MLP has them."""
    names = {}
    for layer, (nin, nout) in enumerate(pairwise(WIDTHS)):
        for neuron in range(nout):
            for weight in range(nin):
                names[f"layers.{layer}.neurons.{neuron}.w.{weight}"] = Value(rng.uniform(-1, 1))
            names[f"layers.{layer}.neurons.{neuron}.b"] = Value(0.0)
    return names


def model(names, x):
    for layer, (nin, nout) in enumerate(pairwise(WIDTHS)):
        paths = [f"layers.{layer}.neurons.{neuron}" for neuron in range(nout)]
        acts = [sum((names[f"{p}.w.{k}"] * x[k] for k in range(nin)), names[f"{p}.b"]) for p in paths]
        x = [act.relu() for act in acts] if nout > 1 else acts
    return x[0]


def loss_of(samples, seed=0, penalty=True):
    rng = random.Random(seed)
    names = parameters(rng)
    scores = [model(names, [rng.uniform(-1, 1), rng.uniform(-1, 1)]) for _ in range(samples)]
    loss = sum((1 + -score).relu() for score in scores) * (1.0 / samples)
    if penalty:
        loss = loss + 1e-4 * sum(p * p for p in names.values())
    return loss, {p: name for name, p in names.items()}


def random_graph(seed, size):
    rng = random.Random(seed)
    values = [Value(rng.random()) for _ in range(8)]
    for _ in range(size):
        a, b = rng.choice(values[-30:]), rng.choice(values)
        values.append(rng.choice(OPERATIONS)(a, b))
    return sum(values[-9:])


def check(root, names):
    """All nodes in units, edges that lead on, and no box that is crowded."""
    steps = steps_of(root)
    grouped = group(steps, names)
    found = sorted(unit for units in grouped.units for unit in units if unit >= 0)
    assert found == list(range(len(steps.order)))
    boxes = sorted(~unit for units in grouped.units for unit in units if unit < 0)
    assert boxes == list(range(1, len(grouped.groups)))
    assert all(u < v for edges in grouped.edges for u, v in edges)
    assert max(map(len, grouped.units)) <= MOST
    return grouped


@pytest.mark.parametrize("seed", range(12))
def test_no_node_is_lost_and_no_circle_made(seed):
    check(random_graph(seed, 30 + 60 * seed), {})


@pytest.mark.parametrize("is_named", [True, False])
def test_a_loss_over_samples_opens_as_a_handful_of_boxes(is_named):
    loss, names = loss_of(30)
    grouped = check(loss, names if is_named else {})
    assert len(grouped.units[0]) <= 10
    kinds = [box.kind for box in grouped.groups]
    assert kinds.count("sample") == 30
    assert kinds.count("module" if is_named else "neuron") == 30 * 8
    assert kinds.count("layer") == 30 * 2


def test_boxes_are_named_after_modules():
    loss, names = loss_of(1, penalty=False)
    found = {box.name for box in check(loss, names).groups}
    assert {"layers[0]", "layers[1]", "layers[0].neurons[3]", "layers[2].neurons[0]"} <= found


def test_shared_parameters_are_boxed_as_their_modules_lie():
    loss, names = loss_of(12)
    grouped = check(loss, names)
    way = next(box for box in grouped.groups if box.kind == "leaves" and box.name == "layers[1].neurons[2]")
    assert grouped.groups[way.parent].name == "layers[1]"
    assert grouped.groups[grouped.groups[way.parent].parent].name == f"{len(names)} parameters"


def test_boxes_that_look_alike_are_laid_out_once():
    loss, names = loss_of(40)
    steps = steps_of(loss)
    grouped = group(steps, names)
    assert len(place_units(steps, grouped).layouts) < 40 < len(grouped.groups)


def test_dominators_are_those_of_the_definition():
    rng = random.Random(4)
    for _ in range(30):
        count = rng.randrange(2, 14)
        users = [
            sorted(rng.sample(range(u + 1, count), rng.randint(1, min(3, count - u - 1)))) for u in range(count - 1)
        ]
        users.append([])
        assert immediate_dominators(users)[:-1] == [nearest(users, u) for u in range(count - 1)]


def nearest(users, node):
    """The first node that can't be left out on the way to the last one."""
    for other in range(node + 1, len(users)):
        reached, stack = {node}, [node]
        while stack:
            for user in users[stack.pop()]:
                if user not in reached and user != other:
                    reached.add(user)
                    stack.append(user)
        if len(users) - 1 not in reached:
            return other
    return None
