"""The training log that micrograd's demo notebook prints comes out again, from the notebook's own code.

Losses are compared to 1e-12: micrograd adds up in an order that depends on memory addresses, so that it
doesn't give its own last bits twice. Ours does, in every process.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import make_moons

from micrograd.datasets import moons
from micrograd.nn import MLP, SGD, LinearLR, fit, hinge_loss, l2_penalty

ROWS = json.loads((Path(__file__).parent / "data" / "micrograd_demo_log.json").read_text("utf-8"))["rows"]
LOSSES = [row["loss"] for row in ROWS]
ACCURACIES = [row["accuracy_percent"] for row in ROWS]

# What a user of micrograd has written: its notebook's cells, with the data handed in to spare each process
# scikit-learn, and the loss printed to the last bit.
NOTEBOOK = """
import json, random, sys
from micrograd.engine import Value
from micrograd.nn import Neuron, Layer, MLP

steps = int(sys.argv[1])
X, y = json.load(sys.stdin)

random.seed(1337)
model = MLP(2, [16, 16, 1])

def loss():
    inputs = [list(map(Value, xrow)) for xrow in X]
    scores = list(map(model, inputs))
    losses = [(1 + -yi*scorei).relu() for yi, scorei in zip(y, scores)]
    data_loss = sum(losses) * (1.0 / len(losses))
    alpha = 1e-4
    reg_loss = alpha * sum((p*p for p in model.parameters()))
    total_loss = data_loss + reg_loss
    accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores)]
    return total_loss, sum(accuracy) / len(accuracy)

for k in range(steps):
    total_loss, acc = loss()
    model.zero_grad()
    total_loss.backward()
    learning_rate = 1.0 - 0.9*k/100
    for p in model.parameters():
        p.data -= learning_rate * p.grad
    print(total_loss.data.hex(), acc*100)
"""


@pytest.fixture(scope="module")
def data() -> str:
    np.random.seed(1337)  # noqa: NPY002, as in the notebook
    X, y = make_moons(n_samples=100, noise=0.1)
    return json.dumps([X.tolist(), (y * 2 - 1).tolist()])


def run(data: str, steps: int, hash_seed: int) -> list[str]:
    command = [sys.executable, "-c", NOTEBOOK, str(steps)]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run(command, input=data, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.slow
def test_the_notebook_prints_its_log_again(data: str) -> None:
    rows = [line.split() for line in run(data, 100, hash_seed=0)]
    assert [float.fromhex(loss) for loss, _ in rows] == pytest.approx(LOSSES, rel=1e-12, abs=0.0)
    assert [float(accuracy) for _, accuracy in rows] == ACCURACIES


@pytest.mark.slow
def test_twenty_processes_give_the_same_bits(data: str) -> None:
    assert len({tuple(run(data, 2, hash_seed)) for hash_seed in range(20)}) == 1


@pytest.mark.slow
def test_fit_gives_the_same_log() -> None:
    steps = 30
    dataset = moons(100, 0.1, seed=1337)
    model = MLP(2, [16, 16, 1], rng=random.Random(1337))
    optimizer = SGD(model.parameters(), lr=1.0)
    history = fit(
        model,
        (dataset.X, dataset.signed_labels),
        lambda scores, labels: hinge_loss(scores, labels) + l2_penalty(model.parameters()),
        optimizer,
        steps=steps,
        scheduler=LinearLR(optimizer, 1.0, 0.1, total_iters=100),
        progress=False,
    )
    assert history.loss == pytest.approx(LOSSES[:steps], rel=1e-12, abs=0.0)
    assert [100 * accuracy for accuracy in history.accuracy] == ACCURACIES[:steps]
    assert history.lr == [1.0 - 0.9 * k / 100 for k in range(steps)]
