"""Handwritten digits from bare Tensors: softmax regression, then a net with one hidden layer.

python examples/tensors_digits.py --out results
"""

import argparse
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from tqdm import tqdm

from micrograd.datasets import digits
from micrograd.engine import Tensor, cross_entropy, linear, no_grad


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=40, help="passes over the training set (40)")
    parser.add_argument("--hidden", type=int, default=64, help="width of the hidden layer (64)")
    parser.add_argument("--seed", type=int, default=0, help="decides split, weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if args.epochs < 1 or args.hidden < 1:
        parser.error("--epochs and --hidden must be at least 1")
    return args


def layers(widths, rng):
    """One weight matrix and one bias a layer, with He's initial weights."""
    return [
        (
            Tensor(rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_out, fan_in)), requires_grad=True),
            Tensor(np.zeros(fan_out), requires_grad=True),
        )
        for fan_in, fan_out in pairwise(widths)
    ]


def logits(net, x):
    """Layer upon layer, with a relu between."""
    for weight, bias in net[:-1]:
        x = linear(x, weight, bias).relu()
    return linear(x, *net[-1])


def accuracy(net, data):
    """The fraction of digits that are read right."""
    with no_grad():
        return float((logits(net, data.X).data.argmax(axis=1) == data.y).mean())


def train(net, data, args, lr=0.2):
    """Gradient descent on mini-batches of 32, the rate falling to nothing; the losses on the way."""
    batches = data.batches(32, seed=args.seed)
    losses = []
    for step in (bar := tqdm(range(args.epochs), unit="epoch")):
        for X, y in batches:
            loss = cross_entropy(logits(net, Tensor(X)), y)
            loss.backward()
            for parameter in (p for layer in net for p in layer):
                parameter.data -= lr * (1 - step / args.epochs) * parameter.grad
                parameter.grad = None
        losses.append(loss.item())
        bar.set_postfix(loss=f"{losses[-1]:.4f}")
    return losses


def main(argv=None):
    """Train both, print how well they read the held-out fifth, and draw what the second one gets wrong."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    train_set, test_set = digits().split(test_size=0.2, seed=args.seed)
    train_set, test_set = train_set.standardize(test_set)
    for name, widths in (("softmax regression", [64, 10]), ("two layers", [64, args.hidden, 10])):
        net = layers(widths, np.random.default_rng(args.seed))
        train(net, train_set, args)
        print(f"{name}: {accuracy(net, test_set):.1%} of {len(test_set)} held-out digits are read right")
    draw_mistakes(net, test_set, args.out / "digits.png")


def draw_mistakes(net, data, path):
    """The first twelve digits that are read wrong, or fewer if there are no more."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    read = logits(net, data.X).data.argmax(axis=1)
    wrong = np.flatnonzero(read != data.y)[:12]
    figure, axes = plt.subplots(2, 6, figsize=(9, 3.6), layout="constrained")
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, row in zip(axes.flat, wrong, strict=False):
        axis.imshow(data.scaling.undo(data.X[row : row + 1]).reshape(8, 8), cmap="gray_r")
        axis.set_title(f"{data.y[row]} read as {read[row]}", fontsize=9)
    figure.savefig(path, dpi=150)
    print(f"picture: {path}")


if __name__ == "__main__":
    main()
