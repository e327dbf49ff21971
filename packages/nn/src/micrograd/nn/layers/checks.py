"""What layers refuse, with the corrected code in the message."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.batching.tracer import Tracer
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.tensor import Tensor


def as_input(x: Any, layer: Any) -> Any:
    """What a layer computes with: a Tensor, an array, or what stands in for one; lists of numbers become arrays.

    Raises:
        MicrogradTypeError: If it can't be one.
    """
    if x.__class__ is Tensor:
        return x
    if hasattr(x, "shape") and hasattr(x, "dtype"):
        if type(x).__module__ == "torch":
            raise MicrogradTypeError(
                f"{layer.title()} takes a Tensor of micrograd.engine or an array, but was given PyTorch's. Write "
                "layer(x.numpy()), or layer(x.detach().numpy()) if it requires a gradient."
            )
        return x
    if x is None:
        raise MicrogradTypeError(
            f"{layer.title()} takes a Tensor or an array, but was given None. Perhaps the module before it lacks "
            "its `return`."
        )
    if isinstance(x, (list, tuple)) and any(isinstance(item, Tensor) for item in x):
        raise MicrogradTypeError(
            f"{layer.title()} takes one Tensor or array, but was given {kind_of(x)} of several. Write layer(stack(x)), "
            "with stack of micrograd.engine, for one Tensor of all of them."
        )
    if isinstance(x, (Node, Tracer)) or (isinstance(x, (list, tuple)) and any(isinstance(item, Node) for item in x)):
        raise MicrogradTypeError(
            f"{layer.title()} computes with arrays and Tensors, not with Values. Write MLP(...) for a scalar net, "
            "or give the layer Tensor([[1.0, 2.0]])."
        )
    try:
        return np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        raise MicrogradTypeError(
            f"{layer.title()} takes a Tensor or an array, but was given {kind_of(x)}: {x!r:.60}. Write "
            "layer(Tensor(x))."
        ) from None


def require_features(x: Any, expected: int, layer: Any) -> Any:
    """The input, if its last axis has so many entries.

    Raises:
        MicrogradValueError: If not.
    """
    x = as_input(x, layer)
    if not x.shape or x.shape[-1] != expected:
        found = f"{x.shape[-1]}" if x.shape else "no axis at all"
        fix = f"; with {x.shape[-1]} features build it for {x.shape[-1]}" if x.shape else ""
        if len(x.shape) == 1 and expected == 1:
            fix += ", or write x[:, None] for samples of one feature"
        if len(x.shape) > 2:
            fix += ", or put Flatten() in front"
        raise MicrogradValueError(
            f"{layer.title()} expects shape (..., {expected}), but was given {tuple(x.shape)}: its last axis has "
            f"{found}{fix}."
        )
    return x


def require_axes(x: Any, expected: str, channels: int, layer: Any, ndims: tuple[int, ...]) -> Any:
    """The input, if it has one of these numbers of axes, and so many channels along the second (first of a sample).

    Args:
        x: The input.
        expected: The shape in words, such as "(samples, 3, height, width)".
        channels: How many there must be.
        layer: Who asks.
        ndims: The numbers of axes that there may be.

    Raises:
        MicrogradValueError: If not.
    """
    x = as_input(x, layer)
    axis = 1 if len(x.shape) == max(ndims) else 0
    if len(x.shape) not in ndims or x.shape[axis] != channels:
        fix = "Write x[:, None] for images of one channel." if len(x.shape) == max(ndims) - 1 and channels == 1 else ""
        message = f"{layer.title()} expects shape {expected}, but was given {tuple(x.shape)}. {fix}"
        raise MicrogradValueError(message.rstrip())
    return x


def require_axis(x: Any, axis: int, layer: Any) -> Any:
    """The input, if it has this axis.

    Raises:
        MicrogradValueError: If not.
    """
    x = as_input(x, layer)
    if not x.shape:
        raise MicrogradValueError(
            f"{layer.title()} works along axis {axis}, but was given a single number, which has none. Write "
            "layer(x.reshape(1)) for one of length 1."
        )
    if not -len(x.shape) <= axis < len(x.shape):
        raise MicrogradValueError(
            f"{layer.title()} works along axis {axis}, but was given shape {tuple(x.shape)}, whose last axis is "
            f"{len(x.shape) - 1}. Write {type(layer).__name__}(dim=-1) for the last axis."
        )
    return x
