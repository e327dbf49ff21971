"""Dropout: random zeros in training, from a generator that the caller gives."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.observing.recording import drawn
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_floats


@by_any_name
def dropout(x: Any, p: float = 0.5, rng: np.random.Generator | None = None, training: bool = True) -> Any:
    """Each element set to 0 with probability p, the others divided by 1 - p (Srivastava et al. 2014).

    The expected value of every element stays what it was, so that nothing has to change outside of training, where x is
    returned as it is. There is no global state: the same seed gives the same zeros, at every call others, inside `jit`
    too. Under `vmap` all rows share them.

    Args:
        x: Of any shape.
        p: The probability of a zero, from 0 up to but without 1.
        rng: Where the chances come from, such as `np.random.default_rng(0)`; needed in training unless p is 0.
        training: Whether anything is set to 0 at all.

    Raises:
        MicrogradTypeError: If in training no generator is given, or x isn't of real numbers.
        MicrogradValueError: If p is out of range.

    Example:
        >>> dropout(np.ones(6), p=0.5, rng=np.random.default_rng(0))
        array([2., 2., 2., 0., 0., 0.])
    """
    require_floats("dropout", x=x)
    if not 0.0 <= p < 1.0:
        raise MicrogradValueError(
            f"dropout(p={p}): the probability of a zero is from 0 up to but without 1, where nothing would be left"
        )
    if not training or p == 0.0:
        return x
    if not isinstance(rng, np.random.Generator):
        raise MicrogradTypeError(
            f"dropout() in training draws from a generator that you give, but was given {rng!r:.40}: make one with "
            "rng = np.random.default_rng(seed), once, and hand it to every call. Or write training=False."
        )
    return x * drawn(partial(_mask, p=p, shape=x.shape, dtype=x.dtype), rng, f"dropout(p={p})")


def _mask(rng: np.random.Generator, p: float, shape: tuple[int, ...], dtype: Any) -> Any:
    """What to multiply by: 0 with probability p, else 1 / (1 - p)."""
    # Single precision is fine enough to draw by, and twice as fast.
    is_kept = rng.random(shape, dtype=np.float32) >= p
    return np.multiply(is_kept, 1.0 / (1.0 - p), dtype=dtype)
