"""The affine map of a layer, fused: one primitive for matrix product and bias."""

from __future__ import annotations

from typing import Any

from micrograd.engine.ops.arrays.shapes import permute_dims, reshape
from micrograd.engine.ops.linear_algebra.products import matmul, product
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _rows(x: Any) -> Any:
    """x as a matrix, its leading axes made into one."""
    return x if x.ndim == 2 else reshape(x, shape=(-1, x.shape[-1]))


@primitive(
    lambda g, out, x, weight, bias: product(g, weight),
    lambda g, out, x, weight, bias: product(_rows(g).T, _rows(x)),
    lambda g, out, x, weight, bias: g,
)
def affine(x, weight, bias):
    """x @ weight.T + bias, in one step.

    Example:
        >>> import numpy as np
        >>> affine(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]), np.array([0.5]))
        array([[11.5]])
    """
    out = product(x, weight.T)
    if getattr(bias, "dtype", None) is out.dtype:
        out += bias
        return out
    return out + bias


@by_any_name
def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """A layer's affine map x @ weight.T + bias, in PyTorch's layout.

    Args:
        x: Shape (..., fan_in).
        weight: Shape (fan_out, fan_in).
        bias: Shape (fan_out,), or None for none.

    Returns:
        Shape (..., fan_out).

    Example:
        >>> import numpy as np
        >>> linear(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]))
        array([[11.]])
    """
    return matmul(x, permute_dims(weight)) if bias is None else affine(x, weight, bias)
