"""Exclusive or: what one neuron can't learn and five can.

python examples/xor.py --out results
"""

import argparse
import random
from pathlib import Path

import matplotlib as mpl

from micrograd.nn import MLP, SGD, fit, mse_loss, plots

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [-1, 1, 1, -1]


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=200, help="steps of gradient descent (200)")
    parser.add_argument("--seed", type=int, default=1, help="decides the first weights (1)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if args.steps < 1:
        parser.error("--steps must be at least 1")
    return args


def train(nouts, args):
    """A net of these widths, trained on the truth table."""
    model = MLP(2, nouts, activation="tanh", rng=random.Random(args.seed))
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    history = fit(model, (X, Y), mse_loss, optimizer, steps=args.steps)
    print(f"{len(model.parameters())} parameters: loss {history.loss[-1]:.4f}, accuracy {history.accuracy[-1]:.0%}")
    return model


def main(argv=None):
    """Train one neuron, then a net with a hidden layer, and draw what the latter learned."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    train([1], args)
    model = train([4, 1], args)
    for x in X:
        print(f"  {x[0]:.0f} xor {x[1]:.0f}: {model(x).data:+.3f}")
    mpl.use("Agg")
    plots.decision_boundary(model, X, Y).figure.savefig(args.out / "xor.png", dpi=150)
    print(f"picture: {args.out / 'xor.png'}")


if __name__ == "__main__":
    main()
