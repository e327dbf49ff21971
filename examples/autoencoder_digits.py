"""An autoencoder squeezes digits of 64 pixels through two numbers, and paints them again from these.

python examples/autoencoder_digits.py --out results
"""

import argparse
import math
from pathlib import Path

import matplotlib as mpl
import numpy as np

from micrograd.datasets import digits
from micrograd.nn import Adam, CosineAnnealingLR, Linear, ReLU, Sequential, fit, mse_loss


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=60, help="passes over the digits (60)")
    parser.add_argument("--batch", type=int, default=64, help="digits per step (64)")
    parser.add_argument("--seed", type=int, default=0, help="decides weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if min(args.epochs, args.batch) < 1:
        parser.error("--epochs and --batch must be at least 1")
    return args


def autoencoder(rng):
    """From 64 pixels to two numbers, and back."""
    encoder = Sequential(Linear(64, 128, rng=rng), ReLU(), Linear(128, 64, rng=rng), ReLU(), Linear(64, 2, rng=rng))
    decoder = Sequential(Linear(2, 64, rng=rng), ReLU(), Linear(64, 128, rng=rng), ReLU(), Linear(128, 64, rng=rng))
    return Sequential(encoder, decoder)


def main(argv=None):
    """Train, say how much of the pixels' variance comes through, and draw where the digits lie."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    data = digits()
    pixels = data.X / 16
    model = autoencoder(np.random.default_rng(args.seed))
    optimizer = Adam(model.parameters(), lr=3e-3)
    history = fit(
        model,
        (pixels, pixels),
        mse_loss,
        optimizer,
        epochs=args.epochs,
        batch_size=args.batch,
        scheduler=CosineAnnealingLR(optimizer, T_max=args.epochs * math.ceil(len(data) / args.batch)),
        seed=args.seed,
        jit=True,
    )
    draw(model, pixels, data.y, args.out / "autoencoder_digits.png")
    share = max(0.0, 1 - np.mean(history.loss[-10:]) / np.mean((pixels - pixels.mean(axis=0)) ** 2))
    print(f"two numbers carry {share:.0%} of the variance of 64 pixels; picture: {args.out / 'autoencoder_digits.png'}")


def draw(model, pixels, labels, path, side=12):
    """Left: the two numbers of every digit. Right: what is painted from a grid of such numbers."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    encoder, decoder = model
    places = encoder(pixels).data
    (left_end, low), (right_end, high) = np.percentile(places, [5, 95], axis=0)
    grid = np.array([(x, y) for y in np.linspace(high, low, side) for x in np.linspace(left_end, right_end, side)])
    painted = decoder(grid).data.clip(0, 1).reshape(side, side, 8, 8)
    painted = np.pad(painted, [(0, 0), (0, 0), (1, 1), (1, 1)]).swapaxes(1, 2).reshape(side * 10, side * 10)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5), layout="constrained")
    for digit in range(10):
        left.scatter(*places[labels == digit].T, s=60, marker=f"${digit}$", color=plt.colormaps["tab10"](digit))
    left.set(xlabel="first number", ylabel="second number")
    right.imshow(
        painted, cmap="gray_r", extent=(left_end, right_end, low, high), aspect="auto", interpolation="nearest"
    )
    right.set(xlabel="first number")
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
