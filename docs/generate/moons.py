"""The result on two moons: boundary, loss curve, and how the boundary came to be over the hundred steps."""

from __future__ import annotations

import io
import random
import runpy
from pathlib import Path
from typing import Any

import matplotlib as mpl
from PIL import Image

from micrograd.datasets import Dataset, moons
from micrograd.nn import MLP, SGD, History, LinearLR, accuracy, hinge_loss, jit_train_step, l2_penalty, plots

mpl.use("Agg")
from matplotlib import pyplot as plt

ROOT = Path(__file__).parents[2]
ASSETS = Path("docs/assets")
STEPS, STEPS_PER_FRAME = 100, 5


def pictures() -> dict[Path, bytes]:
    """Every picture, by its path below the root, encoded."""
    data = moons(100, 0.1, 1337)
    model, history, frames = train(data)
    example = runpy.run_path(str(ROOT / "examples" / "moons.py"))
    neuron = example["draw_neuron"](model.layers[0].neurons[0], data.X.tolist())
    return {
        ASSETS / "moons.png": result(data, model, history),
        ASSETS / "neuron.svg": neuron.pipe("svg"),
        ASSETS / "moons" / "training.webp": animation(frames),
        ASSETS / "moons" / "still.png": encoded(frames[-1], "PNG", optimize=True),
    }


def train(data: Dataset) -> tuple[MLP, History, list[Image.Image]]:
    """What examples/moons.py does, with a picture of the boundary every few steps."""
    model = MLP(2, [16, 16, 1], rng=random.Random(1337))
    optimizer = SGD(model.parameters(), lr=1.0)
    decay = LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=STEPS)

    def loss(X: Any, y: Any) -> tuple[Any, list[Any]]:
        scores = list(map(model, X))
        return hinge_loss(scores, y) + l2_penalty(model.parameters(), alpha=1e-4), scores

    # Not by LLVM: whoever draws the pictures anew gets the same pixels, whether it is installed or not.
    take_step = jit_train_step(loss, optimizer, backend="numpy")
    history, frames = History(), []
    for step in range(STEPS + 1):
        if step % STEPS_PER_FRAME == 0:
            frames.append(frame(data, model, step))
        if step < STEPS:
            number, scores = take_step.with_results(data.X, data.signed_labels.astype(float))
            history.record(number, optimizer.lr, {"accuracy": accuracy(scores, data.signed_labels)})
            decay.step()
    return model, history, frames


def result(data: Dataset, model: MLP, history: History) -> bytes:
    """The boundary that was learned, beside loss and accuracy."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.0, 4.4), layout="constrained")
    plots.decision_boundary(model, data.X, data.y, left, resolution=200)
    plots.history(history, right)
    return encoded(rasterised(figure, dpi=120), "PNG", optimize=True)


def frame(data: Dataset, model: MLP, step: int) -> Image.Image:
    """The boundary after so many steps."""
    figure, axes = plt.subplots(figsize=(5.2, 3.9), layout="constrained")
    plots.decision_boundary(model, data.X, data.y, axes, resolution=48)
    axes.set_title(f"step {step}", loc="right", fontsize=11)
    return rasterised(figure, dpi=100)


def rasterised(figure: Any, dpi: int) -> Image.Image:
    """The figure as pixels, in no more colours than it needs, which makes a small file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=dpi, format="png")
    plt.close(figure)
    return Image.open(buffer).convert("RGB").quantize(128, dither=Image.Dither.NONE)


def animation(frames: list[Image.Image]) -> bytes:
    """Round and round, with a rest at the end."""
    durations = [150] * (len(frames) - 1) + [3000]
    first, *others = (image.convert("RGB") for image in frames)
    return encoded(first, "WEBP", save_all=True, append_images=others, duration=durations, loop=0, quality=28, method=6)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    """The image as the bytes of a file, without the time or the program that made it."""
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()
