"""Regression: a net of scalar Values follows a sine, from points with noise.

python examples/regression_sine.py --out results
"""

import argparse
import random
from pathlib import Path

import matplotlib as mpl

from micrograd.datasets import sine
from micrograd.nn import MLP, SGD, CosineAnnealingLR, fit, mse_loss


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=60, help="points along the curve (60)")
    parser.add_argument("--noise", type=float, default=0.1, help="standard deviation around it (0.1)")
    parser.add_argument("--steps", type=int, default=600, help="steps of gradient descent (600)")
    parser.add_argument("--batch", type=int, default=20, help="points per step (20)")
    parser.add_argument("--seed", type=int, default=0, help="decides points, weights and batches (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if min(args.samples, args.steps, args.batch) < 1:
        parser.error("--samples, --steps and --batch must be at least 1")
    if not (0 <= args.noise <= 10 and 0 <= args.seed < 2**32):
        parser.error("--noise must lie between 0 and 10, --seed between 0 and 2**32 - 1")
    return args


def train(args):
    """The data, the model that learned them, and the history of its learning."""
    data = sine(args.samples, args.noise, args.seed)
    model = MLP(1, [16, 1], activation="tanh", rng=random.Random(args.seed))
    optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9)
    history = fit(
        model,
        data,
        mse_loss,
        optimizer,
        steps=args.steps,
        batch_size=args.batch,
        scheduler=CosineAnnealingLR(optimizer, T_max=args.steps),
        metrics=(),
        seed=args.seed,
    )
    return data, model, history


def draw(data, model, path):
    """The points and the curve that the model drew through them."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    xs = [-3.3 + 0.05 * step for step in range(133)]
    ax.scatter(data.X[:, 0], data.y, s=18, color="#56B4E9", label="data")
    ax.plot(xs, [model(x).data for x in xs], color="#D55E00", linewidth=2, label="model")
    ax.set(xlabel="x", ylabel="y")
    ax.legend(frameon=False)
    figure.savefig(path, dpi=150)


def main(argv=None):
    """Train, draw, and say how it went."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    data, model, history = train(args)
    draw(data, model, args.out / "sine.png")
    recent = history.loss[-10:]
    print(f"mean squared error {sum(recent) / len(recent):.4f}; the noise alone is {args.noise**2:.4f}")
    print(f"picture: {args.out / 'sine.png'}")


if __name__ == "__main__":
    main()
