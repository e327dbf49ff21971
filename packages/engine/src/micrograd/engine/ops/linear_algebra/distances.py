"""Distances between the rows of two matrices."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.shapes import expand_dims
from micrograd.engine.ops.linear_algebra.norms import vector_norm
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def cdist(x1: Any, x2: Any, p: float = 2.0) -> Any:
    """The distance of each row of x1 to each row of x2, by the p-norm; its gradient where they are equal is 0.

    Args:
        x1: Shape (..., P, M).
        x2: Shape (..., R, M).
        p: The order of the norm, as in `vector_norm`.

    Returns:
        Shape (..., P, R).

    Raises:
        MicrogradValueError: If the rows differ in length.

    Example:
        >>> cdist(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[3.0, 4.0]]))
        array([[5.],
               [0.]])
    """
    x1, x2 = as_operand("cdist", x1), as_operand("cdist", x2)
    if min(x1.ndim, x2.ndim) < 2 or x1.shape[-1] != x2.shape[-1]:
        raise MicrogradValueError(
            f"cdist() of shapes {tuple(x1.shape)} and {tuple(x2.shape)}: it takes matrices whose rows have one length"
        )
    return vector_norm(expand_dims(x1, -2) - expand_dims(x2, -3), ord=p, axis=-1)
