"""`fit`: the training loop. Forward, loss, backward, step, and a record of each.

What it leaves out: validation, callbacks, checkpoints. tqdm is imported only when a progress bar is shown.
"""

from __future__ import annotations

import contextlib
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError, MissingExtraError
from micrograd.engine.value import Value
from micrograd.nn.compiled_steps import jit_train_step
from micrograd.nn.history import History
from micrograd.nn.metrics import Metric, accuracy
from micrograd.nn.module import Module
from micrograd.nn.validation import whole_number

__all__ = ["DivergedError", "Loss", "Optimizer", "Scheduler", "fit", "jit_train_step"]

Loss = Callable[[Any, Any], Value]
_Samples = tuple[list[Any], list[Any]]


class Optimizer(Protocol):
    """What `fit` asks of an optimiser."""

    lr: float

    def zero_grad(self) -> None:
        """Set all gradients to 0."""

    def step(self) -> None:
        """Move the parameters."""


class Scheduler(Protocol):
    """What `fit` asks of a schedule."""

    def step(self) -> None:
        """Go on to the next learning rate."""


class DivergedError(MicrogradValueError):
    """The loss became nan or infinite.

    Attributes:
        step: The step whose loss it was, counted from 0; the parameters are those before it.
        history: The record up to that step.

    Example:
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> model, data = MLP(1, [1]), ([[1.0], [2.0]], [1.0, 2.0])
        >>> try:
        ...     fit(model, data, mse_loss, SGD(model.parameters(), lr=1e200), steps=9, metrics=(), progress=False)
        ... except DivergedError as error:
        ...     print("step", error.step)
        step 1
    """

    step: int
    history: History


def fit(
    model: Callable[[Any], Any],
    data: Iterable[Any],
    loss: Loss,
    optimizer: Optimizer,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    batch_size: int | None = None,
    scheduler: Scheduler | None = None,
    metrics: Metric | Sequence[Metric] = (accuracy,),
    progress: bool = True,
    seed: int | None = 0,
    jit: bool = False,
) -> History:
    """Train `model` for so many `epochs` (passes through the data), or so many `steps` (moves).

    Args:
        model: A Module that takes one sample, a list of d Values, and returns its score.
        data: A data set or a pair (X, y): n samples of d features, and n targets.
        loss: `loss(scores, targets)`, which returns one Value: `hinge_loss`, `mse_loss`, or a function that
            adds a penalty.
        optimizer: What moves the parameters, such as `SGD`.
        epochs: How often to go through the data.
        steps: How many steps to take instead.
        batch_size: Samples per step, drawn in a new order each epoch; None for all of them, in their own
            order.
        scheduler: What sets the learning rate, after each step.
        metrics: Functions of (scores, targets), recorded at each step; () for a regression.
        progress: Whether to show a bar with the loss and the metrics.
        seed: Of the order of the batches; None for another one each time.
        jit: Whether to compile the step: one trace for each size of batch, and from then on arrays. Needs NumPy, and an
            optimiser of this package; the numbers are the same to rounding.

    Returns:
        Loss, learning rate and metrics of each step, all from the one forward pass that the step made.

    Raises:
        DivergedError: If the loss is nan or infinite.
        MicrogradTypeError: If the data is no pair, or the loss returns something other than a Value.
        MicrogradValueError: If there are no samples, X and y differ in length, or not exactly one of epochs
            and steps is given.
        MissingExtraError: If a progress bar is asked for and tqdm isn't installed.

    Ctrl-C leaves the parameters as they were after the last complete step.

    Example:
        >>> import random
        >>> from micrograd.nn import MLP, SGD, fit, hinge_loss
        >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [-1, 1, 1, -1]
        >>> model = MLP(2, [8, 1], rng=random.Random(3))
        >>> fit(model, (X, y), hinge_loss, SGD(model.parameters(), lr=0.1), steps=100, progress=False)
        <History of 100 steps: loss 0.8656 -> 0, accuracy 0.75 -> 1>
    """
    X, y = _samples(data)
    size = len(X) if batch_size is None else whole_number(batch_size, "batch_size", "fit(..., batch_size=32)")
    total = _total_steps(epochs, steps, math.ceil(len(X) / size))
    measures = _by_name(metrics)
    if isinstance(model, Module):
        model.train()
    history = History()
    take_step = _compiled_step(model, loss, optimizer, measures, history) if jit else _train_step
    with _progress_bar(total, progress) as bar:
        for _, batch in zip(range(total), _batches(len(X), size, seed), strict=False):
            rows = [X[i] for i in batch], [y[i] for i in batch]
            take_step(model, rows, loss, optimizer, measures, history)
            if scheduler is not None:
                scheduler.step()
            _show(bar, history)
    return history


def _train_step(
    model: Callable[[Any], Any],
    batch: _Samples,
    loss: Loss,
    optimizer: Optimizer,
    metrics: Mapping[str, Metric],
    history: History,
) -> None:
    X, y = batch
    # Each sample's numbers become Values once, rather than once in every neuron that reads them.
    scores = [model([Value(number) for number in row]) for row in X]
    total = loss(scores, y)
    if not isinstance(total, Value):
        raise MicrogradTypeError(
            f"the loss returned the {type(total).__name__} {total!r:.60}; fit() differentiates it, so it has "
            "to be a Value. Return the loss itself, not its .data, and mind the `return`."
        )
    if not math.isfinite(total.data):
        raise _diverged(total.data, optimizer.lr, history)
    measured = {name: float(metric(scores, y)) for name, metric in metrics.items()}
    lr = optimizer.lr
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    history.record(total.data, lr, measured)


def _compiled_step(
    model: Callable[[Any], Any], loss: Loss, optimizer: Any, metrics: Mapping[str, Metric], history: History
) -> Callable[..., None]:
    """What `_train_step` does, by a compiled program."""
    try:
        import numpy as np
    except ModuleNotFoundError:
        raise MissingExtraError('fit(jit=True) needs NumPy: pip install "micrograd-engine[tensor]"') from None

    def forward(X: Any, y: Any) -> tuple[Any, list[Any]]:
        scores = [model([Value(number) for number in row]) for row in X]
        return loss(scores, y), scores

    step = jit_train_step(forward, optimizer)

    def take_step(_model: Any, batch: _Samples, _loss: Any, _optimizer: Any, _metrics: Any, _history: Any) -> None:
        X, y = batch
        loss([Value(0.0)] * len(y), y)  # what it has to say about the targets, it says of plain numbers alone
        lr = optimizer.lr
        number, scores = step.with_results(np.array(X, dtype=float), np.array(y, dtype=float))
        if not math.isfinite(number):
            raise _diverged(number, lr, history)
        history.record(number, lr, {name: float(metric(scores, y)) for name, metric in metrics.items()})

    return take_step


def _diverged(loss: float, lr: float, history: History) -> DivergedError:
    error = DivergedError(
        f"the loss of step {len(history)} (counted from 0) is {loss}; the parameters are as they were before "
        f"that step. Most often the learning rate is too high: it is {lr}, try optimizer.lr = {lr / 10:.4g}. "
        "Else look for nan in the data, or for a log of 0 in the loss."
    )
    error.step, error.history = len(history), history
    return error


def _samples(data: Any) -> _Samples:
    """X as a list of rows and y as a list, of Python's own numbers where there were arrays."""
    try:
        X, y = data
    except (TypeError, ValueError):
        raise MicrogradTypeError(
            f"data is a data set or a pair (X, y), but was given a {type(data).__name__}. Write fit(model, "
            "(X, y), ...)."
        ) from None
    rows, targets = (list(part.tolist() if hasattr(part, "tolist") else part) for part in (X, y))
    if not rows:
        raise MicrogradValueError(
            "there are no samples to learn from: X is empty. Give at least one row and its target."
        )
    if len(rows) != len(targets):
        raise MicrogradValueError(
            f"X has {len(rows)} samples but y has {len(targets)} targets; there must be one each. "
            "Write fit(model, (X[:n], y[:n]), ...) if one of them was cut short."
        )
    if not hasattr(rows[0], "__len__"):
        raise MicrogradTypeError(
            f"each row of X holds the features of one sample, but the first is {rows[0]!r:.60}. "
            "For a single feature write X = [[x] for x in X]."
        )
    return rows, targets


def _total_steps(epochs: int | None, steps: int | None, per_epoch: int) -> int:
    if (epochs is None) == (steps is None):
        raise MicrogradValueError(
            "fit() needs to know how long to train, by one of two: write fit(..., epochs=10) for so many "
            "passes through the data, or fit(..., steps=100) for so many steps."
        )
    if epochs is not None:
        return per_epoch * whole_number(epochs, "epochs", "fit(..., epochs=10)")
    return whole_number(steps, "steps", "fit(..., steps=100)")


def _batches(count: int, size: int, seed: int | None) -> Iterator[list[int]]:
    """The samples of each step, without end; a new order at every pass, unless one step takes them all."""
    rng = random.Random(seed)
    order = list(range(count))
    while True:
        if size < count:
            rng.shuffle(order)
        yield from (order[start : start + size] for start in range(0, count, size))


def _by_name(metrics: Metric | Sequence[Metric]) -> dict[str, Metric]:
    listed = [metrics] if callable(metrics) else list(metrics)
    named = {getattr(metric, "__name__", type(metric).__name__): metric for metric in listed}
    if len(named) < len(listed):
        raise MicrogradValueError(
            f"two metrics have the same name ({', '.join(named)}), under which their numbers are kept. "
            "Write each as a function of its own: def my_metric(scores, targets): ..."
        )
    return named


def _progress_bar(total: int, progress: bool) -> Any:
    if not progress:
        return contextlib.nullcontext()
    try:
        from tqdm import tqdm
    except ImportError:
        raise MissingExtraError(
            "fit() shows its progress with tqdm, which isn't installed. Run pip install tqdm, or write "
            "fit(..., progress=False)."
        ) from None
    return tqdm(total=total, unit="step")


def _show(bar: Any, history: History) -> None:
    if bar is not None:
        latest = {"loss": history.loss, **history.metrics}
        bar.set_postfix({name: f"{values[-1]:.4f}" for name, values in latest.items()}, refresh=False)
        bar.update()
