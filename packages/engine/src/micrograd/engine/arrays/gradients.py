"""What may stand for the gradient of an array: the seed of a backward pass, what a hook returns, what `.grad` holds."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arrays.data import as_array
from micrograd.engine.errors import GraphError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node


def seed_of(data: np.ndarray, grad: Any) -> np.ndarray:
    """The gradient that enters at a root: 1 for a single number, else what was given.

    Raises:
        GraphError: If there are several numbers, and nothing was given.
        MicrogradValueError: If it has another shape.
    """
    if grad is None:
        if data.size != 1:
            raise GraphError(
                f"backward() of a Tensor of shape {data.shape}: which of its numbers? Reduce it to one, "
                "t.sum().backward(), or weigh them, t.backward(grad=array of the same shape)."
            )
        seed = np.array(1.0, data.dtype)  # sooner than np.ones
        return seed.reshape(data.shape) if data.ndim else seed
    seed = as_array(grad, data.dtype)
    if seed.shape != data.shape:
        raise MicrogradValueError(
            f"backward(grad=...): the gradient has shape {seed.shape}, this Tensor {data.shape}; they must agree."
        )
    return seed


def require_replacement(data: np.ndarray, g: Any) -> Any:
    """What a hook returned, if it can take the place of a gradient; a number stands for as many as there are.

    Raises:
        MicrogradTypeError: If it is no array of real numbers.
        MicrogradValueError: If it has another shape.
    """
    if isinstance(g, numbers.Real):
        return float(g)
    shape, dtype = getattr(g, "shape", None), getattr(g, "dtype", None)
    if shape is None or dtype is None or dtype.kind not in "biuf":
        what = kind_of(g) if dtype is None else f"an array of dtype {dtype}"
        raise MicrogradTypeError(
            f"a hook returned {what} for a gradient of shape {data.shape}. Return an array of real numbers of that "
            "shape, or None to leave the gradient as it is."
        )
    if tuple(shape) != data.shape:
        raise MicrogradValueError(
            f"a hook returned an array of shape {tuple(shape)} for a gradient of shape {data.shape}; they must agree."
        )
    return g


def added(grad: Any, g: Any) -> Any:
    """The gradient so far plus a new one.

    Raises:
        MicrogradTypeError: If `.grad` was set to what holds no real numbers.
        MicrogradValueError: If it was set to something of another shape.
    """
    if np.shape(grad) != np.shape(g):
        raise MicrogradValueError(
            f"backward() adds to .grad, which was set to an array of shape {np.shape(grad)}, a gradient of shape "
            f"{np.shape(g)}. Set it to None, or to an array of the Tensor's own shape."
        )
    dtype = grad.dtype if hasattr(grad, "dtype") else np.asarray(grad).dtype
    if dtype.kind not in "biuf":
        raise MicrogradTypeError(
            f"backward() adds to .grad, which was set to what has dtype {dtype}; a gradient holds real numbers. "
            "Set it to None, or to an array of real numbers; of complex ones, t.grad = array.real."
        )
    total = grad + g
    return total if isinstance(total, Node) else np.asarray(total)  # of arrays without an axis NumPy's sum is a scalar
