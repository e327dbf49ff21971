"""The bar that shows how far a training is, in a terminal or a notebook; tqdm is imported when one is shown."""

from __future__ import annotations

import time
import warnings
from typing import Any

from micrograd.engine.errors import MissingExtraError

_PAUSE = 0.1  # seconds between two looks at the numbers: a step may take a ten-thousandth of one


class Progress:
    """A bar over the steps, with the last loss and metrics beside it; nothing at all where none is wanted.

    Args:
        total: How many steps there will be.
        done: How many have been taken already.
        is_shown: Whether to show it.

    Raises:
        MissingExtraError: If it is to be shown and tqdm isn't installed.

    Example:
        >>> from micrograd.nn import History
        >>> with Progress(3, 0, is_shown=False) as progress:
        ...     progress.advance(History([0.5], [1.0]))
    """

    def __init__(self, total: int, done: int, is_shown: bool) -> None:
        self._bar: Any = _bar(total, done) if is_shown else None
        self._waiting, self._shown_at = 0, 0.0
        self._history: Any = None

    def advance(self, history: Any) -> None:
        """One step more, which the history has."""
        if self._bar is None:
            return
        self._waiting, self._history = self._waiting + 1, history
        if time.perf_counter() - self._shown_at > _PAUSE:
            self._show()

    def _show(self) -> None:
        self._bar.set_postfix(_latest(self._history), refresh=False)
        self._bar.update(self._waiting)
        self._waiting, self._shown_at = 0, time.perf_counter()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            if self._waiting:
                self._show()
            self._bar.close()


def _bar(total: int, done: int) -> Any:
    try:
        with warnings.catch_warnings():
            # In a notebook without ipywidgets it says so, and then shows the bar of a terminal, which does as well.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        raise MissingExtraError(
            "fit() shows its progress with tqdm, which isn't installed. Run pip install tqdm, or write "
            "fit(..., progress=False)."
        ) from None
    return tqdm(total=total, initial=done, unit="step")


def _latest(history: Any) -> dict[str, str]:
    """The last number of every list, as text."""
    looks = {f"validation_{name}": values for name, values in history.validation.items()}
    lists = {"loss": history.loss, **history.metrics, **looks}
    return {name: f"{values[-1]:.4f}" for name, values in lists.items() if values}
