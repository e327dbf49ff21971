"""`LivePlot`: the curves of a training, drawn anew in a notebook while it runs."""

from __future__ import annotations

import io
import time
from typing import Any

from micrograd.engine.errors import MissingExtraError
from micrograd.nn.training.runs import Run
from micrograd.nn.validation import nonnegative


class LivePlot:
    """A callback of `fit` that shows the history's curves below the cell, and keeps them up to date.

    Args:
        seconds: How long to wait, at least, between two drawings.

    Raises:
        MissingExtraError: If matplotlib or IPython isn't installed.

    Example:
        >>> live = LivePlot(seconds=2.0)  # then fit(..., callbacks=[live])
        >>> live.seconds
        2.0
    """

    def __init__(self, seconds: float = 1.0) -> None:
        self.seconds = nonnegative(seconds, "seconds", "LivePlot(seconds=1.0)")
        self._handle: Any = None
        self._drawn_at = 0.0

    def on_begin(self, run: Run) -> None:
        """Begin a new picture, unless this is a later call of `fit` in another cell."""
        self._handle = None

    def on_step(self, run: Run) -> None:
        """Draw, if it is time."""
        if time.perf_counter() - self._drawn_at >= self.seconds:
            self._draw(run)

    def on_end(self, run: Run) -> None:
        """Draw all of it."""
        self._draw(run)

    def _draw(self, run: Run) -> None:
        display, image = _notebook()
        picture = image(data=_png(run.history.plot().figure))
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)
        self._drawn_at = time.perf_counter()


def _notebook() -> tuple[Any, Any]:
    try:
        from IPython.display import Image, display
    except ImportError:
        raise MissingExtraError(
            "LivePlot draws below the cell of a notebook, by IPython, which isn't installed. Run pip install "
            "jupyterlab, or draw afterwards: history.plot()."
        ) from None
    return display, Image


def _png(figure: Any) -> bytes:
    """The picture; the figure is closed, or else the notebook shows it once more at the end of the cell."""
    from matplotlib import pyplot as plt

    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=96)
    plt.close(figure)
    return content.getvalue()
