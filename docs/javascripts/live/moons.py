"""The trainer of the page "Moons in your browser": it trains a net of Values.

It runs in the browser, where Pyodide has imported this file. The page calls `begin` once, and then `train` again and
again; it draws what they return, and is left out here. The points are those of scikit-learn's make_moons and
make_circles, which needs NumPy, written with the standard library.
"""

import json
import math
import random

from micrograd.engine import no_grad
from micrograd.nn import MLP, SGD, hinge_loss

COLUMNS, ROWS = 28, 21
BATCH = 24

state = {}


def moons(turn, upper):
    """A half circle, or the one that is hooked into it."""
    angle = math.pi * turn
    return (math.cos(angle), math.sin(angle)) if upper else (1 - math.cos(angle), 0.5 - math.sin(angle))


def circles(turn, outer):
    """One circle within another."""
    radius = 1.0 if outer else 0.5
    return radius * math.cos(2 * math.pi * turn), radius * math.sin(2 * math.pi * turn)


def spirals(turn, first):
    """Two arms that wind around each other."""
    angle = 1.5 * math.pi * turn + (0.0 if first else math.pi)
    radius = 0.1 + 0.9 * turn
    return radius * math.cos(angle), radius * math.sin(angle)


def corners(turn, same):
    """Exclusive or: opposite corners belong together."""
    side = 1.0 if turn < 0.5 else -1.0
    return side, side if same else -side


SHAPES = {"moons": moons, "circles": circles, "spirals": spirals, "xor": corners}


def make_points(shape, count, noise, rng):
    """Points that stray by `noise` from a shape, and their labels, -1 and +1."""
    half = count // 2
    turns = [(i / (half - 1), first) for first in (True, False) for i in range(half)]
    points = [[place + rng.gauss(0, noise) for place in SHAPES[shape](turn, first)] for turn, first in turns]
    return points, [-1 if first else 1 for _, first in turns]


def begin(options):
    """Make the points and the net anew: `options` as JSON, with shape, noise, layers, activation and seed."""
    given = json.loads(options)
    rng = random.Random(given["seed"])
    points, labels = make_points(given["shape"], 100, given["noise"], rng)
    model = MLP(2, [*given["layers"], 1], activation=given["activation"], rng=rng)
    state.update(points=points, labels=labels, model=model, rng=rng, step=0, optimizer=SGD(model.parameters(), lr=0.1))
    return json.dumps({"points": points, "labels": labels, "parameters": len(model.parameters()), **_measured()})


def train(options):
    """Take some steps, each on a few points drawn anew: `options` as JSON, with steps and rate."""
    given = json.loads(options)
    optimizer = state["optimizer"]
    optimizer.lr = given["rate"]
    for _ in range(given["steps"]):
        chosen = state["rng"].sample(range(len(state["points"])), BATCH)
        loss = hinge_loss([state["model"](state["points"][i]) for i in chosen], [state["labels"][i] for i in chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state["step"] += 1
    return json.dumps(_measured())


def _measured():
    """Loss and accuracy on all points, and the net's score on each place of a grid over them."""
    points, labels, model = state["points"], state["labels"], state["model"]
    (left, right), (low, high) = (_span([point[axis] for point in points]) for axis in (0, 1))
    xs = [left + (right - left) * (column + 0.5) / COLUMNS for column in range(COLUMNS)]
    ys = [high - (high - low) * (row + 0.5) / ROWS for row in range(ROWS)]
    with no_grad():
        scores = [model(point).data for point in points]
        grid = [round(model([x, y]).data, 3) for y in ys for x in xs]
    costs = [max(0.0, 1 - label * score) for label, score in zip(labels, scores, strict=True)]
    hits = sum((score > 0) == (label > 0) for label, score in zip(labels, scores, strict=True))
    figures = {"step": state["step"], "loss": sum(costs) / len(costs), "accuracy": hits / len(labels)}
    return {**figures, "bounds": [left, right, low, high], "columns": COLUMNS, "rows": ROWS, "grid": grid}


def _span(places):
    margin = 0.15 * (max(places) - min(places))
    return min(places) - margin, max(places) + margin
