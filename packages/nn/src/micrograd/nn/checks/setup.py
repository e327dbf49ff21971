"""What is to be checked: a model, a loss, a batch and the parameters, brought into one form."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.tensor import Tensor
from micrograd.nn.module import Module
from micrograd.nn.walking import is_tensor

_MOST_ROWS = 32  # of a net of Values, which takes milliseconds for each


@dataclass
class Setup:
    """What is to be checked.

    Attributes:
        model: Takes a batch, or, if it is made of Values, a row.
        loss_fn: Takes predictions and targets.
        X: The inputs, rows along the first axis.
        y: The targets.
        names: The parameters with their names.
        optimizer: What moves them, if it is known.
        module: The module that holds them, if one does.
        as_given: From targets in an array to the form in which they were given.
    """

    model: Callable[..., Any]
    loss_fn: Callable[..., Any]
    X: np.ndarray
    y: np.ndarray
    names: dict[Node, str]
    optimizer: Any
    module: Module | None
    as_given: Callable[[np.ndarray], Any]

    @property
    def is_scalar(self) -> bool:
        """Whether the model is made of Values, and takes a row at a time."""
        return not any(map(is_tensor, self.names))

    @property
    def learned(self) -> list[Any]:
        """The parameters that require a gradient."""
        return [parameter for parameter in self.names if parameter._requires_grad]

    @property
    def kept(self) -> tuple[list[Any], list[Any], Any]:
        """What `unchanged` is to keep."""
        return [self.model, self.module, self.loss_fn], list(self.names), self.optimizer

    def first(self, count: int) -> Setup:
        """The same with the first rows alone."""
        return replace(self, X=self.X[:count], y=self.y[:count])

    def predict(self) -> Any:
        """What the model says: a Tensor, or a list of Values."""
        if self.is_scalar:
            return [self.model(row) for row in self.X.tolist()]
        return self.model(Tensor(self.X) if self.X.dtype.kind == "f" else self.X)

    def loss_of(self, predictions: Any, y: np.ndarray) -> Any:
        """The loss of predictions, without a word about what the loss itself warns of."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.loss_fn(predictions, self.as_given(y))

    def loss(self) -> Any:
        """The loss of the batch."""
        return self.loss_of(self.predict(), self.y)

    def clear(self) -> None:
        """Forget the gradients."""
        for parameter in self.names:
            parameter.grad = parameter._no_gradient


def set_up(model: Any, loss_fn: Any, batch: Any, parameters: Any, optimizer: Any) -> Setup:
    """What is to be checked, or the error for what can't be.

    Raises:
        MicrogradTypeError: If the batch is no pair of numbers, a function can't be called, or there are no parameters.
        MicrogradValueError: If the batch is empty.
    """
    for name, function in (("model", model), ("loss_fn", loss_fn)):
        if not callable(function):
            raise MicrogradTypeError(
                f"{name} is a function, but was given {kind_of(function)}. Write check_training(model, "
                "cross_entropy, (X, y))."
            )
    X, y = _pair(batch)
    source = model if parameters is None else parameters
    module = next((thing for thing in (model, source) if isinstance(thing, Module)), None)
    setup = Setup(model, loss_fn, _array(X, "X"), _array(y, "y"), _names(source), optimizer, module, _form(y))
    if not setup.names:
        raise MicrogradTypeError(
            "there are no parameters to be trained: model.parameters() is empty, or there is none. Write "
            "check_training(f, loss_fn, batch, parameters=[w, b]) for a function f of w and b."
        )
    return setup.first(_MOST_ROWS) if setup.is_scalar else setup


def _pair(batch: Any) -> tuple[Any, Any]:
    try:
        X, y = batch
    except (TypeError, ValueError):
        raise MicrogradTypeError(
            f"a batch is a pair (X, y), but was given {kind_of(batch)}. Write check_training(model, loss_fn, (X, y))."
        ) from None
    return X, y


def _array(data: Any, name: str) -> np.ndarray:
    try:
        array = data._data if isinstance(data, Tensor) else np.asarray(data)
    except (TypeError, ValueError):
        array = np.array(None)
    if array.dtype.kind not in "fiub" or array.ndim == 0:
        raise MicrogradTypeError(
            f"{name} is numbers in rows of one length, but was given {kind_of(data)} {data!r:.60}. Write "
            "check_training(model, loss_fn, (np.array(rows, dtype=float), np.array(targets)))."
        )
    if len(array) == 0:
        raise MicrogradValueError(f"{name} has no rows: there is nothing to check. Give a batch of at least eight.")
    return array


def _form(y: Any) -> Callable[[np.ndarray], Any]:
    if isinstance(y, Tensor):
        return Tensor
    return (lambda numbers: numbers.tolist()) if isinstance(y, (list, tuple)) else (lambda numbers: numbers)


def _names(source: Any) -> dict[Node, str]:
    if hasattr(source, "named_parameters"):
        return {parameter: name for name, parameter in source.named_parameters()}
    listed = source.parameters() if hasattr(source, "parameters") else source
    parameters = listed if isinstance(listed, Iterable) and not isinstance(listed, Node) else [listed]
    return {p: p.label or f"parameter {k}" for k, p in enumerate(parameters) if isinstance(p, Node)}
