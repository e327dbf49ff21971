"""Training on a dask cluster: the numbers of one process, and a worker's death that costs nothing."""

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

pytest.importorskip("distributed")

from distributed import Client, LocalCluster
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    DivergedError,
    Dropout,
    Linear,
    ReLU,
    Sequential,
    cross_entropy,
    fit,
)
from micrograd.nn.distributed import fit_distributed, on_cluster
from micrograd.nn.estimators import MLPClassifier

pytestmark = pytest.mark.filterwarnings("ignore")

X, y = load_iris(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
EPOCHS, BATCH = 4, 20


def net():
    return Sequential(Linear(4, 8, rng=0), ReLU(), Linear(8, 3, rng=1))


@pytest.fixture(scope="module")
def threads():
    with Client(processes=False, n_workers=2, threads_per_worker=2, dashboard_address=":0") as client:
        yield client


@pytest.fixture(scope="module")
def processes():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client


class Killer:
    """Kills a worker after so many steps."""

    def __init__(self, client, step):
        self.client, self.step = client, step

    def on_step(self, run):
        if run.step == self.step:
            kill_one(self.client)


def kill_one(client):
    pid = min(client.run(os.getpid).values())
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)


def kill_one_at_work(client):
    while not all(client.processing().values()):
        time.sleep(0.01)
    kill_one(client)


def trained(client, **more):
    """The parameters after a training on the cluster, and its losses."""
    model = net()
    history = fit_distributed(
        model,
        (X, y),
        cross_entropy,
        Adam(model.parameters(), lr=0.05),
        client=client,
        epochs=EPOCHS,
        batch_size=BATCH,
        progress=False,
        **more,
    )
    return [parameter.data for parameter in model.parameters()], history.loss


@pytest.mark.parametrize("shards", [1, 3])
def test_the_numbers_are_those_of_one_process(threads, shards):
    model = net()
    optimizer = Adam(model.parameters(), lr=0.05)
    history = fit(model, (X, y), cross_entropy, optimizer, epochs=EPOCHS, batch_size=BATCH, progress=False)
    parameters, losses = trained(threads, shards=shards)
    np.testing.assert_allclose(losses, history.loss, rtol=1e-12)
    for mine, its in zip(parameters, model.parameters(), strict=True):
        np.testing.assert_allclose(mine, its.data, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_worker_that_dies_costs_no_update(processes):
    undisturbed, losses = trained(processes, shards=2)
    disturbed, the_same = trained(processes, shards=2, callbacks=[Killer(processes, 5)])
    assert the_same == losses
    assert len(losses) == EPOCHS * -(-len(y) // BATCH)
    for one, other in zip(undisturbed, disturbed, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_worker_that_dies_costs_a_grid_search_nothing(processes):
    processes.wait_for_workers(2)
    splits = list(StratifiedKFold(3).split(X, y))
    net = MLPClassifier((8,), max_iter=20, random_state=0)
    search = GridSearchCV(net, {"alpha": [1e-4, 1.0]}, cv=splits, error_score="raise")
    killing = threading.Thread(target=kill_one_at_work, args=[processes])
    with on_cluster(processes, X, y, splits):
        killing.start()
        search.fit(X, y)
    killing.join()
    alone = GridSearchCV(net, search.param_grid, cv=splits).fit(X, y)
    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], alone.cv_results_["mean_test_score"])
    np.testing.assert_array_equal(search.predict_proba(X), alone.predict_proba(X))


def test_what_cannot_be_shared_is_refused(threads):
    model = net()
    optimizer = SGD(model.parameters(), lr=0.1)
    with pytest.raises(MicrogradTypeError, match=r"distributed\.Client"):
        fit_distributed(model, (X, y), cross_entropy, optimizer, client="localhost:8786", epochs=1)
    for layer, what in ((Dropout(0.5, rng=0), "draws"), (BatchNorm1d(4), "statistics")):
        with pytest.raises(MicrogradValueError, match=what):
            fit_distributed(Sequential(layer, model), (X, y), cross_entropy, optimizer, client=threads, epochs=1)
    with pytest.raises(MicrogradValueError, match="modules of Tensors"):
        fit_distributed(MLP(4, [3]), (X, y), cross_entropy, optimizer, client=threads, epochs=1)


def test_a_loss_that_is_nan_moves_nothing(threads):
    model = net()
    before = [parameter.data.copy() for parameter in model.parameters()]
    optimizer = SGD(model.parameters(), lr=0.1)
    with pytest.raises(DivergedError):
        fit_distributed(model, (X * np.nan, y), cross_entropy, optimizer, client=threads, epochs=1, progress=False)
    for parameter, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(parameter.data, old)
