"""`fit`: the training loop. Forward, loss, backward, step, and a record of each.

The parts have files of their own: `samples.py` the data, `batches.py` their order, `updates.py` a step, `evaluation.py`
the look at the validation data, `callbacks.py` what happens beside, `checkpoints.py` how to go on later.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, Protocol

from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.observing.listeners import listeners, tell
from micrograd.nn.metrics.accuracies import Metric
from micrograd.nn.module import Module
from micrograd.nn.schedulers.plateau import ReduceLROnPlateau
from micrograd.nn.training.batches import Batches
from micrograd.nn.training.checkpoints import Checkpoint
from micrograd.nn.training.divergence import diverged
from micrograd.nn.training.evaluation import by_name, dtype_of, measure, takes_arrays, try_out
from micrograd.nn.training.history import History
from micrograd.nn.training.progress import Progress
from micrograd.nn.training.runs import Run
from micrograd.nn.training.samples import Samples, as_samples
from micrograd.nn.training.updates import (
    CompiledUpdate,
    Loss,
    NotFinite,
    RecordedUpdate,
    parameters_of,
    require_trained,
)
from micrograd.nn.validation import require_methods, whole_number, yes_or_no


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


@naming_arguments
def fit(
    model: Callable[[Any], Any],
    data: Iterable[Any],
    loss: Loss,
    optimizer: Optimizer,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    batch_size: int | None = None,
    validation: Iterable[Any] | None = None,
    metrics: Metric | Sequence[Metric] | None = None,
    callbacks: Sequence[Any] = (),
    checkpoint: Checkpoint | None = None,
    scheduler: Scheduler | ReduceLROnPlateau | None = None,
    scheduler_every: Literal["step", "epoch"] = "step",
    accumulate: int = 1,
    clip_norm: float | None = None,
    shuffle: bool = True,
    drop_last: bool = False,
    progress: bool = True,
    seed: int | None = 0,
    jit: bool = False,
) -> History:
    """Train `model` for so many `epochs` (passes through the data), or so many `steps` (moves).

    Args:
        model: A Module: of Values, which takes one sample, a list of d Values, and returns its score; or of Tensors,
            which takes a batch.
        data: A data set or a pair (X, y): n samples of d features, and n targets. For a model of Tensors they are
            arrays of any shape whose first axis counts the samples, or tuples of such arrays, `(X, (y, weights))`;
            real numbers are converted to the dtype of the parameters.
        loss: `loss(scores, targets)`, which returns one number to differentiate: `hinge_loss`, `cross_entropy`, or a
            function that adds a penalty.
        optimizer: What moves the parameters, such as `SGD`.
        epochs: How often to go through the data.
        steps: How many steps to take instead.
        batch_size: Samples per step, drawn in a new order each epoch; None for all of them, in their own
            order.
        validation: Data that the model isn't trained on; loss and metrics of these are recorded after each epoch.
        metrics: Functions of (scores, targets), recorded at each step; unless given, the accuracy if the targets are
            labels. Models of Tensors hand them arrays.
        callbacks: What is called beside: see `Callback`.
        checkpoint: Where to save the state of the training, and how often; the same call goes on from there.
        scheduler: What sets the learning rate; `ReduceLROnPlateau` is shown the loss of each epoch, of the validation
            data if there are any.
        scheduler_every: Whether it steps after each "step" or after each "epoch".
        accumulate: How many batches make a step: their gradients are averaged, each by its share of the samples, as if
            they were one batch (of a loss that is a mean over all of them).
        clip_norm: The largest norm of all gradients together: see `clip_grad_norm`.
        shuffle: Whether batches are drawn in a new order each epoch, or in that of the data.
        drop_last: Whether to leave out the last batch of an epoch if it isn't full.
        progress: Whether to show a bar with the loss and the metrics.
        seed: Of the order of the batches; None for another one each time.
        jit: Whether to compile the step: one trace for each size of batch, and from then on arrays. Needs NumPy, and an
            optimiser of this package; the numbers are the same to rounding, with the same draws of dropout. Refused are
            models that branch on what they compute, or draw random numbers otherwise than by `dropout`.

    Returns:
        Loss, learning rate and metrics of each step, all from the one forward pass that the step made.

    Raises:
        DivergedError: If the loss is nan or infinite.
        MicrogradTypeError: If the data is no pair, loss, optimizer or scheduler is something else, a switch neither
            True nor False, or the loss returns something other than a Value or a Tensor.
        MicrogradValueError: If there are no samples, X and y differ in length, the optimiser moves nothing of the
            model, or not exactly one of epochs and steps is given.
        MissingExtraError: If a progress bar is asked for and tqdm isn't installed.

    Ctrl-C, and an error in the loss or a metric, leave the parameters and the optimiser as they were after the last
    complete step; an error in a callback or a schedule, as they were when it was called.

    Example:
        >>> import random
        >>> from micrograd.nn import MLP, SGD, fit, hinge_loss
        >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [-1, 1, 1, -1]
        >>> model = MLP(2, [8, 1], rng=random.Random(3))
        >>> fit(model, (X, y), hinge_loss, SGD(model.parameters(), lr=0.1), steps=100, progress=False)
        <History of 100 steps: loss 0.8656 -> 0, accuracy 0.75 -> 1>
    """
    require_methods(model, "model", ("__call__",), "fit(Sequential(Linear(2, 1)), data, loss, optimizer, steps=100)")
    _check_roles(loss, optimizer, scheduler, scheduler_every, checkpoint)
    _check_switches(shuffle=shuffle, drop_last=drop_last, progress=progress, jit=jit)
    require_trained(model, optimizer)
    parameters = parameters_of(model, optimizer)
    kind = takes_arrays(parameters), dtype_of(parameters)
    samples = as_samples(data, *kind)
    held_out = None if validation is None else as_samples(validation, *kind)
    measures = by_name(metrics, samples)
    size, parts = _sizes(batch_size, accumulate, len(samples))
    batches = Batches(len(samples), size * parts, _order(seed, parameters), shuffle=shuffle, drop_last=drop_last)
    run = Run(model, loss, optimizer, scheduler, batches, _total_steps(epochs, steps, len(batches)), callbacks)
    update = (CompiledUpdate if jit else RecordedUpdate)(model, loss, optimizer, samples, parts, clip_norm)
    if held_out is not None:
        try_out(model, held_out, loss)
    _begin(run, samples, checkpoint)
    with Progress(run.total, run.step, progress) as bar:
        while not run.is_over:
            _take_step(run, update, samples, size, measures)
            if run.is_epoch_over:
                if held_out is not None:
                    run.history.record_validation(measure(model, held_out, loss, measures, max(size, 256)))
                run.tell("on_epoch")
            if scheduler is not None:
                _move_rate(run, scheduler, scheduler_every)
            run.tell("on_step")
            if checkpoint is not None:
                checkpoint.after_step(run)
            bar.advance(run.history)
    run.tell("on_end")
    return run.history


def _check_roles(loss: Any, optimizer: Any, scheduler: Any, every: str, checkpoint: Any) -> None:
    """Refuse what can't play its part, before anything is moved."""
    require_methods(loss, "loss", ("__call__",), "fit(model, (X, y), hinge_loss, optimizer, steps=100)")
    example = "fit(model, data, loss, SGD(model.parameters(), lr=0.1), steps=100)"
    require_methods(optimizer, "optimizer", ("step", "zero_grad"), example)
    if not hasattr(optimizer, "lr"):
        raise MicrogradTypeError(
            f"fit() takes an optimiser of micrograd.nn, or one with a learning rate `lr` like theirs, but was given a "
            f"{type(optimizer).__module__}.{type(optimizer).__name__}. Write {example}."
        )
    if scheduler is not None:
        require_methods(scheduler, "scheduler", ("step",), "fit(..., scheduler=StepLR(optimizer, step_size=30))")
        if getattr(scheduler, "optimizer", optimizer) is not optimizer:
            raise MicrogradValueError(
                f"the {type(scheduler).__name__} sets the rate of another optimiser than the one that is given, which "
                f"would stay at lr={optimizer.lr}. Write {type(scheduler).__name__}(optimizer, ...) with this one."
            )
    if every not in ("step", "epoch"):
        raise MicrogradValueError(f'scheduler_every is "step" or "epoch", but was given {every!r:.40}.')
    if checkpoint is not None:
        require_methods(checkpoint, "checkpoint", ("resume", "after_step"), 'fit(..., checkpoint=Checkpoint("run.st"))')


def _check_switches(**switches: Any) -> None:
    for name, value in switches.items():
        yes_or_no(value, name, f"fit(model, data, loss, optimizer, steps=100, {name}=True)")


def _begin(run: Run, samples: Samples, checkpoint: Checkpoint | None) -> None:
    """Prepare the model, go on from a checkpoint if there is one, and tell all who look on."""
    if isinstance(run.model, Module):
        run.model.train()
    if checkpoint is not None:
        checkpoint.resume(run)
    run.tell("on_begin")
    if listeners:
        tell("given", *samples.take(range(len(samples))))


def _take_step(run: Run, update: Any, samples: Samples, size: int, measures: dict[str, Metric]) -> None:
    rows = next(run.batches)
    run.batch = samples.take(rows)
    parts = [run.batch] if len(rows) <= size else _parts(samples, rows, size)

    def look(scores: Any) -> dict[str, float]:
        return {name: float(metric(scores, run.batch[1])) for name, metric in measures.items()}

    lr = run.optimizer.lr
    try:
        number, measured = update(parts, look)
    except NotFinite as error:
        found = error
    else:
        run.history.record(number, lr, measured)
        return
    # Raised out here, it carries no context along: a worker's errors are pickled, and a model may not be.
    raise diverged(found.loss, lr, run.history, run.model, found.again)


def _parts(samples: Samples, rows: Sequence[int], size: int) -> list[Any]:
    return [samples.take(rows[start : start + size]) for start in range(0, len(rows), size)]


def _move_rate(run: Run, scheduler: Scheduler | ReduceLROnPlateau, every: str) -> None:
    """Have the schedule set the rate of the next step."""
    is_epoch_over = run.batches.is_between_epochs
    if isinstance(scheduler, ReduceLROnPlateau):
        if is_epoch_over:
            looks = run.history.validation.get("loss")
            scheduler.step(looks[-1] if looks else run.epoch_loss())
    elif every == "step" or is_epoch_over:
        scheduler.step()


def _sizes(batch_size: int | None, accumulate: int, count: int) -> tuple[int, int]:
    """How many samples a batch has, and how many batches a step."""
    size = count if batch_size is None else whole_number(batch_size, "batch_size", "fit(..., batch_size=32)")
    return size, whole_number(accumulate, "accumulate", "fit(..., batch_size=32, accumulate=4)")


def _order(seed: int | None, parameters: Any) -> Any:
    """What draws the order of the batches: Python's generator for scalar nets, NumPy's for arrays."""
    if seed is not None:
        seed = whole_number(seed, "seed", "fit(..., seed=0)", least=0)
    if not takes_arrays(parameters):
        return random.Random(seed)
    import numpy as np

    return np.random.default_rng(seed)


def _total_steps(epochs: int | None, steps: int | None, per_epoch: int) -> int:
    if (epochs is None) == (steps is None):
        raise MicrogradValueError(
            "fit() needs to know how long to train, by one of two: write fit(..., epochs=10) for so many "
            "passes through the data, or fit(..., steps=100) for so many steps."
        )
    if epochs is not None:
        return per_epoch * whole_number(epochs, "epochs", "fit(..., epochs=10)")
    return whole_number(steps, "steps", "fit(..., steps=100)")
