"""A training that was killed and begun again ends with the same bits as one that wasn't."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("safetensors")

from micrograd.engine import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.nn import (  # noqa: E402
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    Checkpoint,
    CosineAnnealingLR,
    Dropout,
    EarlyStopping,
    History,
    Linear,
    ReduceLROnPlateau,
    ReLU,
    Sequential,
    StepLR,
    WeightAverage,
    cross_entropy,
    fit,
    hinge_loss,
    load_state,
)

X = np.random.default_rng(0).normal(size=(50, 3))
Y = (X[:, 0] > 0).astype(int)
STEPS = 30


def net() -> Sequential:
    return Sequential(Linear(3, 8, rng=0), BatchNorm1d(8), ReLU(), Dropout(0.5, rng=5), Linear(8, 2, rng=1))


class Killed(Exception):
    pass


class Killer:
    def __init__(self, step: int | None) -> None:
        self.step = step

    def on_step(self, run: Any) -> None:
        if run.step == self.step:
            raise Killed


def train(path: Path, kill: int | None = None, plateau: bool = False, **options: Any) -> tuple[Any, History, Any]:
    model = net()
    optimizer = Adam(model.parameters(), lr=0.02)
    average, stopping = WeightAverage(model, 0.9), EarlyStopping(patience=5)
    schedule: Any = ReduceLROnPlateau(optimizer, patience=0) if plateau else CosineAnnealingLR(optimizer, STEPS)
    history = fit(
        model,
        (X, Y),
        cross_entropy,
        optimizer,
        **{"steps": STEPS, "batch_size": 12, "validation": (X[:9], Y[:9]), **options},
        callbacks=[average, stopping, Killer(kill)],
        scheduler=schedule,
        checkpoint=Checkpoint(path, every=4, resume=True),
        progress=False,
    )
    states = model.state_dict(), optimizer.state_dict(), average.state_dict(), stopping.state_dict()
    return states, history, schedule.state_dict()


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(np.array_equal(one, other))


@pytest.mark.parametrize("plateau", [False, True])
def test_stopped_at_a_step_it_goes_on_as_if_nothing_had_happened(plateau: bool, tmp_path: Path) -> None:
    expected = train(tmp_path / "whole", plateau=plateau)
    for step in (1, 4, 9, 22):
        with pytest.raises(Killed):
            train(tmp_path / f"run{step}", kill=step, plateau=plateau)
        states, history, schedule = train(tmp_path / f"run{step}", plateau=plateau)
        assert history == expected[1], step
        assert same(states, expected[0]), step
        assert same(schedule, expected[2]), step


def test_compiled_too(tmp_path: Path) -> None:
    def run(path: Path, kill: int | None = None) -> tuple[Any, History]:
        model = Sequential(Linear(3, 8, rng=0), ReLU(), Linear(8, 2, rng=1))
        optimizer, checkpoint = Adam(model.parameters(), lr=0.02), Checkpoint(path, every=4, resume=True)
        options: Any = {"steps": 20, "batch_size": 12, "checkpoint": checkpoint, "callbacks": [Killer(kill)]}
        history = fit(model, (X, Y), cross_entropy, optimizer, jit=True, progress=False, **options)
        return [model.state_dict(), optimizer.state_dict()], history

    expected = run(tmp_path / "whole")
    with pytest.raises(Killed):
        run(tmp_path / "run", kill=11)
    states, history = run(tmp_path / "run")
    assert history == expected[1]
    assert same(states, expected[0])


def test_a_scalar_net_goes_on_too(tmp_path: Path) -> None:
    def run(path: Path, kill: int | None = None) -> tuple[Any, History]:
        model = MLP(3, [4, 1], rng=random.Random(1))
        optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)
        data, checkpoint = (X[:10], 2 * Y[:10] - 1), Checkpoint(path, every=3, resume=True)
        options: Any = {"epochs": 3, "batch_size": 4, "checkpoint": checkpoint, "callbacks": [Killer(kill)]}
        return model.state_dict(), fit(model, data, hinge_loss, optimizer, progress=False, **options)

    expected = run(tmp_path / "whole")
    with pytest.raises(Killed):
        run(tmp_path / "run", kill=5)
    run(tmp_path / "run")
    assert load_state(tmp_path / "run")["model"] == load_state(tmp_path / "whole")["model"]
    assert run(tmp_path / "run")[1] == expected[1]


def test_more_epochs_later(tmp_path: Path) -> None:
    model = net()
    optimizer = SGD(model.parameters(), lr=0.1)
    for epochs in (1, 3):
        checkpoint = Checkpoint(tmp_path / "run", resume=True)
        history = fit(model, (X, Y), cross_entropy, optimizer, epochs=epochs, checkpoint=checkpoint, progress=False)
        assert len(history) == epochs


def test_without_resume_it_begins_anew(tmp_path: Path) -> None:
    for _ in range(2):
        model = net()
        checkpoint = Checkpoint(tmp_path / "run")
        optimizer = SGD(model.parameters(), lr=0.1)
        history = fit(model, (X, Y), cross_entropy, optimizer, steps=2, checkpoint=checkpoint, progress=False)
        assert len(history) == 2
    assert load_state(tmp_path / "run")["history"]["loss"].shape == (2,)


def test_a_file_of_another_training_changes_nothing(tmp_path: Path) -> None:
    train(tmp_path / "run")
    for options in ({"batch_size": 10}, {"callbacks": []}, {"scheduler": None}):
        model = net()
        optimizer = Adam(model.parameters(), lr=0.5)
        before, rates = model.state_dict(), optimizer.state_dict()
        common: Any = {
            "steps": STEPS,
            "batch_size": 12,
            "checkpoint": Checkpoint(tmp_path / "run", resume=True),
            "callbacks": [WeightAverage(model), EarlyStopping(), Killer(None)],
            "scheduler": StepLR(optimizer, 1),
            "progress": False,
            **options,
        }
        with pytest.raises(MicrogradValueError, match="the state"):
            fit(model, (X, Y), cross_entropy, optimizer, **common)
        assert same(model.state_dict(), before)
        assert same(optimizer.state_dict(), rates)


def test_what_has_no_state_is_named(tmp_path: Path) -> None:
    model = net()
    with pytest.raises(MicrogradTypeError, match="the state of the model, but a function has no state_dict"):
        fit(
            lambda x: model(x),
            (X, Y),
            cross_entropy,
            SGD(model.parameters(), lr=0.1),
            steps=1,
            checkpoint=Checkpoint(tmp_path / "run"),
            progress=False,
        )


SCRIPT = """
import os, signal, sys
import numpy as np
from micrograd.nn import (
    Adam, BatchNorm1d, Checkpoint, CosineAnnealingLR, Dropout, Linear, ReLU, Sequential, cross_entropy, fit, save_state
)

path, kill = sys.argv[1], int(sys.argv[2])
X = np.random.default_rng(0).normal(size=(200, 5))
y = (X[:, 0] > 0).astype(int)
model = Sequential(Linear(5, 16, rng=0), BatchNorm1d(16), ReLU(), Dropout(0.3, rng=5), Linear(16, 2, rng=1))
optimizer = Adam(model.parameters(), lr=0.01)

class Killer:
    def on_step(self, run):
        if run.step == kill:
            os.kill(os.getpid(), signal.SIGKILL)

history = fit(
    model, (X, y), cross_entropy, optimizer, epochs=10, batch_size=16, callbacks=[Killer()],
    scheduler=CosineAnnealingLR(optimizer, 130), checkpoint=Checkpoint(path, every=7, resume=True), progress=False,
)
print([float(loss).hex() for loss in history.loss], [p.data.tobytes().hex() for p in model.parameters()])
print([array.tobytes().hex() for array in model.buffers()])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills")
def test_killed_at_ten_random_steps_it_ends_with_the_same_bits(tmp_path: Path) -> None:
    def run(name: str, kill: int) -> tuple[int, str]:
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / name), str(kill)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    code, expected = run("whole", -1)
    assert code == 0
    for kill in sorted(random.Random(0).sample(range(1, 130), 10)):
        assert run("killed", kill)[0] == -signal.SIGKILL
    assert run("killed", -1) == (0, expected)


def test_where_nothing_can_be_saved_nothing_is_trained(tmp_path: Path) -> None:
    model = net()
    before = model.state_dict()
    for path, words in ((tmp_path / "no" / "run.st", "there is no folder"), (tmp_path, "is a folder")):
        with pytest.raises(MicrogradValueError, match=words):
            fit(model, (X, Y), cross_entropy, SGD(model.parameters(), 0.1), steps=3, checkpoint=Checkpoint(path))
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
