"""A recurrent net listens to the beginning of a wave, and then goes on humming by itself.

python examples/sine_rnn.py --out results
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np

from micrograd.engine import no_grad, stack
from micrograd.nn import Adam, CosineAnnealingLR, GRUCell, Linear, Module, fit, mse_loss


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--waves", type=int, default=512, help="waves to learn from (512)")
    parser.add_argument("--length", type=int, default=16, help="numbers to hear, and numbers to hum (16)")
    parser.add_argument("--steps", type=int, default=1000, help="steps of training (1000)")
    parser.add_argument("--hidden", type=int, default=32, help="width of the state (32)")
    parser.add_argument("--seed", type=int, default=0, help="decides waves, weights and order (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if min(args.waves, args.length, args.steps, args.hidden) < 1:
        parser.error("--waves, --length, --steps and --hidden must be at least 1")
    return args


class Hummer(Module):
    """Hears a sequence, number by number, then says what comes next, and hears what it has said."""

    def __init__(self, hidden, steps, rng):
        self.cell = GRUCell(1, hidden, rng=rng)
        self.head = Linear(hidden, 1, rng=rng)
        self.steps = steps

    def forward(self, heard):
        """From shape (waves, length, 1) to shape (waves, steps, 1)."""
        state, hummed = None, []
        for time in range(heard.shape[1]):
            state = self.cell(heard[:, time], state)
        for _ in range(self.steps):
            hummed.append(self.head(state))
            state = self.cell(hummed[-1], state)
        return stack(hummed, axis=1)


def waves(count, length, rng):
    """Sines of periods from 10 to 20 steps, each beginning somewhere: shape (count, length, 1)."""
    period, phase = rng.uniform(10, 20, (count, 1)), rng.uniform(0, 2 * np.pi, (count, 1))
    return np.sin(2 * np.pi * np.arange(length) / period + phase)[:, :, None]


def train(args, rng):
    """A model that has learned to go on for as long as it has heard."""
    model = Hummer(args.hidden, args.length, rng)
    data = waves(args.waves, 2 * args.length, rng)
    optimizer = Adam(model.parameters(), lr=0.01)
    fit(
        model,
        (data[:, : args.length], data[:, args.length :]),
        mse_loss,
        optimizer,
        steps=args.steps,
        batch_size=32,
        scheduler=CosineAnnealingLR(optimizer, T_max=args.steps),
        seed=args.seed,
        jit=True,
    )
    return model


def main(argv=None):
    """Train, let it go on with new waves for three times as long as it has learned to, and draw them."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    model = train(args, rng)
    model.steps = 3 * args.length
    true = waves(100, 4 * args.length, rng)
    with no_grad():
        hummed = model(true[:, : args.length]).data
    errors = (hummed - true[:, args.length :]) ** 2
    for steps in (args.length, 3 * args.length):
        print(f"over {steps} steps it is off by {np.sqrt(errors[:, :steps].mean()):.3f} on average")
    draw(true[:3, :, 0], hummed[:3, :, 0], args.length, args.out / "sine_rnn.png")
    print(f"picture: {args.out / 'sine_rnn.png'}")


def draw(true, hummed, length, path):
    """Three waves: what was heard, how it goes on, and how the model goes on."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(3, figsize=(8, 5), sharex=True, layout="constrained")
    for axis, wave, own in zip(axes, true, hummed, strict=True):
        axis.plot(wave, color="0.75", linewidth=5, label="the wave")
        axis.plot(range(length, len(wave)), own, color="#D55E00", label="what the net hums")
        axis.axvspan(0, length - 1, color="#0072B2", alpha=0.12, label="what it heard")
    axes[0].legend(loc="lower left", ncols=3, frameon=False, bbox_to_anchor=(0, 1))
    axes[-1].set(xlabel="step")
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
