"""A GPT of nothing but scalar Values: attention, letter by letter, and compiled, thousands of times as fast.

python examples/scalar_gpt.py --out results
python examples/scalar_gpt.py --text my_novel.txt --steps 5000
"""

import argparse
import random
import time
from pathlib import Path

import matplotlib as mpl
import numpy as np
from tqdm import tqdm

from micrograd.datasets import tiny_text
from micrograd.engine import Value, jit, vmap
from micrograd.nn import Adam, Module
from micrograd.nn.training import jit_train_step

BATCH = 16  # texts in a step


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path, help="the file to learn from (two short stories of our own)")
    parser.add_argument("--steps", type=int, default=3000, help="steps of training (3000)")
    parser.add_argument("--context", type=int, default=8, help="how many letters the model sees (8)")
    parser.add_argument("--width", type=int, default=16, help="numbers for each letter (16)")
    parser.add_argument("--letters", type=int, default=200, help="letters to write in the end (200)")
    parser.add_argument("--seed", type=int, default=0, help="decides weights, order and what is written (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if min(args.steps, args.letters) < 1 or args.context < 2 or args.width < 4 or args.width % 4:
        parser.error("--steps and --letters must be at least 1, --context 2, --width a multiple of 4")
    return args


def matrix(rows, columns, rng, scale=1.0):
    """Rows of Values, drawn so that a product with a vector of ones comes out about as large as `scale`."""
    return [[Value(rng.gauss(0.0, scale / columns**0.5)) for _ in range(columns)] for _ in range(rows)]


def dot(x, y):
    """The sum of the products of two vectors."""
    return sum(a * b for a, b in zip(x, y, strict=True))


def product(weights, x):
    """A matrix times a vector."""
    return [dot(row, x) for row in weights]


def added(x, y):
    """The sum of two vectors."""
    return [a + b for a, b in zip(x, y, strict=True)]


def scaled(x):
    """A vector divided by the root of its mean square (RMSNorm: Zhang & Sennrich 2019, arXiv:1910.07467)."""
    size = (dot(x, x) / len(x) + 1e-5) ** 0.5
    return [a / size for a in x]


def softmax(x):
    """Positive numbers that add up to 1."""
    grown = [a.exp() for a in x]
    total = sum(grown)
    return [a / total for a in grown]


class GPT(Module):
    """One block of a transformer (Vaswani et al. 2017, arXiv:1706.03762), in which a letter looks at those before it.

    Args:
        letters: How many there are in the alphabet.
        context: How many it sees.
        width: Numbers for each letter.
        rng: What draws the first weights.
    """

    heads = 4

    def __init__(self, letters, context, width, rng):
        self.letter, self.place = matrix(width, letters, rng, letters**0.5), matrix(context, width, rng)
        self.query, self.key, self.value, self.mixed = (matrix(width, width, rng) for _ in range(4))
        self.wider, self.narrower = matrix(4 * width, width, rng), matrix(width, 4 * width, rng)
        self.head = matrix(letters, width, rng)

    def forward(self, letters):
        """What it expects after each of the letters, as logits; a letter is a list of zeros with a 1 at its number."""
        keys, values, logits = [], [], []
        for letter, place in zip(letters, self.place, strict=False):
            x = added(product(self.letter, letter), place)
            seen = scaled(x)
            keys.append(product(self.key, seen))
            values.append(product(self.value, seen))
            x = added(x, product(self.mixed, self.attend(product(self.query, seen), keys, values)))
            x = added(x, product(self.narrower, [a.relu() for a in product(self.wider, scaled(x))]))
            logits.append(product(self.head, scaled(x)))
        return logits

    def attend(self, query, keys, values):
        """What each head gathers: a mean of the values, those weighing most whose keys resemble the query."""
        width = len(query) // self.heads
        gathered = []
        for start in range(0, len(query), width):
            part = slice(start, start + width)
            weights = softmax([dot(key[part], query[part]) / width**0.5 for key in keys])
            gathered += product(zip(*(value[part] for value in values), strict=True), weights)
        return gathered


def surprise(model, letters):
    """The cross-entropy of every letter but the first, given those before it: the mean over one text."""
    total = 0.0
    for logits, letter in zip(model(letters[:-1]), letters[1:], strict=True):
        total += sum(a.exp() for a in logits).log() - dot(logits, letter)
    return total / (len(letters) - 1)


def pieces(numbers, length, alphabet):
    """Every piece of so many letters, each letter as zeros with a 1 at its number: (pieces, length, letters)."""
    return np.eye(len(alphabet))[np.lib.stride_tricks.sliding_window_view(numbers, length)]


def train(model, texts, args):
    """The loss of each step, and how long a step took at last, in seconds."""
    optimizer = Adam(model.parameters(), lr=0.02)

    def loss(batch):
        return vmap(lambda letters: surprise(model, letters))(batch).mean()

    step = jit_train_step(loss, optimizer)
    rng = np.random.default_rng(args.seed)
    losses, seconds = [], []
    for k in (bar := tqdm(range(args.steps), unit="step")):
        optimizer.lr = 0.02 * (1.0 - k / args.steps)
        batch = texts[rng.integers(len(texts), size=BATCH)]
        began = time.perf_counter()
        losses.append(step(batch))
        seconds.append(time.perf_counter() - began)
        if k % 100 == 0:
            bar.set_postfix(loss=f"{losses[-1]:.4f}")
    return losses, float(np.median(seconds))


def write(model, beginning, alphabet, args):
    """Letters drawn one by one from what the model expects."""
    expect = jit(lambda letters: softmax(model(letters)[-1]))
    rng, identity, written = random.Random(args.seed), np.eye(len(alphabet)), list(beginning)
    for _ in range(args.letters):
        chances = [p.data for p in expect(identity[written[-args.context :]])]
        written += rng.choices(range(len(alphabet)), chances)
    return "".join(alphabet[number] for number in written[len(beginning) :])


def recorded_once(model, text):
    """How long forward and backward of a single text take, recorded Value by Value, in seconds."""
    began = time.perf_counter()
    surprise(model, text.tolist()).backward()
    seconds = time.perf_counter() - began
    model.zero_grad()
    return seconds


def main(argv=None):
    """Train, write a text, draw how it learned, and say how long that would have taken without the compiler."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    text = args.text.read_text("utf-8") if args.text else tiny_text()
    alphabet = sorted(set(text))
    numbers = np.array([alphabet.index(letter) for letter in text])
    cut = len(numbers) * 9 // 10
    if len(numbers) - cut <= args.context:
        raise SystemExit(
            f"a tenth of the text is held out, so that it takes {10 * args.context + 1} letters, but has {len(text)}"
        )
    texts, held_out = (pieces(part, args.context + 1, alphabet) for part in (numbers[:cut], numbers[cut:]))
    model = GPT(len(alphabet), args.context, args.width, random.Random(args.seed))
    losses, seconds = train(model, texts, args)
    unseen = float(jit(vmap(lambda letters: surprise(model, letters)))(held_out).data.mean())
    print(f"\n{len(list(model.parameters()))} Values, loss {unseen:.3f} on text not seen, write:\n")
    print(write(model, numbers[: args.context].tolist(), alphabet, args))
    eager = BATCH * recorded_once(model, texts[0])
    print(
        f"\na step on {BATCH} texts: {seconds * 1e3:.2g} ms compiled, {eager * 1e3:,.0f} ms if recorded Value by Value"
    )
    draw(losses, unseen, np.log(len(alphabet)), args.out / "scalar_gpt.png")
    print(f"picture: {args.out / 'scalar_gpt.png'}")


def draw(losses, unseen, uniform, path):
    """The loss of each step, smoothed, and what a model pays that knows nothing."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    width = max(1, len(losses) // 60)
    smooth = np.convolve(losses, np.ones(width) / width, mode="valid")
    figure, ax = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    ax.plot(losses, color="#0072B2", linewidth=0.5, alpha=0.4)
    ax.plot(np.arange(len(smooth)) + width // 2, smooth, color="#0072B2", label="text it learns from")
    ax.plot(len(losses), unseen, "o", color="#D55E00", label="text not seen")
    ax.axhline(uniform, color="0.6", linestyle="dotted", label="every letter alike")
    ax.set(xlabel="step", ylabel="cross-entropy of the next letter", ylim=(0, None))
    ax.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
