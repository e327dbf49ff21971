"""Language models, letter by letter: what comes after these? Two of them, an MLP and a small transformer.

python examples/char_lm.py --out results
python examples/char_lm.py --text my_novel.txt --steps 3000
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np

from micrograd.datasets import tiny_text
from micrograd.engine import no_grad, softmax
from micrograd.nn import (
    AdamW,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    Module,
    OneCycleLR,
    ReLU,
    Sequential,
    TransformerBlock,
    cross_entropy,
    fit,
)

CONTEXT = 24  # how many letters a model sees


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path, help="the file to learn from (two short stories of our own)")
    parser.add_argument("--steps", type=int, default=600, help="steps of training, for each model (600)")
    parser.add_argument("--width", type=int, default=48, help="numbers for each letter (48)")
    parser.add_argument("--letters", type=int, default=200, help="letters to write in the end (200)")
    parser.add_argument("--seed", type=int, default=0, help="decides weights, order and what is written (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if args.letters < 1 or args.steps < 2 or args.width < 4 or args.width % 4:
        parser.error("--letters must be at least 1, --steps 2, --width a multiple of 4")
    return args


class MLP(Sequential):
    """All letters of the context side by side, and one guess: what comes after them."""

    def __init__(self, letters, width, rng):
        super().__init__(
            Embedding(letters, width, rng=rng),
            Flatten(),
            Linear(CONTEXT * width, 4 * width, rng=rng),
            ReLU(),
            Linear(4 * width, letters, rng=rng),
        )

    def loss(self, logits, targets):
        """Of the letter after the context."""
        return cross_entropy(logits, targets[:, -1])

    def last(self, logits):
        """The guess at what comes after all of them."""
        return logits


class Transformer(Module):
    """Each letter looks at those before it, and a guess after every one of them."""

    def __init__(self, letters, width, rng):
        self.letter = Embedding(letters, width, rng=rng)
        self.place = Embedding(CONTEXT, width, rng=rng)
        self.blocks = Sequential(*(TransformerBlock(width, 4, rng=rng) for _ in range(2)))
        self.head = Sequential(LayerNorm(width), Linear(width, letters, rng=rng))

    def forward(self, x):
        """From shape (texts, CONTEXT) to shape (texts, CONTEXT, letters)."""
        return self.head(self.blocks(self.letter(x) + self.place(np.arange(x.shape[1]))))

    def loss(self, logits, targets):
        """Of every guess, each at the letter that came next."""
        return cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))

    def last(self, logits):
        """The guess at what comes after all of them."""
        return logits[:, -1]


def windows(numbers):
    """Every piece of CONTEXT letters, and the same piece one letter further on."""
    pieces = np.lib.stride_tricks.sliding_window_view(numbers, CONTEXT + 1)
    return pieces[:, :-1], pieces[:, 1:]


def train(model, data, held_out, args):
    """The history of its learning, with the loss on text that it hasn't seen."""
    optimizer = AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    return fit(
        model,
        data,
        model.loss,
        optimizer,
        steps=args.steps,
        batch_size=32,
        validation=held_out,
        metrics=(),
        scheduler=OneCycleLR(optimizer, max_lr=4e-3, total_steps=args.steps),
        seed=args.seed,
        jit=True,
    )


def write(model, alphabet, beginning, letters, rng):
    """The beginning, and letters drawn one by one from what the model expects."""
    written = list(beginning)
    with no_grad():
        for _ in range(letters):
            p = softmax(model.last(model(np.array([written[-CONTEXT:]])))).data[0].astype(float)
            written.append(int(rng.choice(len(alphabet), p=p / p.sum())))
    return "".join(alphabet[number] for number in written[len(beginning) :])


def main(argv=None):
    """Train both, let each of them write, and draw how they learned."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    text = args.text.read_text("utf-8") if args.text else tiny_text()
    alphabet = sorted(set(text))
    numbers = np.array([alphabet.index(letter) for letter in text])
    cut = len(numbers) * 9 // 10
    if len(numbers) - cut <= CONTEXT:
        raise SystemExit(
            f"a tenth of the text is held out, so that it takes {10 * CONTEXT + 1} letters, but has {len(text)}"
        )
    data, held_out = windows(numbers[:cut]), windows(numbers[cut:])
    histories = {}
    for kind in (MLP, Transformer):
        model = kind(len(alphabet), args.width, np.random.default_rng(args.seed)).float()
        histories[kind.__name__] = train(model, data, held_out, args)
        written = write(model.eval(), alphabet, numbers[:CONTEXT], args.letters, np.random.default_rng(args.seed))
        print(f"\n{kind.__name__}, {sum(p.data.size for p in model.parameters())} parameters, writes:\n{written}\n")
    draw(histories, np.log(len(alphabet)), args.out / "char_lm.png")
    print(f"picture: {args.out / 'char_lm.png'}")


def draw(histories, uniform, path):
    """The loss of each step, and what a model pays that knows nothing."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    for (name, history), colour in zip(histories.items(), ("#0072B2", "#D55E00"), strict=True):
        ax.plot(history.loss, color=colour, linewidth=1, label=name)
        ax.plot(history.validated_at, history.validation["loss"], "o--", color=colour, label=f"{name}, text not seen")
    ax.axhline(uniform, color="0.6", linestyle="dotted", label="every letter alike")
    ax.set(xlabel="step", ylabel="cross-entropy of the next letter", ylim=(0, None))
    ax.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
