"""Gradients kept from growing too large, between `backward()` and `step()`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import reduce
from operator import add
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node, set_gradients
from micrograd.nn.validation import nonnegative


def clip_grad_norm(
    parameters: Iterable[Any], max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Scale all gradients down, together, so that their norm is at most `max_norm`.

    Args:
        parameters: Values or Tensors; those without gradient are passed over.
        max_norm: The largest norm; `math.inf` to change nothing and learn what it is.
        norm_type: Of which order, above 0; `math.inf` for the largest entry.
        error_if_nonfinite: Whether a norm of nan or inf is an error, rather than a gradient of nan.

    Returns:
        The norm that they had.

    Raises:
        MicrogradValueError: If the norm isn't finite and that is an error; nothing is changed then.

    Example:
        >>> from micrograd.engine import Value
        >>> x, y = Value(3.0), Value(4.0)
        >>> ((x * x + y * y) / 2).backward()
        >>> clip_grad_norm([x, y], max_norm=1.0)
        5.0
        >>> round(x.grad, 5), round(y.grad, 5)
        (0.6, 0.8)

    Reference: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013),
        arXiv:1211.5063, in PyTorch's form, which divides by norm + 1e-6.
    """
    example = "clip_grad_norm(model.parameters(), max_norm=1.0)"
    limit = max_norm if max_norm == math.inf else nonnegative(max_norm, "max_norm", example)
    if norm_type != math.inf and nonnegative(norm_type, "norm_type", example) == 0.0:
        raise MicrogradValueError(f"norm_type is the order of a norm, above 0, but is {norm_type}. Write {example}.")
    held = _held(parameters, example)
    total = _norm([_norm_of(_plain(p.grad), norm_type) for p in held], norm_type)
    if error_if_nonfinite and not math.isfinite(total):
        raise MicrogradValueError(
            f"the norm of the gradients is {total}; nothing was changed. detect_anomaly() shows where it began."
        )
    scale = 1.0 if limit == math.inf else limit / (total + 1e-6)
    if scale < 1.0 or math.isnan(scale):
        set_gradients(held, [p.grad * scale for p in held])
    return total


def clip_grad_value(parameters: Iterable[Any], clip_value: float) -> None:
    """Cut every entry of every gradient to at most `clip_value` and at least -`clip_value`.

    Args:
        parameters: Values or Tensors; those without gradient are passed over.
        clip_value: The largest absolute value.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> clip_grad_value([x], 1.5)
        >>> x.grad
        1.5
    """
    limit = nonnegative(clip_value, "clip_value", "clip_grad_value(model.parameters(), clip_value=1.0)")
    held = _held(parameters, "clip_grad_value(model.parameters(), clip_value=1.0)")
    set_gradients(held, [_cut(p.grad, limit) for p in held])


def clip(max_norm: float | None, clip_value: float | None) -> Callable[[list[Any]], list[Any]] | None:
    """What clips the gradients of a compiled step, in plain operators; None for nothing to clip.

    Example:
        >>> import numpy as np
        >>> [g.round(3) for g in clip(1.0, None)([np.array([3.0]), np.array([4.0])])]
        [array([0.6]), array([0.8])]
    """
    norm = None if max_norm is None else nonnegative(max_norm, "clip_norm", "clip_norm=1.0")
    value = None if clip_value is None else nonnegative(clip_value, "clip_value", "clip_value=1.0")
    if norm is None and value is None:
        return None

    def clipped(gradients: list[Any]) -> list[Any]:
        from micrograd.engine.arrays.functions import clip, minimum, sqrt, sum

        if norm is not None:
            total = sqrt(reduce(add, [sum(g * g) for g in gradients]))
            gradients = [g * minimum(norm / (total + 1e-6), 1.0) for g in gradients]
        return gradients if value is None else [clip(g, -value, value) for g in gradients]

    return clipped


def _held(parameters: Any, example: str) -> list[Any]:
    """The parameters that hold a gradient."""
    listed = list(parameters) if isinstance(parameters, Iterable) and not isinstance(parameters, (str, Node)) else None
    if listed is None or not all(isinstance(parameter, Node) for parameter in listed):
        raise MicrogradTypeError(
            f"clipping takes a list of Values or Tensors, but was given {parameters!r:.60}. Write {example}."
        )
    return [parameter for parameter in listed if parameter.grad is not None]


def _plain(grad: Any) -> Any:
    return grad._data if isinstance(grad, Node) else grad


def _norm_of(grad: Any, order: float) -> float:
    """The norm of one gradient."""
    if hasattr(grad, "ravel"):
        import numpy as np

        return float(np.linalg.norm(grad.ravel(), order)) if grad.size else 0.0
    return abs(float(grad))


def _norm(norms: list[float], order: float) -> float:
    """The norm of all, from those of the parts."""
    if order == math.inf:
        return math.nan if any(map(math.isnan, norms)) else max(norms, default=0.0)
    if order == 2.0:
        return math.hypot(*norms)
    return float(math.fsum(norm**order for norm in norms) ** (1.0 / order))


def _cut(grad: Any, limit: float) -> Any:
    if hasattr(grad, "clip"):
        return grad.clip(-limit, limit)
    number: float = grad
    return number if math.isnan(number) else min(max(number, -limit), limit)
