"""Losses that are the negative log-likelihood of a distribution, whose parameters a net predicts."""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.choices import clamp_min, where
from micrograd.engine.ops.elementwise import exp, log, square
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_arrays, require_numbers, require_same_shape
from micrograd.engine.ops.neural.losses import reduced


@by_any_name
def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Any:
    """Of a normal distribution with the mean `input`: `(log(var) + (input - target)**2 / var) / 2`.

    Args:
        input: Predicted means, of any shape.
        target: What was found, of the same shape.
        var: Predicted variances, of the same shape; or one for each row, with a last axis of 1 or without it. Where one
            is negative, the result is nan.
        full: Whether log(2 pi) / 2 is added, which changes no gradient.
        eps: The least variance that counts; what lies below gets the gradient of this one, so that it can grow.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradTypeError: If one of the three is neither a Tensor nor an array.
        MicrogradValueError: If the shapes don't fit, or eps isn't positive.

    Example:
        >>> import numpy as np
        >>> float(gaussian_nll_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]), np.ones(2)))
        1.0

    Reference: Nix and Weigend, "Estimating the mean and variance of the target probability distribution", ICNN (1994).
    """
    name = "gaussian_nll_loss"
    require_same_shape(name, input=input, target=target)
    require_arrays(name, var=var)
    require_numbers(name, eps=eps)
    if not eps > 0:
        raise MicrogradValueError(f"{name}(eps={eps}) must be positive: a variance of 0 is divided by")
    var = _for_each_row(input, var)
    counted = where(var < 0.0, math.nan, clamp_min(var, eps))
    var = var + stop_gradient(counted - var)  # as in PyTorch, the gradient passes the least variance by
    losses = 0.5 * (log(var) + square(input - target) / var)
    return reduced(name, losses + 0.5 * math.log(2.0 * math.pi) if full else losses, reduction)


def _for_each_row(input: Any, var: Any) -> Any:
    """The variances in a shape that broadcasts to the input's."""
    shape, rows = tuple(input.shape), tuple(input.shape[:-1])
    if tuple(var.shape) == shape or (shape and tuple(var.shape) == (*rows, 1)):
        return var
    if shape and tuple(var.shape) == rows:
        return reshape(var, shape=(*rows, 1))
    raise MicrogradValueError(
        f"gaussian_nll_loss(): input has shape {shape}, but var {tuple(var.shape)}. There is a variance for each "
        f"element, or one for each row, of shape {(*rows, 1)}: write broadcast_to(var, input.shape) to share one."
    )


@by_any_name
def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Any:
    """Of a Poisson distribution of counts: `exp(input) - target * input`, without what changes no gradient.

    Args:
        input: Logarithms of the expected counts, of any shape.
        target: The counts, of the same shape.
        log_input: Whether the input holds logarithms; otherwise it holds the counts that are expected, and the loss is
            `input - target * log(input + eps)`.
        full: Whether log(target!) is added, by Stirling's formula, for counts above 1.
        eps: Keeps the logarithm of 0 finite.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradTypeError: If one of the two is neither a Tensor nor an array.
        MicrogradValueError: If the shapes differ.

    Example:
        >>> import numpy as np
        >>> float(poisson_nll_loss(np.array([0.0, 0.0]), np.array([1.0, 3.0])))
        1.0
    """
    require_same_shape("poisson_nll_loss", input=input, target=target)
    require_numbers("poisson_nll_loss", eps=eps)
    losses = exp(input) - target * input if log_input else input - target * log(input + eps)
    return reduced("poisson_nll_loss", losses + _log_factorial(target) if full else losses, reduction)


def _log_factorial(n: Any) -> Any:
    """Stirling's formula for counts above 1, and 0 for the others."""
    several = where(n > 1.0, n, 1.0)
    return where(n > 1.0, several * log(several) - several + 0.5 * log(2.0 * math.pi * several), 0.0)
