"""How wrong a scalar net's answers are, as one Value to differentiate: `hinge_loss`, `mse_loss` and `l2_penalty`.

Given Tensors, the first two are those of the engine, which take whole batches.

Sums run from left to right and are then multiplied by 1/n, as in micrograd's demo, so that its numbers come
out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.ops.activations import relu
from micrograd.engine.value import Value
from micrograd.nn.targets import paired
from micrograd.nn.validation import nonnegative
from micrograd.nn.walking import is_tensor


def hinge_loss(scores: Any, labels: Any) -> Any:
    """The mean of max(0, 1 - y * s): a score on the right side of the margin costs nothing.

    Args:
        scores: n Values, one score per sample; or a Tensor, with labels in an array of the same shape.
        labels: n labels, each -1 or +1; Values, such as `jit` passes, are taken as they are.

    Raises:
        MicrogradValueError: If the lengths differ, there are none, or a label is another number.
        MicrogradTypeError: If a score is a list, as of a model with several outputs.

    Example:
        >>> from micrograd.engine import Value
        >>> hinge_loss([Value(2.0), Value(0.5)], [1, -1]).data
        0.75

    Reference: the max-margin loss of Cortes and Vapnik, "Support-vector networks", Machine Learning 20
        (1995).
    """
    if _is_recorded_array(scores):
        from micrograd.engine.ops.neural.margins import hinge_loss as of_arrays

        return of_arrays(scores, labels)
    pairs = paired(scores, labels, "hinge_loss(scores, labels)")
    for _, label in pairs:
        if not isinstance(label, Value) and (_is_bool(label) or label not in (-1, 1)):
            _refuse_label(label)
    return _mean([relu(1 + -label * score) for score, label in pairs])


def mse_loss(predictions: Any, targets: Any) -> Any:
    """The mean squared error, mean((p - t)²).

    Args:
        predictions: n Values; or a Tensor, with targets of the same shape.
        targets: n numbers.

    Raises:
        MicrogradValueError: If the lengths differ or there are none.
        MicrogradTypeError: If a prediction is a list, as of a model with several outputs.

    Example:
        >>> from micrograd.engine import Value
        >>> mse_loss([Value(1.0), Value(3.0)], [1.0, 1.0]).data
        2.0
    """
    if _is_recorded_array(predictions):
        from micrograd.engine.ops.neural.losses import mse_loss as of_arrays

        return of_arrays(predictions, targets)
    pairs = paired(predictions, targets, "mse_loss(predictions, targets)")
    return _mean([(prediction - target) ** 2 for prediction, target in pairs])


def l2_penalty(parameters: Any, alpha: float = 1e-4) -> Any:
    """alpha * sum(p²): added to a loss, it keeps the weights small.

    Its gradient is 2 * alpha * p. (`SGD(weight_decay=wd)` adds wd * p instead and leaves the loss as it is.)

    Args:
        parameters: What to keep small, `model.parameters()`.
        alpha: How much it counts.

    Raises:
        MicrogradTypeError: If it was given the model itself.
        MicrogradValueError: If there are no parameters, or alpha is negative, nan or infinite.

    Example:
        >>> from micrograd.engine import Value
        >>> l2_penalty([Value(3.0), Value(4.0)], alpha=0.1).data
        2.5
    """
    if callable(getattr(parameters, "parameters", None)):
        raise MicrogradTypeError(
            "l2_penalty() takes the parameters, not the model. Write l2_penalty(model.parameters())."
        )
    if not isinstance(parameters, Iterable) or isinstance(parameters, (str, Node)):
        raise MicrogradTypeError(
            f"l2_penalty() takes a list of parameters, not {kind_of(parameters)}. Write l2_penalty(model.parameters())."
        )
    squares = [(p * p).sum() if is_tensor(p) else p * p for p in parameters]
    if not squares:
        raise MicrogradValueError("l2_penalty() was given no parameters. Write l2_penalty(model.parameters()).")
    weight = nonnegative(alpha, "alpha", "l2_penalty(model.parameters(), alpha=1e-4)")
    return weight * sum(squares, 0.0 if is_tensor(squares[0]) else Value(0.0))


def _is_recorded_array(scores: Any) -> bool:
    """Whether this is a Tensor, or what stands for one while `jit` or `vmap` traces."""
    if not is_tensor(scores):
        return False
    from micrograd.engine.arrays.function_methods import FunctionMethods

    return isinstance(scores, FunctionMethods)


def _mean(losses: list[Value]) -> Value:
    mean: Value = sum(losses, Value(0.0)) * (1.0 / len(losses))
    return mean


def _is_bool(label: Any) -> bool:
    # True == 1, so that a batch of nothing but True would pass unnoticed; NumPy's is called bool or bool_.
    return type(label).__name__ in ("bool", "bool_")


def _refuse_label(label: Any) -> None:
    hint = (
        "Labels of 0 and 1 become -1 and +1 by labels = [2 * int(y) - 1 for y in labels]; of a data set, "
        "take data.signed_labels."
        if _is_bool(label) or label == 0
        else "Write labels = [1 if y == positive else -1 for y in labels]."
    )
    raise MicrogradValueError(f"hinge_loss() takes labels that are -1 or +1, but one is {label!r:.60}. {hint}")
