"""A grid search on a cluster: nine nets read digits, each fold on a worker of dask.

python examples/grid_search_dask.py --out results
python examples/grid_search_dask.py --scheduler tcp://10.0.0.1:8786     # on a cluster that runs already
"""

import argparse
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import numpy as np
from distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from micrograd.datasets import digits
from micrograd.nn.distributed import on_cluster
from micrograd.nn.estimators import MLPClassifier

ALPHAS, WIDTHS = (1e-4, 1e-1, 10.0), (8, 32, 128)


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scheduler", help="address of a dask scheduler (unless given, a cluster on this machine)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the cluster on this machine (2)")
    parser.add_argument("--samples", type=int, default=1797, help="digits to learn from (1797, all)")
    parser.add_argument("--epochs", type=int, default=60, help="passes over them at most (60)")
    parser.add_argument("--folds", type=int, default=3, help="folds of the cross-validation (3)")
    parser.add_argument("--seed", type=int, default=0, help="decides folds, weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if min(args.workers, args.epochs) < 1 or args.folds < 2 or args.samples < 100:
        parser.error("--workers and --epochs must be at least 1, --folds 2, --samples 100")
    return args


@contextmanager
def connected(args):
    """A client of the cluster, which is started here unless there is one."""
    if args.scheduler:
        with Client(args.scheduler) as client:
            yield client
        return
    # One thread a worker: a net this small gains nothing from several.
    local = LocalCluster(n_workers=args.workers, threads_per_worker=1, dashboard_address=":0")
    with local, Client(local) as client:
        yield client


def search(client, args):
    """The search, done."""
    data = digits()
    X, y = np.ascontiguousarray(data.X[: args.samples]), np.ascontiguousarray(data.y[: args.samples])
    splits = list(StratifiedKFold(args.folds, shuffle=True, random_state=args.seed).split(X, y))
    net = MLPClassifier(learning_rate="cosine", learning_rate_init=0.01, max_iter=args.epochs, random_state=args.seed)
    grid = {"mlpclassifier__alpha": ALPHAS, "mlpclassifier__hidden_layer_sizes": [(width,) for width in WIDTHS]}
    found = GridSearchCV(make_pipeline(StandardScaler(), net), grid, cv=splits, verbose=1)
    with on_cluster(client, X, y, splits):  # all that is needed: a worker may even die
        return found.fit(X, y)


def draw(found, path):
    """The mean score of each pair."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    scores = found.cv_results_["mean_test_score"].reshape(len(ALPHAS), len(WIDTHS))
    figure, ax = plt.subplots(figsize=(5.2, 4.0), layout="constrained")
    image = ax.imshow(scores, cmap="cividis", aspect="auto")
    for (row, column), score in np.ndenumerate(scores):
        shade = "black" if image.norm(score) > 0.5 else "white"
        ax.text(column, row, f"{score:.1%}", ha="center", va="center", color=shade)
    ax.set(xticks=range(len(WIDTHS)), xticklabels=WIDTHS, xlabel="hidden units")
    ax.set(yticks=range(len(ALPHAS)), yticklabels=[f"{alpha:g}" for alpha in ALPHAS], ylabel="alpha (L2 penalty)")
    figure.colorbar(image, label="mean accuracy")
    figure.savefig(path, dpi=150)


def main(argv=None):
    """Search, say what was best, and draw all of it."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    with connected(args) as client:
        print(f"cluster of {len(client.nthreads())} workers")
        found = search(client, args)
    draw(found, args.out / "grid_search.png")
    best = {name.partition("__")[2]: value for name, value in found.best_params_.items()}
    print(f"best: {best}, {found.best_score_:.1%} of the digits of a fold are read right")
    print(f"picture: {args.out / 'grid_search.png'}")


if __name__ == "__main__":  # without it, each worker would start a cluster of its own
    main()
