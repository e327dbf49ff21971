"""Curves over the steps of a training, drawn with matplotlib, which the extra `[plot]` brings.

Colours are Okabe and Ito's, which people with any kind of colour vision tell apart, and no distinction hangs
on colour alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from micrograd.engine.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE = "#0072B2", "#D55E00"


def new_axes() -> Axes:
    """The axes of a new figure.

    Raises:
        MissingExtraError: If matplotlib isn't installed.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise MissingExtraError(
            'drawing needs matplotlib, which isn\'t installed. Run pip install "micrograd-nn[plot]", or pip '
            'install "./packages/nn[plot]" in a clone of the repository.'
        ) from None
    ax: Axes = plt.subplots(figsize=(6.4, 4.8), layout="constrained")[1]
    return ax


def draw_curves(history: Any, ax: Axes | None = None) -> Axes:
    """Draw the loss over the steps and, on a scale at the right, the accuracy if it was recorded.

    Args:
        history: A `History`.
        ax: Where to draw; a new figure unless given.

    Returns:
        The axes of the loss.
    """
    ax = new_axes() if ax is None else ax
    lines = _curves(ax, history, "loss", history.loss, BLUE, "-")
    ax.set(xlabel="step", ylabel="loss", ylim=(0.0, None))
    ax.margins(x=0.01)
    ax.spines["top"].set_visible(False)
    if "accuracy" in history.metrics or "accuracy" in history.validation:
        right = ax.twinx()
        lines += _curves(right, history, "accuracy", history.metrics.get("accuracy", []), ORANGE, "--", 100.0)
        right.set(ylabel="accuracy, %", ylim=(0.0, 103.0))
        right.spines["top"].set_visible(False)
    if len(lines) > 1:
        ax.legend(handles=lines, loc="center right", frameon=False)
    return ax


def _curves(ax: Axes, history: Any, name: str, values: list[float], colour: str, style: str, scale: float = 1.0) -> Any:
    """The course in training, pale where the validation data have one of their own, with a dot at each look."""
    looks = [scale * number for number in history.validation.get(name, ())]
    lines = []
    if values:
        steps = range(len(values))
        scaled = [scale * number for number in values]
        pale = 0.45 if looks else 1.0
        lines += ax.plot(steps, scaled, color=colour, linewidth=1.8, linestyle=style, alpha=pale, label=name)
    if looks:
        label = f"validation {name}"
        lines += ax.plot(history.validated_at, looks, f"o{style}", color=colour, markersize=3.5, label=label)
    return lines
