"""Two moons, learned by a net of nothing but scalar Values: micrograd's demo, end to end.

python examples/moons.py --out results
"""

import argparse
import random
from pathlib import Path

import matplotlib as mpl

from micrograd.datasets import moons
from micrograd.engine import Value
from micrograd.engine.viz import draw_dot
from micrograd.nn import MLP, SGD, LinearLR, fit, hinge_loss, l2_penalty, plots


def arguments(argv=None):
    """What to do, from the command line; the defaults are the demo's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=100, help="points, half of them on each moon (100)")
    parser.add_argument("--noise", type=float, default=0.1, help="how far points stray from their moon (0.1)")
    parser.add_argument("--steps", type=int, default=100, help="steps of gradient descent (100)")
    parser.add_argument("--seed", type=int, default=1337, help="decides data and first weights (1337)")
    parser.add_argument("--hidden", type=int, nargs="+", default=[16, 16], help="widths of the hidden layers (16 16)")
    parser.add_argument("--jit", action="store_true", help="compile the step, which makes it a thousand times as fast")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the pictures (results)")
    args = parser.parse_args(argv)
    if args.samples < 2 or args.steps < 1 or min(args.hidden) < 1:
        parser.error("--samples must be at least 2, --steps and every one of --hidden at least 1")
    if not (0 <= args.noise <= 10 and 0 <= args.seed < 2**32):
        parser.error("--noise must lie between 0 and 10, --seed between 0 and 2**32 - 1")
    return args


def train(args):
    """The data set, the model that learned it, and the history of its learning."""
    data = moons(args.samples, args.noise, args.seed)
    model = MLP(2, [*args.hidden, 1], rng=random.Random(args.seed))
    optimizer = SGD(model.parameters(), lr=1.0)
    decay = LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=args.steps)

    def loss(scores, labels):
        return hinge_loss(scores, labels) + l2_penalty(model.parameters(), alpha=1e-4)

    samples = data.X, data.signed_labels
    return data, model, fit(model, samples, loss, optimizer, steps=args.steps, scheduler=decay, jit=args.jit)


def draw_neuron(neuron, X):
    """The graph of one neuron, on the sample that excites it most: where it is silent, so are gradients."""
    x0, x1 = max(X, key=neuron)
    activation = neuron([Value(x0, label="x0"), Value(x1, label="x1")])
    neuron.zero_grad()
    activation.backward()
    return draw_dot(activation, parameters=neuron)


def main(argv=None):
    """Train, write three pictures, and say how it went."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    data, model, history = train(args)
    mpl.use("Agg")  # to files, on a machine without a screen too
    plots.decision_boundary(model, data.X, data.y).figure.savefig(args.out / "result.png", dpi=150)
    plots.history(history).figure.savefig(args.out / "loss.png", dpi=150)
    draw_neuron(model.layers[0].neurons[0], data.X.tolist()).save(args.out / "graph.svg")
    print(f"loss {history.loss[-1]:.4f}, accuracy {history.accuracy[-1]:.0%}; pictures are in {args.out}/")


if __name__ == "__main__":
    main()
