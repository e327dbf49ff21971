"""What a place of a sequence may not look at, from the masks that PyTorch's attention takes, as one mask."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.choices import where


def joined_mask(
    attn_mask: Any, key_padding_mask: Any, is_causal: bool, shape: tuple[int, int, int, int], who: str
) -> Any:
    """One mask for `scaled_dot_product_attention`, in which True may be looked at; None if there is none.

    Args:
        attn_mask: True where a query may not look at a key, or numbers to add; shape (queries, keys), (samples,
            queries, keys) or (samples * heads, queries, keys).
        key_padding_mask: The same for all queries; shape (samples, keys).
        is_causal: Whether no query sees the keys after its own place.
        shape: (samples, heads, queries, keys).
        who: The layer, for the message.

    Raises:
        MicrogradTypeError: If a mask is neither of booleans nor of real numbers.
        MicrogradValueError: If its shape doesn't fit.

    Example:
        >>> joined_mask(None, np.array([[False, True]]), True, (1, 1, 2, 2), "attention")
        array([[[[ True, False],
                 [ True, False]]]])
    """
    samples, heads, queries, keys = shape
    masks = []
    if is_causal:
        masks.append(np.arange(queries)[:, None] < np.arange(keys))
    if attn_mask is not None:
        wanted = ((queries, keys), (samples, queries, keys), (samples * heads, queries, keys))
        mask = _checked(attn_mask, "attn_mask", wanted, who)
        if len(mask.shape) == 3:
            is_per_head = mask.shape[0] != samples
            mask = mask.reshape((samples, heads, queries, keys) if is_per_head else (samples, 1, queries, keys))
        masks.append(mask)
    if key_padding_mask is not None:
        mask = _checked(key_padding_mask, "key_padding_mask", ((samples, keys),), who)
        masks.append(mask.reshape((samples, 1, 1, keys)))
    if not masks:
        return None
    hidden = [mask for mask in masks if mask.dtype.kind == "b"]
    added = [mask for mask in masks if mask.dtype.kind == "f"]
    is_hidden = hidden[0] if hidden else False
    for mask in hidden[1:]:
        is_hidden = is_hidden | mask
    if not added:
        return ~is_hidden
    total = sum(added[1:], added[0])
    return where(is_hidden, -math.inf, total) if hidden else total


def _checked(mask: Any, name: str, shapes: tuple[tuple[int, ...], ...], who: str) -> Any:
    mask = mask if hasattr(mask, "dtype") else np.asarray(mask)
    if mask.dtype.kind not in "bf":
        raise MicrogradTypeError(
            f"{who}: {name} is of booleans, True where nothing may be looked at, or of real numbers to add, but was "
            f"given dtype {mask.dtype}. Write mask.astype(bool)."
        )
    if tuple(mask.shape) not in shapes:
        expected = " or ".join(map(str, dict.fromkeys(shapes)))
        raise MicrogradValueError(f"{who}: {name} is of shape {expected}, but was given {tuple(mask.shape)}.")
    return mask
