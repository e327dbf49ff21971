"""Pictures of a model and of its training; they need matplotlib, which the extra `[plot]` brings.

Colours are Okabe and Ito's, which people with any kind of colour vision tell apart, and no distinction hangs
on colour alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value
from micrograd.nn.training.curves import BLUE, ORANGE, new_axes
from micrograd.nn.training.history import History
from micrograd.nn.validation import whole_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHADES = ["#7fb8d8", "#cfe5f1", "#ffffff", "#fadfca", "#eeb087"]


def decision_boundary(
    model: Callable[[Any], Any], X: Any, y: Any, ax: Axes | None = None, *, resolution: int = 100
) -> Axes:
    """Draw where a model of two features says which class, with the samples on top.

    The line is where the score is 0, the dashed ones are the margins at -1 and +1, and the shade grows with
    the score.

    Args:
        model: Takes a sample of two numbers and returns one score, above 0 for the positive class.
        X: n samples, shape (n, 2).
        y: n labels, two kinds; the larger is the positive class.
        ax: Where to draw; a new figure unless given.
        resolution: The model is asked at resolution² points.

    Returns:
        The axes.

    Raises:
        MicrogradValueError: If there are no samples, or not two features, or not two classes.
        MicrogradTypeError: If the model returns more than one score.
        MissingExtraError: If matplotlib isn't installed.
    """
    side = whole_number(resolution, "resolution", "decision_boundary(model, X, y, resolution=100)", least=2)
    points, labels = _planar(X, y)
    ax = new_axes() if ax is None else ax
    horizontal, vertical = (_ticks([point[axis] for point in points], side) for axis in (0, 1))
    flat = _scores(model, [[a, b] for b in vertical for a in horizontal])
    grid = [flat[row * side : (row + 1) * side] for row in range(side)]
    _draw_scores(ax, horizontal, vertical, grid)
    _draw_samples(ax, points, labels)
    ax.set(xlabel="feature 0", ylabel="feature 1")
    return ax


def history(h: History, ax: Axes | None = None) -> Axes:
    """Draw the loss over the steps and, on a scale at the right, the accuracy if it was recorded.

    Args:
        h: What `fit` returned.
        ax: Where to draw; a new figure unless given.

    Returns:
        The axes of the loss.

    Raises:
        MissingExtraError: If matplotlib isn't installed.
    """
    return h.plot(ax)


def _draw_scores(ax: Axes, horizontal: list[float], vertical: list[float], grid: list[list[float]]) -> None:
    from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

    shades = LinearSegmentedColormap.from_list("scores", _SHADES)
    # The shade is full at three margins: far out a score says no more than "sure".
    levels = [step / 4 for step in range(-12, 13)]
    clipped = [[min(max(score, -3.0), 3.0) for score in row] for row in grid]
    ax.contourf(horizontal, vertical, clipped, levels=levels, cmap=shades, norm=TwoSlopeNorm(0.0, -3.0, 3.0))
    for level, style, width in ((-1.0, "dashed", 0.8), (0.0, "solid", 1.8), (1.0, "dashed", 0.8)):
        # A level that no score crosses is nothing to draw, and matplotlib would warn.
        if min(map(min, grid)) < level < max(map(max, grid)):
            ax.contour(horizontal, vertical, grid, levels=[level], colors="0.25", linestyles=style, linewidths=width)


def _draw_samples(ax: Axes, points: list[list[float]], labels: list[Any]) -> None:
    for label, colour, marker in zip(sorted(set(labels)), (BLUE, ORANGE), ("o", "^"), strict=False):
        own = [point for point, other in zip(points, labels, strict=True) if other == label]
        across, up = zip(*own, strict=True)
        name = f"class {label:+g}" if min(labels) < 0 else f"class {label:g}"
        ax.scatter(
            across,
            up,
            s=36,
            c=colour,
            marker=marker,
            edgecolors="white",
            linewidths=0.8,
            label=name,
            zorder=3,
        )
    # Above the axes, since inside it would cover part of the boundary.
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False)


def _planar(X: Any, y: Any) -> tuple[list[list[float]], list[Any]]:
    """The samples as pairs of floats, and their labels."""
    rows, labels = ((part.tolist() if hasattr(part, "tolist") else list(part)) for part in (X, y))
    if not rows or len(rows) != len(labels):
        raise MicrogradValueError(
            f"X has {len(rows)} samples and y has {len(labels)} labels; a picture needs at least one, and "
            "one label each. Write decision_boundary(model, data.X, data.y)."
        )
    if any(not hasattr(row, "__len__") or len(row) != 2 for row in rows):
        raise MicrogradValueError(
            "a plane has two features, but a row of X hasn't. Train a model on two of them: X[:, [0, 1]]."
        )
    if len(set(labels)) > 2:
        raise MicrogradValueError(
            f"a boundary parts two classes, but y has {len(set(labels))}. Draw one against the rest: y == 0."
        )
    return [[float(a), float(b)] for a, b in rows], labels


def _ticks(numbers: Iterable[float], count: int) -> list[float]:
    """`count` numbers, evenly spaced, from a little below the smallest to a little above the largest."""
    numbers = list(numbers)
    low, high = min(numbers), max(numbers)
    room = 0.12 * (high - low) or 1.0
    start, width = low - room, high - low + 2.0 * room
    return [start + width * step / (count - 1) for step in range(count)]


def _scores(model: Callable[[Any], Any], points: list[list[float]]) -> list[float]:
    """The model's score at each point."""
    try:
        plain = _on_floats(model)
        return [_number(plain(point)) for point in points]
    except (AttributeError, TypeError, MicrogradError):
        # A model with code of its own may call what only Values have, act.relu(): then record and throw away.
        return [_number(model(point)) for point in points]


def _on_floats(model: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A copy of the model with plain floats for parameters: the same code then computes without recording."""
    parameters: list[Value] = getattr(model, "parameters", list)()
    return copy.deepcopy(model, {id(parameter): parameter.data for parameter in parameters})


def _number(score: Any) -> float:
    if isinstance(score, (list, tuple)):
        raise MicrogradTypeError(
            f"a boundary follows one score, but the model returned {len(score)}. Give it a single output, "
            "MLP(2, [16, 1])."
        )
    return score.data if isinstance(score, Value) else float(score)
