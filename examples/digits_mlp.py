"""Handwritten digits, read by a net with one hidden layer.

python examples/digits_mlp.py --out results
"""

import argparse
import math
from pathlib import Path

import matplotlib as mpl
import numpy as np

from micrograd.datasets import digits
from micrograd.nn import Adam, CosineAnnealingLR, Dropout, Linear, ReLU, Sequential, cross_entropy, fit, plots


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=30, help="passes over the training set (30)")
    parser.add_argument("--hidden", type=int, default=128, help="width of the hidden layer (128)")
    parser.add_argument("--batch", type=int, default=64, help="digits per step (64)")
    parser.add_argument("--seed", type=int, default=0, help="decides split, weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the pictures (results)")
    args = parser.parse_args(argv)
    if min(args.epochs, args.hidden, args.batch) < 1:
        parser.error("--epochs, --hidden and --batch must be at least 1")
    return args


def train(data, held_out, args):
    """The net, and the history of its learning."""
    rng = np.random.default_rng(args.seed)
    model = Sequential(
        Linear(64, args.hidden, rng=rng), ReLU(), Dropout(0.2, rng=rng), Linear(args.hidden, 10, rng=rng)
    )
    optimizer = Adam(model.parameters(), lr=3e-3)
    steps = args.epochs * math.ceil(len(data) / args.batch)
    history = fit(
        model,
        data,
        cross_entropy,
        optimizer,
        epochs=args.epochs,
        batch_size=args.batch,
        validation=held_out,
        scheduler=CosineAnnealingLR(optimizer, T_max=steps),
        seed=args.seed,
    )
    return model.eval(), history


def draw_confusion(read, true, path):
    """How often each digit, row by row, was read as which."""
    from matplotlib import pyplot as plt

    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (true, read), 1)
    figure, ax = plt.subplots(figsize=(4.6, 4.6), layout="constrained")
    ax.imshow(np.sqrt(counts), cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            ax.text(column, row, count, ha="center", va="center", color="white" if row == column else "black")
    ax.set(xlabel="read as", ylabel="is", xticks=range(10), yticks=range(10))
    figure.savefig(path, dpi=150)


def main(argv=None):
    """Train, say how well it reads the held-out fifth, and draw what was taken for what."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    data, held_out = digits().split(test_size=0.2, seed=args.seed)
    data, held_out = data.standardize(held_out)
    model, history = train(data, held_out, args)
    mpl.use("Agg")
    draw_confusion(model(held_out.X).data.argmax(axis=1), held_out.y, args.out / "digits_mlp.png")
    plots.history(history).figure.savefig(args.out / "digits_mlp_loss.png", dpi=150)
    accuracy = history.validation["accuracy"][-1]
    print(f"{accuracy:.1%} of {len(held_out)} held-out digits are read right; pictures are in {args.out}/")


if __name__ == "__main__":
    main()
