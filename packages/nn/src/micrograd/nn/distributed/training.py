"""`fit_distributed`: one training on several machines, each of which has a part of the data.

At every step each worker of a dask cluster computes the gradient of its part of the batch; these are summed here, in an
order that is always the same, and the optimiser takes its step here. What it leaves out: models that don't fit into one
machine.

A worker that dies costs time and nothing else: dask has its part of the data and its gradient made anew by another one.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.distributed.clients import require_client
from micrograd.nn.module import Module
from micrograd.nn.random_states import generators_in
from micrograd.nn.training.array_samples import ArraySamples
from micrograd.nn.training.batches import Batches
from micrograd.nn.training.divergence import diverged
from micrograd.nn.training.evaluation import takes_arrays
from micrograd.nn.training.history import History
from micrograd.nn.training.progress import Progress
from micrograd.nn.training.runs import Run
from micrograd.nn.training.samples import as_samples
from micrograd.nn.training.updates import require_loss
from micrograd.nn.validation import whole_number

Loss = Callable[[Any, Any], Any]
_Gradients = tuple[float, list[Any]]


def fit_distributed(
    model: Module,
    data: Any,
    loss: Loss,
    optimizer: Any,
    *,
    client: Any,
    epochs: int,
    batch_size: int | None = None,
    shards: int | None = None,
    scheduler: Any = None,
    callbacks: Sequence[Any] = (),
    progress: bool = True,
    seed: int | None = 0,
) -> History:
    """Train a model of Tensors on a dask cluster; the result is that of `fit`, to rounding.

    Args:
        model: A Module that takes batches, without anything that draws or that looks at the whole batch: no dropout, no
            batch norm.
        data: A data set or a pair (X, y) of arrays.
        loss: `loss(scores, targets)`, the mean over the samples.
        optimizer: What moves the parameters.
        client: A `distributed.Client`.
        epochs: How often to go through the data.
        batch_size: Samples per step, over all shards; None for all of them.
        shards: Into how many parts the data are cut; as many as there are workers unless given. The numbers depend on
            it, by rounding, and neither on the number of workers nor on which of them live.
        scheduler: What sets the learning rate, after each step.
        callbacks: What is called beside: see `Callback`.
        progress: Whether to show a bar with the loss.
        seed: Of the order of the batches, the same as of `fit`.

    Returns:
        Loss and learning rate of each step.

    Raises:
        DivergedError: If the loss is nan or infinite.
        MicrogradTypeError: If the client is none, the data are no pair, or the loss doesn't return a Tensor.
        MicrogradValueError: If the model draws, has running statistics, or is one of Values.
        MissingExtraError: If dask isn't installed.

    Example:
        >>> from distributed import Client
        >>> from micrograd.nn import SGD, Linear, MSELoss
        >>> X = np.linspace(-1.0, 1.0, 8)[:, None]
        >>> model = Linear(1, 1, rng=0)
        >>> optimizer = SGD(model.parameters(), lr=0.5)
        >>> with Client(processes=False, n_workers=2, dashboard_address=":0") as client:
        ...     history = fit_distributed(
        ...         model, (X, 3.0 * X), MSELoss(), optimizer, client=client, epochs=40, progress=False
        ...     )
        >>> round(model.weight.data.item(), 3)
        3.0

    Reference: Dean et al., "Large scale distributed deep networks", NIPS (2012), in its synchronous form.
    """
    require_client(client, "fit_distributed")
    _require_shareable(model)
    samples = as_samples(data, True)
    size = len(samples) if batch_size is None else whole_number(batch_size, "batch_size", "batch_size=256")
    count = whole_number(shards or max(1, len(client.nthreads())), "shards", "shards=4")
    batches = Batches(len(samples), size, np.random.default_rng(seed))
    total = len(batches) * whole_number(epochs, "epochs", "fit_distributed(..., epochs=10)")
    run = Run(model, loss, optimizer, scheduler, batches, total, callbacks)
    model.train()
    cluster = _Cluster(client, model, loss, samples, min(count, len(samples)))
    run.tell("on_begin")
    with Progress(run.total, run.step, progress) as bar:
        while not run.is_over:
            _take_step(run, cluster, samples)
            if run.is_epoch_over:
                run.tell("on_epoch")
            if scheduler is not None:
                scheduler.step()
            run.tell("on_step")
            bar.advance(run.history)
    run.tell("on_end")
    return run.history


def _take_step(run: Run, cluster: _Cluster, samples: Any) -> None:
    rows = np.asarray(next(run.batches))
    run.batch = X, y = samples.take(rows)
    lr = run.optimizer.lr
    number, gradients = cluster.gradients(rows)
    if not math.isfinite(number):
        raise diverged(number, lr, run.history, run.model, lambda: run.loss(samples.predict(run.model, X), y))
    for parameter, gradient in zip(run.model.parameters(), gradients, strict=True):
        parameter.grad = gradient
    run.optimizer.step()
    run.history.record(number, lr, {})


class _Cluster:
    """The data and the model, as the workers have them.

    Both are results of tasks whose arguments the scheduler keeps, rather than scattered, which would be lost with the
    worker that has them.
    """

    def __init__(self, client: Any, model: Module, loss: Loss, samples: Any, count: int) -> None:
        import cloudpickle

        self._client, self._model = client, model
        bounds = np.linspace(0, len(samples), count + 1).astype(int)
        self._starts = bounds[:-1]
        self._shards = [
            client.submit(_kept, pickle.dumps(samples.take(np.arange(start, end))), pure=False)
            for start, end in pairwise(bounds)
        ]
        # The model and the loss in one, since a loss may speak of the model's parameters; by cloudpickle for a lambda.
        self._code = client.submit(_kept, cloudpickle.dumps((model, loss)), pure=False)

    def gradients(self, rows: Any) -> _Gradients:
        """The mean loss of these samples, and its gradient for each parameter."""
        numbers = [parameter.data for parameter in self._model.parameters()]
        owners = np.searchsorted(self._starts, rows, side="right") - 1
        tasks = []
        for shard, start in enumerate(self._starts):
            mine = rows[owners == shard] - start
            if len(mine):
                share = len(mine) / len(rows)
                task = self._client.submit(
                    _gradients_of, self._code, self._shards[shard], numbers, mine, share, pure=False
                )
                tasks.append(task)
        return _summed(self._client.gather(tasks))


def _kept(content: bytes) -> bytes:
    """What a worker is to keep."""
    return content


def _gradients_of(code: bytes, shard: bytes, numbers: list[Any], rows: Any, share: float) -> _Gradients:
    """On a worker: a shard's part of the loss, and of the gradient of each parameter.

    Args:
        code: The model and the loss, unpacked anew at each call, since a worker's threads share what it keeps.
        shard: Inputs and targets.
        numbers: What the parameters are at this step.
        rows: Which of the shard's samples are in the batch.
        share: How large a part of the batch these are.
    """
    model, loss = pickle.loads(code)
    samples = ArraySamples(*pickle.loads(shard))
    parameters = model.parameters()
    for parameter, content in zip(parameters, numbers, strict=True):
        parameter.data, parameter.grad = content, None
    X, y = samples.take(rows)
    total = require_loss(loss(samples.predict(model, X), y)) * share
    total.backward()
    return total.item(), [np.zeros_like(p.data) if p.grad is None else np.asarray(p.grad) for p in parameters]


def _summed(parts: list[_Gradients]) -> _Gradients:
    """The sum, from the first shard to the last."""
    loss, gradients = parts[0]
    for part, more in parts[1:]:
        loss += part
        gradients = [gradient + another for gradient, another in zip(gradients, more, strict=True)]
    return loss, gradients


def _require_shareable(model: Any) -> None:
    """Refuse a model whose parts of a batch don't add up to the whole batch."""
    if not isinstance(model, Module) or not takes_arrays(model.parameters()):
        raise MicrogradValueError(
            "fit_distributed() trains modules of Tensors. Write Sequential(Linear(64, 10)), or MLP(...).to_tensors()."
        )
    drawing, counting = list(generators_in(model)), [name for name, _ in model.named_buffers()]
    if drawing or counting:
        what = "draws at random" if drawing else "keeps statistics of whole batches"
        raise MicrogradValueError(
            f"the model {what} ({(drawing or counting)[0]}), and the parts of a batch would do so each on its "
            "own. Leave dropout and batch norm away (LayerNorm is fine), or train with fit()."
        )
