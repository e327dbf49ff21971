"""Two moons again, on Tensors: the whole batch at once, and a compiled step.

python examples/moons_tensor.py --out results
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np

from micrograd.datasets import moons
from micrograd.nn import Adam, Linear, ReLU, Sequential, accuracy, evaluate, fit, hinge_loss, plots


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=500, help="points, half of them on each moon (500)")
    parser.add_argument("--noise", type=float, default=0.15, help="how far points stray from their moon (0.15)")
    parser.add_argument("--epochs", type=int, default=100, help="passes over the training set (100)")
    parser.add_argument("--seed", type=int, default=0, help="decides data, weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the pictures (results)")
    args = parser.parse_args(argv)
    if args.samples < 10 or args.epochs < 1:
        parser.error("--samples must be at least 10, --epochs at least 1")
    return args


def signed(data):
    """Points, and labels -1 and 1 as a column beside them, as the net's scores are."""
    return data.X, data.signed_labels[:, None].astype(float)


def main(argv=None):
    """Train on four fifths, say how the rest fares, and draw boundary and loss."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    train, test = moons(args.samples, args.noise, args.seed).split(test_size=0.2, seed=args.seed)
    rng = np.random.default_rng(args.seed)
    model = Sequential(Linear(2, 32, rng=rng), ReLU(), Linear(32, 32, rng=rng), ReLU(), Linear(32, 1, rng=rng))
    optimizer = Adam(model.parameters(), lr=0.005)
    history = fit(
        model, signed(train), hinge_loss, optimizer, epochs=args.epochs, batch_size=50, seed=args.seed, jit=True
    )
    share = evaluate(model, signed(test), metrics=accuracy)["accuracy"]
    mpl.use("Agg")
    boundary = plots.decision_boundary(lambda point: model(np.array([point])).item(), test.X, test.y)
    boundary.figure.savefig(args.out / "moons_tensor.png", dpi=150)
    plots.history(history).figure.savefig(args.out / "moons_tensor_loss.png", dpi=150)
    print(f"{share:.1%} of {len(test)} held-out points are on the right side; pictures are in {args.out}/")


if __name__ == "__main__":
    main()
