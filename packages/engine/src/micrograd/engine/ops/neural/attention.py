"""Attention: every query's mean of the values, weighed by how well it matches their keys."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arrays.shapes import permute_dims
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.linear_algebra.products import matmul
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_fits, require_floats
from micrograd.engine.ops.neural.regularization import dropout
from micrograd.engine.ops.neural.softmaxes import masked_softmax, softmax


@by_any_name
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    rng: np.random.Generator | None = None,
) -> Any:
    """`softmax(query @ key^T * scale + mask) @ value` (Vaswani et al. 2017, arXiv:1706.03762).

    Args:
        query: Shape (..., queries, features).
        key: Shape (..., keys, features).
        value: Shape (..., keys, values).
        attn_mask: Booleans, True where a query may look at a key, or real numbers to add to the logits; of a shape
            that broadcasts to (..., queries, keys). A query that may look nowhere gives zeros.
        dropout_p: The probability that a weight is set to 0; see `dropout`. Leave it at 0 outside of training.
        is_causal: Whether query i may look at keys 0 to i alone, instead of a mask.
        scale: What to multiply the logits by; 1 / sqrt(features) if None.
        rng: The generator that dropout draws from; needed if `dropout_p` isn't 0.

    Returns:
        Shape (..., queries, values).

    Raises:
        MicrogradTypeError: If the mask holds integers, or dropout has no generator.
        MicrogradValueError: If the shapes don't fit, or a mask is given beside `is_causal`.

    Example:
        >>> keys = np.array([[9.0, 0.0], [0.0, 9.0]])
        >>> scaled_dot_product_attention(np.array([[9.0, 0.0]]), keys, np.array([[1.0], [2.0]])).round(6)
        array([[1.]])
    """
    _require_matching(query, key, value)
    features = query.shape[-1]
    scale = 1.0 / math.sqrt(features) if scale is None and features else scale
    swapped = permute_dims(key, axes=(*range(key.ndim - 2), key.ndim - 1, key.ndim - 2))
    logits = matmul(query * (1.0 if scale is None else scale), swapped)
    weights = softmax(logits) if attn_mask is None and not is_causal else _masked(logits, attn_mask, is_causal)
    return matmul(dropout(weights, dropout_p, rng), value)


def _masked(logits: Any, mask: Any, is_causal: bool) -> Any:
    """The weights of the keys that each query may look at."""
    if is_causal and mask is not None:
        raise MicrogradValueError(
            "scaled_dot_product_attention() takes a mask or is_causal=True, not both: write the mask as "
            "mask & np.tril(np.ones((queries, keys), bool))"
        )
    queries, keys = logits.shape[-2:]
    allowed = np.arange(queries)[:, None] >= np.arange(keys) if is_causal else mask
    require_fits("scaled_dot_product_attention", tuple(logits.shape), attn_mask=allowed)
    if allowed.dtype.kind == "b":
        return masked_softmax(where(allowed, logits, -math.inf))
    if allowed.dtype.kind == "f":
        return masked_softmax(logits + allowed)
    raise MicrogradTypeError(
        f"scaled_dot_product_attention(attn_mask=...) takes booleans (True: may look) or real numbers to add, not "
        f"dtype {allowed.dtype}: write mask.astype(bool)"
    )


def _require_matching(query: Any, key: Any, value: Any) -> None:
    require_floats("scaled_dot_product_attention", query=query, key=key, value=value)
    shapes = tuple(query.shape), tuple(key.shape), tuple(value.shape)
    if any(len(shape) < 2 for shape in shapes) or shapes[0][-1] != shapes[1][-1] or shapes[1][-2] != shapes[2][-2]:
        raise MicrogradValueError(
            f"scaled_dot_product_attention() of shapes {', '.join(map(str, shapes))}: it takes queries "
            "(..., queries, features), keys (..., keys, features) and values (..., keys, values)"
        )
