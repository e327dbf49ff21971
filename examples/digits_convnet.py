"""Handwritten digits, read by a convolutional net: over 98.5% of those that it hasn't seen.

python examples/digits_convnet.py --out results
"""

import argparse
import math
from pathlib import Path

import matplotlib as mpl
import numpy as np

from micrograd.datasets import digits
from micrograd.nn import (
    Adam,
    Conv2d,
    CosineAnnealingLR,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    cross_entropy,
    fit,
    summary,
)


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=30, help="passes over the training set (30)")
    parser.add_argument("--samples", type=int, default=1797, help="how many of the 1797 digits to use (all)")
    parser.add_argument("--batch", type=int, default=64, help="digits per step (64)")
    parser.add_argument("--seed", type=int, default=0, help="decides split, weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if args.epochs < 1 or args.batch < 1 or not 100 <= args.samples <= 1797:
        parser.error("--epochs and --batch must be at least 1, --samples from 100 to 1797")
    return args


def convnet(rng):
    """Two convolutions, a pool, and two linear layers, with dropout before each of these."""
    return Sequential(
        Conv2d(1, 16, 3, padding=1, rng=rng),
        ReLU(),
        Conv2d(16, 32, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dropout(0.5, rng=rng),
        Linear(32 * 4 * 4, 64, rng=rng),
        ReLU(),
        Dropout(0.3, rng=rng),
        Linear(64, 10, rng=rng),
    ).float()


def images(data):
    """Pixels from 0 to 1, as pictures of one channel, and the labels."""
    return (data.X / 16).reshape(-1, 1, 8, 8).astype(np.float32), data.y


def main(argv=None):
    """Train on four fifths, say how well the rest is read, and draw what the first layer looks for."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    data, held_out = digits().take(range(args.samples)).split(test_size=0.2, seed=args.seed)
    model = convnet(np.random.default_rng(args.seed))
    print(summary(model, (1, 1, 8, 8)))
    optimizer = Adam(model.parameters(), lr=3e-3)
    history = fit(
        model,
        images(data),
        cross_entropy,
        optimizer,
        epochs=args.epochs,
        batch_size=args.batch,
        validation=images(held_out),
        scheduler=CosineAnnealingLR(optimizer, T_max=args.epochs * math.ceil(len(data) / args.batch)),
        seed=args.seed,
    )
    draw_maps(model, held_out, args.out / "digits_convnet.png")
    accuracy = history.validation["accuracy"][-1]
    print(f"{accuracy:.2%} of {len(held_out)} held-out digits are read right")
    print(f"picture: {args.out / 'digits_convnet.png'}")


def draw_maps(model, data, path):
    """A digit, and what the sixteen kernels of the first layer make of it."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    X, y = images(data)
    maps = model.eval()[0](X[:1]).data[0]
    figure, axes = plt.subplots(2, 9, figsize=(9, 2.4), layout="constrained")
    for axis in axes.flat:
        axis.set_axis_off()
    axes[0, 0].imshow(X[0, 0], cmap="gray_r")
    axes[0, 0].set_title(f"a {y[0]}", fontsize=9)
    for axis, picture in zip(axes[:, 1:].flat, maps, strict=True):
        axis.imshow(picture, cmap="coolwarm", vmin=-abs(maps).max(), vmax=abs(maps).max())
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
