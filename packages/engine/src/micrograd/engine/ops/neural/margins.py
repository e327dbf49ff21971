"""Losses that ask for a margin, and the similarities that they measure it by."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.activations import relu
from micrograd.engine.ops.arrays.reductions import max, mean
from micrograd.engine.ops.arrays.scans import cumsum
from micrograd.engine.ops.arrays.shapes import broadcast_to, reshape, sum
from micrograd.engine.ops.choices import abs, maximum, minimum, where
from micrograd.engine.ops.elementwise import sqrt
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import (
    require_arrays,
    require_channels,
    require_choice,
    require_floats,
    require_integers,
    require_numbers,
    require_same_shape,
)
from micrograd.engine.ops.neural.labels import class_axis, pick_labels, scatter_to_labels
from micrograd.engine.ops.neural.lookup import one_hot
from micrograd.engine.ops.neural.losses import reduced
from micrograd.engine.ops.op import primitive


def _of_each(g: Any, x: Any, reduction: str) -> Any:
    """What reaches the loss of each element from the reduction of all."""
    return g / math.prod(x.shape) if reduction == "mean" else g


@primitive(
    lambda g, out, x, t, margin, reduction: where(t * x < margin, -_of_each(g, x, reduction) * t, 0.0),
    None,
)
def hinge(x, t, margin=1.0, reduction="none"):
    """max(0, margin - t * x) for a score x and a label t of -1 or +1; "none", or the "sum" or the "mean" of all.

    Example:
        >>> hinge(np.array([0.25, 3.0]), np.array([-1.0, 1.0]))
        array([1.25, 0.  ])
    """
    is_wrong = np.abs(t) != 1.0
    if True in is_wrong.tobytes():  # sooner than np.count_nonzero and np.any
        wrong = np.asarray(t)[is_wrong].flat[0]
        raise MicrogradValueError(
            f"hinge_loss(): labels are -1 and +1, but there is a {wrong}. For labels 0 and 1 write 2 * target - 1."
        )
    losses = np.maximum(margin - t * x, 0)
    return losses if reduction == "none" else mean.forward(losses) if reduction == "mean" else sum.forward(losses)


@by_any_name
def hinge_loss(input: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """The loss of a support-vector machine: the mean of `max(0, margin - target * input)`.

    Args:
        input: Scores, of any shape; the sign is the prediction.
        target: Labels -1 and +1, of the same shape.
        margin: From which score on a right prediction costs nothing.
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradValueError: If the shapes differ, or a label is neither -1 nor +1.

    Example:
        >>> float(hinge_loss(np.array([0.5, -2.0]), np.array([1.0, -1.0])))
        0.25
    """
    require_same_shape("hinge_loss", input=input, target=target)
    require_numbers("hinge_loss", margin=margin)
    require_choice("hinge_loss", "reduction", reduction, ("mean", "sum", "none"))
    return hinge(input, target, margin=margin, reduction=reduction)


@by_any_name
def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean"
) -> Any:
    """The hinge loss of several classes: the mean over the wrong ones of `max(0, margin - x[label] + x[class])**p`.

    The sum runs over the wrong classes and is divided by the number of all (Crammer & Singer 2001).

    Args:
        input: Scores, shape (samples, classes) or (classes,).
        target: Labels, integers from 0 to classes - 1, shape (samples,), or () or (1,) for scores of a single sample.
        p: The power, 1 or 2.
        margin: By how much the right class has to lead.
        weight: How much each class counts as a label, shape (classes,).
        reduction: "mean" over the samples, "sum" or "none".

    Raises:
        MicrogradTypeError: If the labels aren't integers.
        MicrogradValueError: If the shapes don't fit or a label is out of range.

    Example:
        >>> float(multi_margin_loss(np.array([[0.1, 0.2, 0.8]]), np.array([2]))).__round__(6)
        0.233333
    """
    require_floats("multi_margin_loss", input=input)
    require_integers("multi_margin_loss", target=target)
    require_numbers("multi_margin_loss", margin=margin)
    if input.ndim == 1 and tuple(target.shape) == (1,):
        input = reshape(input, shape=(1, -1))
    if p not in (1, 2) or input.ndim not in (1, 2) or tuple(target.shape) != tuple(input.shape[:-1]):
        raise MicrogradValueError(
            f"multi_margin_loss(p={p}) of shapes {tuple(input.shape)} and {tuple(target.shape)}: it takes p = 1 or 2, "
            "scores of shape (samples, classes) and labels of shape (samples,)"
        )
    _, classes = class_axis(input)
    require_channels("multi_margin_loss", classes, weight=weight)
    excess = relu(margin - reshape(pick_labels(input, target), shape=(*target.shape, 1)) + input)
    is_label = scatter_to_labels(np.ones(target.shape), target, classes=classes) > 0.0
    losses = sum(where(is_label, 0.0, excess if p == 1 else excess * excess), axis=-1) / classes
    if weight is not None:
        losses = losses * pick_labels(broadcast_to(weight, shape=tuple(input.shape)), target)
    return reduced("multi_margin_loss", losses, reduction)


@by_any_name
def multilabel_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The hinge loss of several labels a sample: the sum of `max(0, 1 - x[label] + x[class])`, divided by the classes.

    The sum runs over the labels of the sample, and for each over the classes that aren't among them.

    Args:
        input: Scores, shape (samples, classes) or (classes,).
        target: The labels of each sample, integers of the same shape, and -1 after the last of them; what comes after
            a -1 doesn't count.
        reduction: "mean" over the samples, "sum" or "none".

    Raises:
        MicrogradTypeError: If the labels aren't integers.
        MicrogradValueError: If the shapes differ or a label is out of range.

    Example:
        >>> float(multilabel_margin_loss(np.array([[0.1, 0.2, 0.4, 0.8]]), np.array([[3, 0, -1, 1]]))).__round__(6)
        0.85
    """
    name = "multilabel_margin_loss"
    require_floats(name, input=input)
    require_integers(name, target=target)
    if tuple(target.shape) != tuple(input.shape):
        raise MicrogradValueError(
            f"{name}() of shapes {tuple(input.shape)} and {tuple(target.shape)}: each sample has a row of labels, as "
            "long as that of its scores, with -1 after the last of them. Write [2, -1, -1] for label 2 of 3."
        )
    if input.ndim not in (1, 2):
        raise MicrogradValueError(f"{name}() takes shape (samples, classes), but was given {tuple(input.shape)}")
    classes = input.shape[-1]
    column, row = (*input.shape, 1), (*input.shape[:-1], 1, classes)
    is_label = cumsum(target == -1, axis=-1) == 0
    places = one_hot(where(is_label, target, 0), classes, input.dtype) * where(
        reshape(is_label, shape=column), 1.0, 0.0
    )
    at_label = sum(places * reshape(input, shape=row), axis=-1, keepdims=True)
    is_other = reshape(sum(places, axis=-2), shape=row) == 0.0
    excess = where(is_other, relu(1.0 - at_label + reshape(input, shape=row)), 0.0)
    losses = sum(sum(places, axis=-1, keepdims=True) * excess, axis=(-2, -1)) / classes
    return reduced(name, losses, reduction)


@by_any_name
def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """`max(0, distance(anchor, positive) - distance(anchor, negative) + margin)` (Schroff et al. 2015).

    Args:
        anchor: Shape (samples, features) or (features,).
        positive: What should lie near the anchor, of the same shape.
        negative: What should lie further off, of the same shape.
        margin: By how much.
        p: The norm of the distance.
        eps: See `pairwise_distance`.
        swap: Whether the negative's distance from the positive counts if that is smaller (Balntas et al. 2016).
        reduction: "mean", "sum" or "none".

    Raises:
        MicrogradValueError: If the shapes differ, or the margin isn't positive.

    Example:
        >>> float(triplet_margin_loss(np.zeros((1, 2)), np.zeros((1, 2)), np.array([[3.0, 4.0]])))
        0.0
    """
    require_same_shape("triplet_margin_loss", anchor=anchor, positive=positive, negative=negative)
    require_numbers("triplet_margin_loss", margin=margin, p=p, eps=eps)
    if not margin > 0:
        raise MicrogradValueError(f"triplet_margin_loss(margin={margin}) must be positive")
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced("triplet_margin_loss", relu(near - far + margin), reduction)


@by_any_name
def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdims: bool = False) -> Any:
    """The p-norm of `x1 - x2 + eps` along the last axis; eps keeps the slope finite where the two agree.

    Args:
        x1: Shape (..., features).
        x2: The same, or a shape that broadcasts with it.
        p: The norm: 1, 2, any positive number, or inf.
        eps: What is added to every difference.
        keepdims: Whether the last axis stays, with length 1.

    Raises:
        MicrogradValueError: If p isn't positive.

    Example:
        >>> float(pairwise_distance(np.array([0.0, 0.0]), np.array([3.0, 4.0]), eps=0.0))
        5.0
    """
    require_arrays("pairwise_distance", x1=x1, x2=x2)
    difference = x1 - x2 + eps
    if p == 2:
        return sqrt(sum(difference * difference, axis=-1, keepdims=keepdims))
    if not p > 0:
        raise MicrogradValueError(f"pairwise_distance(p={p}) must be positive")
    size = abs(difference)
    if p == math.inf:
        return max(size, axis=-1, keepdims=keepdims)
    return sum(size, axis=-1, keepdims=keepdims) if p == 1 else sum(size**p, axis=-1, keepdims=keepdims) ** (1.0 / p)


@by_any_name
def cosine_similarity(x1: Any, x2: Any, axis: int = 1, eps: float = 1e-8) -> Any:
    """The cosine of the angle between vectors: `x1 . x2 / (max(|x1|, eps) * max(|x2|, eps))`.

    Args:
        x1: Vectors along `axis`.
        x2: The same, or a shape that broadcasts with it.
        axis: Along which axis the vectors lie.
        eps: The least length that a vector is divided by.

    Example:
        >>> cosine_similarity(np.array([[1.0, 0.0]]), np.array([[3.0, 4.0]]))
        array([0.6])
    """
    require_arrays("cosine_similarity", x1=x1, x2=x2)
    shape = _common_shape(tuple(x1.shape), tuple(x2.shape))
    x1, x2 = (x if tuple(x.shape) == shape else broadcast_to(x, shape=shape) for x in (x1, x2))
    return sum(_unit(x1, axis, eps) * _unit(x2, axis, eps), axis=axis)


def _common_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise MicrogradValueError(f"cosine_similarity() of shapes {shapes}: {error}") from error


def _unit(x: Any, axis: int, eps: float) -> Any:
    """x divided by its length along an axis, or by eps if that is shorter."""
    return x / sqrt(maximum(sum(x * x, axis=axis, keepdims=True), eps * eps))
