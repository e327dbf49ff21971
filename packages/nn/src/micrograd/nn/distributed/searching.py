"""`on_cluster`: a scikit-learn search, or what else runs on joblib, on a dask cluster whose workers may die."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from micrograd.nn.distributed.clients import require_client


@contextmanager
def on_cluster(client: Any, *data: Any) -> Iterator[None]:
    """Within it, joblib runs on the cluster, with a copy of the data on every worker.

    By itself joblib gives each array to one worker, with which it is lost, and dask drops copies that seem needless.
    Here as many workers may die at once as leave one alive.

    Args:
        client: A `distributed.Client`.
        data: The arrays that the work will be handed, the very same objects, or lists and tuples of them: X, y, and the
            list of splits.

    Raises:
        MicrogradTypeError: If the client is none.
        MissingExtraError: If dask isn't installed.

    Example:
        >>> from distributed import Client
        >>> from sklearn.model_selection import GridSearchCV, KFold
        >>> from micrograd.nn.estimators import MLPRegressor
        >>> X = np.linspace(-1.0, 1.0, 40)[:, None]
        >>> y = X[:, 0] * 2.0
        >>> splits = list(KFold(2, shuffle=True, random_state=0).split(X))
        >>> net = MLPRegressor((4,), learning_rate_init=0.05, max_iter=500, random_state=0)
        >>> search = GridSearchCV(net, {"alpha": [1e-3, 1e3]}, cv=splits)
        >>> with Client(processes=False, n_workers=2, dashboard_address=":0") as client:
        ...     with on_cluster(client, X, y, splits):
        ...         _ = search.fit(X, y)
        >>> search.best_params_
        {'alpha': 0.001}
    """
    require_client(client, "on_cluster")
    import joblib

    was_dropping = client.amm.running()
    client.amm.stop()
    try:
        with joblib.parallel_config(backend="dask", client=client, scatter=_arrays(data)):
            yield
    finally:
        if was_dropping:
            client.amm.start()


def _arrays(tree: Any) -> list[Any]:
    return [leaf for part in tree for leaf in _arrays(part)] if isinstance(tree, (list, tuple)) else [tree]
