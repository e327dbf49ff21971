"""The losses that compare element with element: regression, binary classification, distributions.

Each takes `reduction`: "mean" over all elements, their "sum", or "none" for the elements themselves. Shapes must be
equal: nothing is broadcast, since (N, 1) beside (N,) would give N x N numbers and a loss that means nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.activations import sigmoid, softplus
from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.choices import abs, sign, where
from micrograd.engine.ops.elementwise import elementwise, exp, log, square
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_choice, require_fits, require_numbers, require_same_shape

_SLACK = 1e-6  # how far rounding may take a probability out of [0, 1]

# ---- primitives --------------------------------------------------------------------------------------------


@elementwise(lambda g, out, x, delta: g * where(abs(x) <= delta, x, delta * sign(x)))
def huber(x, delta=1.0):
    """x**2 / 2 up to |x| = delta, and from there on straight, delta * (|x| - delta / 2).

    Example:
        >>> huber(np.array([0.5, -3.0]))
        array([0.125, 2.5  ])
    """
    size = np.abs(x)
    curved = np.minimum(size, delta)
    return curved * (size - 0.5 * curved)


@elementwise(
    lambda g, out, x, t: g * (sigmoid(x) * (1.0 - t) - sigmoid(-x) * t),
    lambda g, out, x, t: -g * x,
)
def logistic_loss(x, t):
    """-t log(sigmoid(x)) - (1 - t) log(sigmoid(-x)), without overflow; t is a probability.

    Example:
        >>> logistic_loss(np.array([0.0, 800.0]), np.array([1.0, 0.0])).round(6)
        array([6.93147e-01, 8.00000e+02])
    """
    _require_probabilities(t)
    return np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x)))


def _require_probabilities(t: Any) -> None:
    if np.size(t) and not (np.min(t) >= -_SLACK and np.max(t) <= 1 + _SLACK):
        raise MicrogradValueError(
            f"binary_cross_entropy_with_logits(): targets are probabilities from 0 to 1, but go from {np.min(t)} to "
            f"{np.max(t)}. For labels -1 and +1 write (target + 1) / 2, or use hinge_loss."
        )


# ---- the losses --------------------------------------------------------------------------------------------


@by_any_name
def mse_loss(input: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """Mean squared error: the mean of `(input - target)**2`.

    Args:
        input: Predictions, of any shape.
        target: What they should be, of the same shape.
        reduction: "mean", "sum" or "none".
        weight: How much each element counts, of the same shape; the mean is then the weighted one.

    Raises:
        MicrogradValueError: If the shapes differ.

    Example:
        >>> float(mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
        2.0
    """
    require_same_shape("mse_loss", input=input, target=target)
    return _weighted_mean("mse_loss", square(input - target), reduction, weight)


@by_any_name
def l1_loss(input: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """Mean absolute error: the mean of `|input - target|`; the arguments as in `mse_loss`.

    Raises:
        MicrogradValueError: If the shapes differ.

    Example:
        >>> float(l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
        1.0
    """
    require_same_shape("l1_loss", input=input, target=target)
    return _weighted_mean("l1_loss", abs(input - target), reduction, weight)


@by_any_name
def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Any:
    """Half the squared error up to `delta`, linear beyond, so that outliers pull less (Huber 1964).

    Args:
        input: Predictions, of any shape.
        target: What they should be, of the same shape.
        reduction: "mean", "sum" or "none".
        delta: Where the loss turns straight; positive.
        weight: What to multiply each element's loss by, of the same shape.

    Raises:
        MicrogradValueError: If the shapes differ, or delta isn't positive.

    Example:
        >>> float(huber_loss(np.array([0.5, 3.0]), np.zeros(2)))
        1.3125
    """
    require_same_shape("huber_loss", input=input, target=target)
    require_numbers("huber_loss", delta=delta)
    if not delta > 0:
        raise MicrogradValueError(f"huber_loss(delta={delta}) must be positive; for |error| there is l1_loss")
    losses = huber(input - target, delta=delta)
    if weight is not None:
        require_same_shape("huber_loss", input=input, weight=weight)
        losses = losses * weight
    return reduced("huber_loss", losses, reduction)


@by_any_name
def smooth_l1_loss(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """`huber_loss` divided by its threshold: |error| - beta/2 beyond beta, error**2 / (2 beta) below it.

    Raises:
        MicrogradValueError: If the shapes differ, or beta is negative.

    Example:
        >>> float(smooth_l1_loss(np.array([1.0, 3.0]), np.zeros(2), beta=2.0))
        1.125
    """
    require_same_shape("smooth_l1_loss", input=input, target=target)
    require_numbers("smooth_l1_loss", beta=beta)
    if not beta >= 0:
        raise MicrogradValueError(f"smooth_l1_loss(beta={beta}) must be 0 or positive")
    error = input - target
    return reduced("smooth_l1_loss", huber(error, delta=beta) / beta if beta else abs(error), reduction)


@by_any_name
def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """The cross-entropy of independent yes-or-no questions: `-t log(sigmoid(x)) - (1 - t) log(sigmoid(-x))`.

    Args:
        input: Logits, not probabilities, of any shape.
        target: Probabilities of yes from 0 to 1, of the same shape.
        weight: What to multiply the losses by, of a shape that broadcasts to the input's.
        reduction: "mean", "sum" or "none".
        pos_weight: What to multiply the first term by, likewise; above 1 it raises recall.

    Raises:
        MicrogradValueError: If the shapes differ, or a target isn't a probability.

    Example:
        >>> round(float(binary_cross_entropy_with_logits(np.array([0.0, 2.0]), np.array([0.0, 1.0]))), 6)
        0.410038
    """
    name = "binary_cross_entropy_with_logits"
    require_same_shape(name, input=input, target=target)
    require_fits(name, tuple(input.shape), weight=weight, pos_weight=pos_weight)
    losses = logistic_loss(input, target)
    if pos_weight is not None:
        losses = losses + (pos_weight - 1.0) * target * softplus(-input)
    return reduced(name, losses if weight is None else losses * weight, reduction)


@by_any_name
def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """For samples that may belong to several classes: the mean over the classes of a yes or no for each.

    Args:
        input: Logits, not probabilities, of shape (..., classes).
        target: Whether the sample belongs to the class, 1 or 0, of the same shape.
        weight: What to multiply the loss of each class by, of a shape that broadcasts to the input's.
        reduction: "mean" over the samples, "sum" or "none".

    Raises:
        MicrogradValueError: If the shapes differ, or a target isn't a probability.

    Example:
        >>> round(float(multilabel_soft_margin_loss(np.array([[0.0, 2.0]]), np.array([[0.0, 1.0]]))), 6)
        0.410038
    """
    name = "multilabel_soft_margin_loss"
    require_same_shape(name, input=input, target=target)
    if not input.shape:
        raise MicrogradValueError(f"{name}() takes shape (..., classes), but was given a single number")
    return reduced(name, mean(binary_cross_entropy_with_logits(input, target, weight, "none"), axis=-1), reduction)


@by_any_name
def kl_div(input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """Kullback-Leibler divergence, elementwise: `target * (log(target) - input)`, 0 where the target is 0.

    Args:
        input: Logarithms of the predicted probabilities.
        target: The true probabilities, of the same shape; where one is negative or nan, the result is nan too.
        reduction: "batchmean" (the sum divided by the number of samples: the divergence itself), "mean" over all
            elements, "sum" or "none".
        log_target: Whether the target holds logarithms too.

    Raises:
        MicrogradValueError: If the shapes differ.

    Example:
        >>> p, q = np.array([[0.5, 0.5]]), np.array([[0.25, 0.75]])
        >>> round(float(kl_div(np.log(q), p, reduction="batchmean")), 6)
        0.143841
    """
    require_same_shape("kl_div", input=input, target=target)
    if log_target:
        losses = exp(target) * (target - input)
    else:
        is_there = target != 0.0  # so that a nan, and the logarithm of what is negative, come out as nan
        losses = where(is_there, target * (log(where(is_there, target, 1.0)) - input), 0.0)
    if reduction == "batchmean":
        return sum(losses) / (input.shape[0] if input.ndim else 1)
    return reduced("kl_div", losses, reduction)


def reduced(name: str, losses: Any, reduction: str) -> Any:
    """The mean of the losses, their sum, or the losses themselves.

    Example:
        >>> float(reduced("loss", np.array([1.0, 3.0]), "mean"))
        2.0
    """
    require_choice(name, "reduction", reduction, ("mean", "sum", "none"))
    return losses if reduction == "none" else mean(losses) if reduction == "mean" else sum(losses)


def _weighted_mean(name: str, losses: Any, reduction: str, weight: Any) -> Any:
    if weight is None:
        return reduced(name, losses, reduction)
    require_same_shape(name, input=losses, weight=weight)
    weighted = losses * weight
    return sum(weighted) / sum(weight) if reduction == "mean" else reduced(name, weighted, reduction)
