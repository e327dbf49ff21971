"""`find_lr`: which learning rates a model bears, by trying larger and larger ones on a few batches."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.module import Module
from micrograd.nn.training.curves import BLUE, ORANGE, new_axes
from micrograd.nn.training.divergence import DivergedError
from micrograd.nn.training.loop import fit
from micrograd.nn.training.rehearsal import rehearsal
from micrograd.nn.training.runs import Run
from micrograd.nn.validation import nonnegative, require_methods, whole_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMOOTHING = 0.9
_TOO_MUCH = 4.0  # times the smallest loss so far: what comes after says no more


@dataclass(frozen=True)
class LRSearch:
    """What `find_lr` found.

    Attributes:
        lrs: The rates that were tried, growing.
        losses: The loss at each, smoothed.
        suggestion: A tenth of the rate at which the loss was lowest: with room to where it explodes.

    Example:
        >>> LRSearch([0.01, 0.1, 1.0], [2.0, 1.0, 3.0], suggestion=0.01)
        LRSearch(lrs=[0.01, 0.1, 1.0], losses=[2.0, 1.0, 3.0], suggestion=0.01)
    """

    lrs: list[float]
    losses: list[float]
    suggestion: float

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the loss over the rates, with the suggestion.

        Raises:
            MissingExtraError: If matplotlib isn't installed.
        """
        ax = new_axes() if ax is None else ax
        ax.plot(self.lrs, self.losses, color=BLUE, linewidth=1.8)
        ax.axvline(self.suggestion, color=ORANGE, linestyle="--", label=f"suggestion: {self.suggestion:.2g}")
        ax.set(xlabel="learning rate", ylabel="loss", xscale="log")
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend(frameon=False)
        return ax


@naming_arguments
def find_lr(
    model: Module,
    data: Iterable[Any],
    loss: Any,
    optimizer: Any,
    *,
    low: float = 1e-6,
    high: float = 10.0,
    steps: int = 100,
    batch_size: int | None = None,
    seed: int | None = 0,
) -> LRSearch:
    """Train with a rate that grows from `low` to `high`, watch the loss, and put everything back.

    Args:
        model: What would be trained.
        data: As of `fit`.
        loss: As of `fit`.
        optimizer: An optimiser of this package; its settings are tried, and its states and rate put back.
        low: The first rate.
        high: The last one; the search ends before it when the loss grows too much.
        steps: How many rates to try.
        batch_size: As of `fit`.
        seed: As of `fit`.

    Returns:
        Rates, losses and a suggestion.

    Raises:
        MicrogradTypeError: If model, data, loss or optimizer is something else.
        MicrogradValueError: If the rates don't grow, or the loss is nan or infinite within the first three of them.

    Example:
        >>> import random
        >>> from micrograd.nn import MLP, SGD, mse_loss
        >>> model = MLP(1, [4, 1], rng=random.Random(1))
        >>> data = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]
        >>> search = find_lr(model, data, mse_loss, SGD(model.parameters(), lr=0.1), steps=50)
        >>> 1e-3 < search.suggestion < 1.0
        True

    Reference: Smith, "Cyclical learning rates for training neural networks" (2017), arXiv:1506.01186.
    """
    whole = "find_lr(model, (X, y), cross_entropy, SGD(model.parameters(), lr=0.1))"
    require_methods(model, "model", ("modules",), whole)
    require_methods(optimizer, "optimizer", ("state_dict", "step"), whole)
    example = "find_lr(..., low=1e-6, high=10.0)"
    first, last = nonnegative(low, "low", example), nonnegative(high, "high", example)
    if not 0.0 < first < last:
        raise MicrogradValueError(f"the rates grow from low={low} to high={high}: both above 0. Write {example}.")
    count = whole_number(steps, "steps", "find_lr(..., steps=100)", least=10)
    search = _Search(first, last, count)
    states, modes = copy.deepcopy(optimizer.state_dict()), [(module, module.training) for module in model.modules()]
    options: Any = {"steps": count, "batch_size": batch_size, "seed": seed, "metrics": (), "progress": False}
    try:
        with rehearsal(model):
            fit(model, data, loss, optimizer, callbacks=[search], **options)
    except DivergedError as error:
        if len(error.history) < 3:
            raise
    finally:
        optimizer.load_state_dict(states)
        for module, mode in modes:
            module.training = mode
    return search.result()


class _Search:
    """The callback that has the rate grow, and looks at the loss."""

    def __init__(self, low: float, high: float, steps: int) -> None:
        self._low, self._factor = low, (high / low) ** (1.0 / (steps - 1))
        self._mean, self._lrs, self._losses = 0.0, list[float](), list[float]()

    def on_begin(self, run: Run) -> None:
        run.optimizer.lr = self._low

    def on_step(self, run: Run) -> None:
        self._mean = _SMOOTHING * self._mean + (1.0 - _SMOOTHING) * run.history.loss[-1]
        self._lrs.append(run.optimizer.lr)
        self._losses.append(self._mean / (1.0 - _SMOOTHING**run.step))
        run.optimizer.lr *= self._factor
        run.is_stopped = run.is_stopped or self._losses[-1] > _TOO_MUCH * min(self._losses)

    def result(self) -> LRSearch:
        lowest = min(range(len(self._losses)), key=self._losses.__getitem__)
        return LRSearch(self._lrs, self._losses, self._lrs[lowest] / 10.0)
