"""The losses of batches: the engine's, with a look at what they are given.

Those whose targets are 1 and -1 are in `signs.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.ops.neural import classification, likelihoods, losses, margins
from micrograd.nn.losses.logits import warn_of_sigmoid, warn_of_softmax

gaussian_nll_loss = likelihoods.gaussian_nll_loss
kl_div = losses.kl_div
huber_loss = losses.huber_loss
l1_loss = losses.l1_loss
smooth_l1_loss = losses.smooth_l1_loss
multi_margin_loss = margins.multi_margin_loss
multilabel_margin_loss = margins.multilabel_margin_loss
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
    # PyTorch's labels have a dtype too, but of another kind.
    labels = target if hasattr(getattr(target, "dtype", None), "kind") else np.asarray(target)
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
