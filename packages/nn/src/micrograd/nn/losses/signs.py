"""Losses whose target is a sign for each sample: 1 where the two belong together, or the first is higher, else -1."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.activations import softplus
from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.choices import clamp_min, where
from micrograd.engine.ops.elementwise import sqrt
from micrograd.engine.ops.neural.checks import require_arrays, require_numbers, require_same_shape
from micrograd.engine.ops.neural.losses import reduced

_TINY = float(np.float32(1e-12))  # what is added to the square of a length: of PyTorch's single precision


def cosine_embedding_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """1 - cos for pairs that belong together (target 1), max(0, cos - margin) for those that don't (-1).

    Args:
        input1: Shape (samples, features).
        input2: Likewise.
        target: 1 or -1 for each sample, shape (samples,).
        margin: From which cosine on a pair that doesn't belong together costs.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradValueError: If the shapes don't fit, or a target is another number.

    Example:
        >>> x = np.array([[1.0, 0.0], [0.0, 1.0]])
        >>> cosine_embedding_loss(x, x[::-1], np.array([1, -1]), reduction="none")
        array([1., 0.])
    """
    require_same_shape("cosine_embedding_loss", input1=input1, input2=input2)
    signs = _signs("cosine_embedding_loss", target, tuple(input1.shape[:-1]))
    # As in PyTorch, whose cosine of this loss isn't quite `cosine_similarity`: shorter by what keeps it from 0 / 0.
    lengths = (sum(input1 * input1, axis=-1) + _TINY) * (sum(input2 * input2, axis=-1) + _TINY)
    cosine = sum(input1 * input2, axis=-1) / sqrt(lengths)
    return reduced("cosine_embedding_loss", where(signs > 0, 1.0 - cosine, clamp_min(cosine - margin, 0.0)), reduction)


def margin_ranking_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """`max(0, margin - target * (input1 - input2))`: whether the first of two scores is the higher one.

    Args:
        input1: Scores, of any shape.
        input2: Those that they are compared with, of the same shape.
        target: 1 where the first ought to be higher, -1 where the second ought to, of the same shape.
        margin: By how much.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradValueError: If the shapes don't fit, or a target is another number.

    Example:
        >>> margin_ranking_loss(np.array([3.0, 3.0]), np.array([1.0, 1.0]), np.array([1, -1]), reduction="none")
        array([0., 2.])
    """
    require_same_shape("margin_ranking_loss", input1=input1, input2=input2)
    require_numbers("margin_ranking_loss", margin=margin)
    signs = _signs("margin_ranking_loss", target, tuple(input1.shape))
    # At a tie the slope is that of the losses above 0, as in PyTorch: equal scores are the usual beginning.
    return reduced("margin_ranking_loss", clamp_min(margin - signs * (input1 - input2), 0.0), reduction)


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """A distance itself for pairs that belong together (target 1), max(0, margin - distance) for the others (-1).

    Args:
        input: Distances, of any shape.
        target: 1 or -1 for each of them, of the same shape.
        margin: From which distance on a pair that doesn't belong together costs nothing.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradTypeError: If the input is neither a Tensor nor an array.
        MicrogradValueError: If the shapes don't fit, or a target is another number.

    Example:
        >>> hinge_embedding_loss(np.array([0.5, 0.25]), np.array([1, -1]), reduction="none")
        array([0.5 , 0.75])

    Reference: Hadsell et al., "Dimensionality reduction by learning an invariant mapping", CVPR (2006).
    """
    require_arrays("hinge_embedding_loss", input=input)
    require_numbers("hinge_embedding_loss", margin=margin)
    signs = _signs("hinge_embedding_loss", target, tuple(input.shape))
    return reduced("hinge_embedding_loss", where(signs > 0, input, clamp_min(margin - input, 0.0)), reduction)


def soft_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """`log(1 + exp(-target * input))`: the cross-entropy of a yes (1) or no (-1), from logits.

    Args:
        input: Logits, of any shape.
        target: 1 or -1 for each of them, of the same shape.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradTypeError: If the input is neither a Tensor nor an array.
        MicrogradValueError: If the shapes don't fit, or a target is another number.

    Example:
        >>> round(float(soft_margin_loss(np.array([0.0, 800.0]), np.array([1, -1]))), 6)
        400.346574
    """
    require_arrays("soft_margin_loss", input=input)
    signs = _signs("soft_margin_loss", target, tuple(input.shape))
    return reduced("soft_margin_loss", softplus(-signs * input), reduction)


def _signs(name: str, target: Any, shape: tuple[int, ...]) -> Any:
    """The target, if it is 1 or -1 for each pair; of one that is traced, which has no numbers yet, the shape counts."""
    signs = getattr(target, "_data", target)
    is_traced = hasattr(signs, "dtype") and not isinstance(signs, (np.ndarray, np.generic))
    signs = signs if is_traced else np.asarray(signs)
    if tuple(signs.shape) != shape or not (is_traced or np.isin(signs, (-1, 1)).all()):
        numbers = "" if is_traced else f": {signs.tolist()!r:.60}"
        raise MicrogradValueError(
            f"{name}(): the target is 1 or -1 for each pair, of shape {shape}, but was given shape "
            f"{tuple(signs.shape)}{numbers}. For targets of 0 and 1 write 2 * target - 1."
        )
    return signs
