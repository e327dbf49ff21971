"""Changing the dtype, which the gradient changes back."""

from __future__ import annotations

from micrograd.engine.ops.op import primitive


@primitive(lambda g, out, x, dtype: astype(g, dtype=x.dtype))
def astype(x, dtype=float):
    """x with its numbers in another dtype.

    Example:
        >>> import numpy as np
        >>> astype(np.array([1.5, 2.5]), dtype=np.float32).dtype
        dtype('float32')
    """
    return x.astype(dtype)
