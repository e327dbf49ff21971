"""`evaluate`: loss and metrics of a model on data that it isn't trained on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.observing.recording import no_grad
from micrograd.nn.metrics.accuracies import Metric, accuracy
from micrograd.nn.module import Module
from micrograd.nn.training.samples import Samples, as_samples
from micrograd.nn.validation import require_methods, whole_number
from micrograd.nn.walking import is_tensor


@naming_arguments
def evaluate(
    model: Any,
    data: Any,
    loss: Any = None,
    metrics: Metric | Sequence[Metric] | None = None,
    batch_size: int = 256,
) -> dict[str, float]:
    """Loss and metrics of a model on data, without recording and in evaluation mode.

    Args:
        model: A Module, scalar or of Tensors.
        data: A data set or a pair (X, y), as `fit` takes it.
        loss: `loss(scores, targets)`, of all samples at once, whatever it sums or leaves out; None to leave it out.
        metrics: Functions of (scores, targets), asked once about all of them; unless given, the accuracy if the targets
            are labels.
        batch_size: How many samples the model computes at a time.

    Returns:
        The numbers by name, the loss as "loss". The model's mode stays as it is.

    Raises:
        MicrogradTypeError, MicrogradValueError: If the data can't be used, as in `fit`, loss or metrics can't be
            called, or the loss is several numbers.

    Example:
        >>> import numpy as np
        >>> from micrograd.nn import Linear, cross_entropy
        >>> model = Linear(2, 2, rng=0)
        >>> sorted(evaluate(model, (np.eye(2), np.array([0, 1])), cross_entropy))
        ['accuracy', 'loss']
    """
    require_methods(model, "model", ("parameters",), "evaluate(model, (X, y), cross_entropy)")
    if loss is not None:
        require_methods(loss, "loss", ("__call__",), "evaluate(model, (X, y), cross_entropy)")
    parameters = model.parameters()
    samples = as_samples(data, takes_arrays(parameters), dtype_of(parameters))
    size = whole_number(batch_size, "batch_size", "evaluate(model, (X, y), batch_size=256)")
    return measure(model, samples, loss, by_name(metrics, samples), size)


def measure(
    model: Any, samples: Samples, loss: Any, metrics: Mapping[str, Metric], batch_size: int
) -> dict[str, float]:
    """The same, of samples and metrics that are ready."""
    with _evaluating(model):
        return _measured(model, samples, loss, metrics, batch_size)


def try_out(model: Any, samples: Samples, loss: Any) -> None:
    """Take one sample through model and loss: what doesn't fit is said now, and not after an epoch of training."""
    X, y = samples.take(range(1))
    with _evaluating(model):
        loss(samples.predict(model, X), y)


@contextmanager
def _evaluating(model: Any) -> Iterator[None]:
    """Have every part of the model in evaluation mode, and nothing recorded; afterwards each has its mode back."""
    modes = [(module, module.training) for module in model.modules()] if isinstance(model, Module) else []
    for module, _ in modes:
        module.training = False
    try:
        with no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def _measured(
    model: Any, samples: Samples, loss: Any, metrics: Mapping[str, Metric], batch_size: int
) -> dict[str, float]:
    found, truth = [], []
    for start in range(0, len(samples), batch_size):
        X, y = samples.take(range(start, min(start + batch_size, len(samples))))
        found.append(samples.numbers(samples.predict(model, X)))
        truth.append(y)
    scores, y = samples.join(found), samples.join(truth)
    measured = {name: float(metric(scores, y)) for name, metric in metrics.items()}
    if loss is None:
        return measured
    # Of all at once: a mean over the samples that count isn't the mean of the batches' means.
    return {"loss": _one_number(loss(samples.as_scores(scores), y)), **measured}


def _one_number(loss: Any) -> float:
    number = getattr(loss, "_data", loss)
    if math.prod(getattr(number, "shape", ())) != 1:
        raise MicrogradValueError(
            f"the loss returned shape {tuple(number.shape)}, and is to be one number. Return its mean: "
            'loss.mean(), or reduction="mean".'
        )
    return float(number.item() if hasattr(number, "item") else number)


def by_name(metrics: Metric | Sequence[Metric] | None, samples: Samples) -> dict[str, Metric]:
    """The metrics by the names under which their numbers are kept.

    Raises:
        MicrogradTypeError: If one of them can't be called.
        MicrogradValueError: If two of them have the same.
    """
    if metrics is None:
        metrics = (accuracy,) if samples.have_labels() else ()
    listed: list[Any] = [metrics] if callable(metrics) or not hasattr(metrics, "__iter__") else list(metrics)
    for metric in listed:
        require_methods(metric, "a metric", ("__call__",), "fit(..., metrics=(accuracy,))")
    named = {getattr(metric, "__name__", type(metric).__name__): metric for metric in listed}
    if len(named) < len(listed):
        raise MicrogradValueError(
            f"two metrics have the same name ({', '.join(named)}), under which their numbers are kept. "
            "Write each as a function of its own: def my_metric(scores, targets): ..."
        )
    return named


def dtype_of(parameters: Any) -> Any:
    """The dtype that all parameters have; None if there are several, or they are Values."""
    dtypes = {getattr(parameter, "dtype", None) for parameter in parameters}
    return dtypes.pop() if len(dtypes) == 1 else None


def takes_arrays(parameters: Any) -> bool:
    """Whether these are the parameters of a model of Tensors, which takes batches rather than rows."""
    return any(map(is_tensor, parameters))
