"""The losses of batches: the engine's, with a look at what they are given."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.choices import clamp_min, where
from micrograd.engine.ops.elementwise import sqrt
from micrograd.engine.ops.neural import classification, likelihoods, losses, margins
from micrograd.engine.ops.neural.checks import require_numbers, require_same_shape
from micrograd.engine.ops.neural.losses import reduced
from micrograd.nn.losses.logits import warn_of_sigmoid, warn_of_softmax

_TINY = float(np.float32(1e-12))  # what is added to the square of a length: of PyTorch's single precision

gaussian_nll_loss = likelihoods.gaussian_nll_loss
kl_div = losses.kl_div
huber_loss = losses.huber_loss
l1_loss = losses.l1_loss
smooth_l1_loss = losses.smooth_l1_loss
multi_margin_loss = margins.multi_margin_loss
nll_loss = classification.nll_loss
poisson_nll_loss = likelihoods.poisson_nll_loss
triplet_margin_loss = margins.triplet_margin_loss


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """`micrograd.engine.cross_entropy`, which warns when it is given probabilities where it takes logits.

    Args:
        input: Logits, shape (samples, classes, ...).
        target: Labels, integers of shape (samples, ...), or probabilities of the input's shape.
        weight: How much each class counts, shape (classes,).
        ignore_index: Labels that don't count.
        reduction: "mean", "sum" or "none".
        label_smoothing: How much of the probability is spread over all classes.

    Raises:
        MicrogradTypeError: If the labels aren't integers.
        MicrogradValueError: If shapes don't fit, or a label is out of range.

    Example:
        >>> round(float(cross_entropy(np.array([[0.0, 0.0]]), np.array([1]))), 6)
        0.693147
    """
    warn_of_softmax(input, "cross_entropy")
    labels = target if hasattr(target, "dtype") else np.asarray(target)
    return classification.cross_entropy(input, labels, weight, ignore_index, reduction, label_smoothing)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """`micrograd.engine.binary_cross_entropy_with_logits`, which warns when it is given the result of a sigmoid.

    Args:
        input: Logits, of any shape.
        target: 0 and 1, or probabilities, of the same shape.
        weight: How much each element counts.
        reduction: "mean", "sum" or "none".
        pos_weight: How much more the ones count.

    Raises:
        MicrogradValueError: If the shapes differ, as of (N, 1) and (N,).

    Example:
        >>> round(float(binary_cross_entropy_with_logits(np.array([0.0]), np.array([1.0]))), 6)
        0.693147
    """
    warn_of_sigmoid(input, "binary_cross_entropy_with_logits")
    return losses.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weight)


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """`micrograd.engine.multilabel_soft_margin_loss`, which warns when it is given the result of a sigmoid.

    Args:
        input: Logits, of shape (..., classes).
        target: 0 and 1, of the same shape.
        weight: How much each class counts.
        reduction: "mean" over the samples, "sum" or "none".

    Raises:
        MicrogradValueError: If the shapes differ.

    Example:
        >>> round(float(multilabel_soft_margin_loss(np.array([[0.0, 0.0]]), np.array([[0.0, 1.0]]))), 6)
        0.693147
    """
    warn_of_sigmoid(input, "multilabel_soft_margin_loss")
    return losses.multilabel_soft_margin_loss(input, target, weight, reduction)


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
