"""Whether what a loss takes for logits looks like something else, and the warning that says so."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

_SUM_OF_PROBABILITIES = 1e-6  # how near to 1


class LogitsWarning(UserWarning):
    """A loss that takes logits was given what looks like probabilities.

    Example:
        >>> import warnings
        >>> from micrograd.engine import Tensor, softmax
        >>> from micrograd.nn import cross_entropy
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     _ = cross_entropy(softmax(Tensor([[1.0, 2.0]], requires_grad=True)), [1])
        >>> caught[0].category.__name__
        'LogitsWarning'
    """


def warn_of_softmax(logits: Any, name: str) -> None:
    """Warn if the logits of classes are the result of a softmax, or probabilities by their numbers."""
    op = _maker_of(logits)
    if op in ("softmax", "masked_softmax"):
        _warn(
            f"{name}() was given the result of a softmax. It takes the softmax itself, and a second one flattens the "
            "gradients. Drop the softmax and give it the logits; for probabilities to look at, softmax them apart."
        )
    elif not op and _are_probabilities(getattr(logits, "_data", logits)):
        _warn(
            f"{name}() takes logits, any real numbers, but was given rows of numbers from 0 to 1 whose sum is 1: "
            "probabilities? Give it what was there before the softmax, or log(probabilities) to nll_loss()."
        )


def warn_of_sigmoid(logits: Any, name: str) -> None:
    """Warn if the logits of a yes or no are the result of a sigmoid."""
    if _maker_of(logits) == "sigmoid":
        _warn(
            f"{name}() was given the result of a sigmoid. It takes the sigmoid itself, and a second one flattens the "
            "gradients. Drop the sigmoid and give it the logits."
        )


def _maker_of(x: Any) -> str:
    """The name of the operation that made it, recorded or traced; "" of an input."""
    op = getattr(x, "op", None) or getattr(getattr(x, "instruction", None), "op", None)
    return getattr(op, "name", "")


def _are_probabilities(numbers: Any) -> bool:
    if not isinstance(numbers, np.ndarray) or numbers.ndim < 2 or numbers.size == 0 or numbers.dtype.kind != "f":
        return False
    if numbers.shape[1] < 2 or numbers.min() < 0.0 or numbers.max() > 1.0:
        return False
    return bool((np.abs(numbers.sum(axis=1) - 1.0) < _SUM_OF_PROBABILITIES).all())


def _warn(message: str) -> None:
    warnings.warn(message, LogitsWarning, stacklevel=4)
