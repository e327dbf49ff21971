"""One step of a training, as recorded code or as a compiled program: loss, gradients, the optimiser's move."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError, MissingExtraError, TracingError
from micrograd.engine.value import Value
from micrograd.nn.optim.clipping import clip, clip_grad_norm
from micrograd.nn.training.compiled_steps import Part, TrainStep
from micrograd.nn.training.samples import Batch, Samples, ScalarSamples

Loss = Callable[[Any, Any], Any]
Look = Callable[[Any], Any]


class NotFinite(Exception):
    """The loss is nan or infinite, and nothing was moved; the training loop makes a `DivergedError` of it.

    Attributes:
        loss: The loss.
        again: Computes it again.
    """

    def __init__(self, loss: float, again: Callable[[], Any]) -> None:
        super().__init__(loss)
        self.loss, self.again = loss, again


class RecordedUpdate:
    """A step on the recorded graph.

    Args:
        model: What is trained.
        loss: `loss(scores, targets)`.
        optimizer: What moves the parameters.
        samples: Whose batches these are.
        parts: How many parts a batch comes in at most.
        clip_norm: The largest norm of all gradients together; None for any.
    """

    def __init__(
        self, model: Any, loss: Loss, optimizer: Any, samples: Samples, parts: int, clip_norm: float | None
    ) -> None:
        self._model, self._loss, self._optimizer, self._samples = model, loss, optimizer, samples
        self._clip_norm = clip_norm

    def __call__(self, parts: Sequence[Batch], look: Look) -> tuple[float, Any]:
        """Take a step.

        Args:
            parts: The batch, in parts whose gradients are added up, each by its share of the samples.
            look: Called with the scores of the forward pass, before anything is moved.

        Returns:
            The loss before the step, and what `look` returned.

        Raises:
            NotFinite: If the loss is nan or infinite.
        """
        loss, found = 0.0, []
        shares = _shares(parts, self._samples)
        for k, (part, share) in enumerate(zip(parts, shares, strict=True)):
            scores, total, number = self._forward(part)
            if k == 0:
                self._optimizer.zero_grad()
            (total if share == 1.0 else total * share).backward()
            loss += number * share
            found.append(self._samples.numbers(scores))
        if self._clip_norm is not None:
            clip_grad_norm(parameters_of(self._model, self._optimizer), self._clip_norm)
        seen = look(found[0] if len(found) == 1 else self._samples.join(found))
        self._optimizer.step()
        return loss, seen

    def _forward(self, part: Batch) -> tuple[Any, Any, float]:
        X, y = part
        scores = self._samples.predict(self._model, X)
        total = require_loss(self._loss(scores, y))
        number = _number(total)
        if not math.isfinite(number):
            raise NotFinite(number, lambda: self._loss(self._samples.predict(self._model, X), y))
        return scores, total, number


class CompiledUpdate:
    """The same step as one compiled program, for each size of batch.

    Args:
        model: What is trained.
        loss: `loss(scores, targets)`.
        optimizer: An optimiser of this package.
        samples: Whose batches these are.
        parts: How many parts a batch comes in at most.
        clip_norm: The largest norm of all gradients together; None for any.

    Raises:
        MissingExtraError: If NumPy isn't installed.
    """

    def __init__(
        self, model: Any, loss: Loss, optimizer: Any, samples: Samples, parts: int, clip_norm: float | None
    ) -> None:
        try:
            import numpy  # noqa: F401, ICN001
        except ModuleNotFoundError:
            raise MissingExtraError('fit(jit=True) needs NumPy: pip install "micrograd-engine[tensor]"') from None
        self._model, self._loss, self._samples = model, loss, samples
        self._step = TrainStep(_forward(model, loss, samples), optimizer, "auto", True, clip(clip_norm, None), parts)

    def __call__(self, parts: Sequence[Batch], look: Look) -> tuple[float, Any]:
        """Take a step; its arguments and results are those of `RecordedUpdate`."""
        loss, found = 0.0, []
        shares = _shares(parts, self._samples)
        for k, (batch, share) in enumerate(zip(parts, shares, strict=True)):
            number, scores = self._take(batch, Part(share, k == 0, k == len(parts) - 1))
            loss += number * share
            found.append(scores)
        try:
            return loss, look(found[0] if len(found) == 1 else self._samples.join(found))
        except BaseException:
            self._step.undo()
            raise

    def _take(self, batch: Batch, part: Part) -> tuple[float, Any]:
        X, y = batch
        if isinstance(self._samples, ScalarSamples):
            self._loss([Value(0.0)] * len(y), y)  # what it has to say about the targets, it says of plain numbers alone
        try:
            loss, scores = self._step.with_results(*self._samples.for_program(X, y), part=part)
        except TracingError as error:
            raise TracingError(f"jit=True can't compile this step; jit=False runs it. {error}") from None
        if not math.isfinite(loss):
            self._step.undo()
            raise NotFinite(loss, lambda: self._loss(self._samples.predict(self._model, X), y))
        return loss, scores


def _forward(model: Any, loss: Loss, samples: Samples) -> Callable[[Any, Any], tuple[Any, Any]]:
    """Loss and scores of a batch, as a function that knows no more than what they depend on."""

    def forward(X: Any, y: Any) -> tuple[Any, Any]:
        scores = samples.predict(model, X)
        return _require_recorded(loss(scores, y)), scores

    return forward


def parameters_of(model: Any, optimizer: Any) -> list[Any]:
    """What is trained, as the optimiser has it, or else the model."""
    found: Any = getattr(optimizer, "parameters", getattr(model, "parameters", ()))
    return list(found() if callable(found) else found)


def require_trained(model: Any, optimizer: Any) -> None:
    """Refuse an optimiser that moves nothing of the model: training would go on, and nothing be learned.

    Raises:
        MicrogradValueError: If it has none of the model's parameters, or all of those are frozen.
    """
    if not callable(getattr(model, "parameters", None)):
        return
    own, moved = set(model.parameters()), parameters_of(model, optimizer)
    if own and own.isdisjoint(moved):
        raise MicrogradValueError(
            "the optimiser moves none of the model's parameters: it was made for another model, or for this one before "
            f"its layers were replaced. Make it anew: {type(optimizer).__name__}(model.parameters())."
        )
    if not any(parameter._requires_grad for parameter in moved):
        raise MicrogradValueError(
            "all parameters that the optimiser moves are frozen, so that nothing would be learned. Write "
            "model.unfreeze(), or unfreeze a part of it."
        )


def require_loss(loss: Any) -> Any:
    """The loss, if it is one number that can be differentiated.

    Raises:
        MicrogradTypeError: If it is no node of a graph.
        MicrogradValueError: If it holds several numbers.
    """
    _require_recorded(loss)
    if math.prod(getattr(loss, "shape", ())) != 1:
        raise MicrogradValueError(
            f"the loss returned a Tensor of shape {tuple(getattr(loss, 'shape', ()))}; fit() needs one number for the "
            'batch. Return its mean: loss.mean(), or reduction="mean".'
        )
    return loss


def _require_recorded(loss: Any) -> Any:
    """The loss, if it is a node of a graph, or what stands for one while a step is traced."""
    if not hasattr(loss, "_interpreter_rank"):
        raise MicrogradTypeError(
            f"the loss returned the {type(loss).__name__} {loss!r:.60}; fit() differentiates it, so it has "
            "to be a Value or a Tensor. Return the loss itself, not its .data, and mind the `return`."
        )
    return loss


def _number(loss: Any) -> float:
    return float(loss.data) if isinstance(loss, Value) else float(loss._data.item())


def _shares(parts: Sequence[Batch], samples: Samples) -> list[float]:
    """What share of the samples each part has."""
    if len(parts) == 1:
        return [1.0]
    counts = [samples.count(X) for X, _ in parts]
    return [count / sum(counts) for count in counts]
