"""The losses of classifiers: cross-entropy, from logits or from logarithms of probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arrays.shapes import broadcast_to, reshape, sum
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.checks import require_channels, require_choice, require_floats, require_numbers
from micrograd.engine.ops.neural.labels import (
    IGNORED,
    class_axis,
    count_labels,
    cross_entropy_of_labels,
    pick_labels,
)
from micrograd.engine.ops.neural.losses import reduced
from micrograd.engine.ops.neural.softmaxes import log_softmax


@by_any_name
def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = IGNORED,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """The cross-entropy of logits with labels or class probabilities: `-sum of target * log(softmax(input))`.

    Args:
        input: Logits, not probabilities: shape (samples, classes), (samples, classes, ...) or (classes,).
        target: Labels, integers from 0 to classes - 1, of the input's shape without the classes; or probabilities,
            real numbers of the input's shape.
        weight: How much each class counts, shape (classes,).
        ignore_index: The label of samples that don't count.
        reduction: "mean" (by labels: weighted, over those that count), "sum" or "none".
        label_smoothing: What part of the target is spread evenly over all classes (Szegedy et al. 2016,
            arXiv:1512.00567).

    Raises:
        MicrogradTypeError: If the input isn't of real numbers, or the target neither integers nor real numbers.
        MicrogradValueError: If the shapes don't fit or a label is out of range.

    Example:
        >>> logits = np.array([[2.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
        >>> round(float(cross_entropy(logits, np.array([0, 1]))), 6)
        1.239545
    """
    require_floats("cross_entropy", input=input)
    require_choice("cross_entropy", "reduction", reduction, ("mean", "sum", "none"))
    if label_smoothing.__class__ is not float or not 0.0 <= label_smoothing <= 1.0:
        require_numbers("cross_entropy", label_smoothing=label_smoothing)
        if not 0.0 <= label_smoothing <= 1.0:
            raise MicrogradValueError(f"cross_entropy(label_smoothing={label_smoothing}) must be from 0 to 1")
    axis, classes = _class_axis("cross_entropy", input)
    if weight is not None:
        require_channels("cross_entropy", classes, weight=weight)
    if _is_probabilities("cross_entropy", input, target):
        return _of_probabilities(input, target, weight, ignore_index, reduction, label_smoothing)
    target = np.asarray(target) if isinstance(target, int) else target
    if label_smoothing:
        return _smoothed(input, target, weight, ignore_index, reduction, label_smoothing)
    log_p = log_softmax(input, axis=axis)
    if weight is None:
        return cross_entropy_of_labels(input, target, log_p, ignore_index=ignore_index, reduction=reduction)
    losses = cross_entropy_of_labels(input, target, log_p, ignore_index=ignore_index)
    return _reduced(input, losses, target, weight, ignore_index, reduction)


@by_any_name
def nll_loss(input: Any, target: Any, weight: Any = None, ignore_index: int = IGNORED, reduction: str = "mean") -> Any:
    """The negative log-likelihood of labels, from logarithms of probabilities: `-input[label]`.

    After `log_softmax` this is `cross_entropy`, which does both at once; the arguments are as there.

    Raises:
        MicrogradTypeError: If the target isn't of integers.
        MicrogradValueError: If the shapes don't fit or a label is out of range.

    Example:
        >>> round(float(nll_loss(np.log(np.array([[0.5, 0.5]])), np.array([1]))), 6)
        0.693147
    """
    require_floats("nll_loss", input=input)
    require_choice("nll_loss", "reduction", reduction, ("mean", "sum", "none"))
    require_channels("nll_loss", _class_axis("nll_loss", input)[1], weight=weight)
    if _is_probabilities("nll_loss", input, target):
        raise MicrogradTypeError("nll_loss() takes integer labels; for probabilities there is cross_entropy(logits, p)")
    target = np.asarray(target) if isinstance(target, int) else target
    losses = -pick_labels(input, target, ignore_index=ignore_index)
    return _reduced(input, losses, target, weight, ignore_index, reduction)


def _class_axis(name: str, x: Any) -> tuple[int, int]:
    """The axis of the classes, and how many there are: one at least."""
    axis, classes = class_axis(x) if x.shape else (0, 0)
    if classes == 0:
        raise MicrogradValueError(f"{name}() of an input of shape {tuple(x.shape)}: it has no axis of classes")
    return axis, classes


def _is_probabilities(name: str, x: Any, target: Any) -> bool:
    """Whether the target is probabilities; if it is neither these nor labels, an error."""
    (axis, _), whole, shape = class_axis(x), tuple(x.shape), tuple(getattr(target, "shape", ()))
    kind = target.dtype.kind if hasattr(target, "dtype") else "i" if type(target) is int else "?"
    per_sample = (*whole[:axis], *whole[axis + 1 :])
    if kind == "f" and shape == whole:
        return True
    if kind in "iu" and shape == per_sample:
        return False
    wanted = f"integer labels of shape {per_sample}, or probabilities (real numbers) of shape {whole}"
    given = f"{getattr(target, 'dtype', type(target).__name__)} of shape {shape}"
    raise (MicrogradValueError if kind in "fiu" else MicrogradTypeError)(
        f"{name}() of an input of shape {whole} takes as target {wanted}, but was given {given}. "
        + ("Labels are integers: target.astype(int)." if kind in "fb" and shape == per_sample else "")
        + ("Make an array of them: np.array(target)." if isinstance(target, (list, tuple)) else "")
        + ("Of texts: names, target = np.unique(target, return_inverse=True)." if kind in "UTSO" else "")
        + ("One-hot labels are probabilities: target.astype(float)." if shape == whole else "")
        + ("A column of labels: target[:, 0]." if shape == (*per_sample, 1) else "")
        + (f"Give each sample its label: {name}(logits[:n], target[:n])." if _counts_differ(whole, shape) else "")
    )


def _counts_differ(input_shape: tuple[int, ...], target_shape: tuple[int, ...]) -> bool:
    return len(input_shape) > 1 and len(target_shape) > 0 and input_shape[0] != target_shape[0]


def _of_probabilities(x: Any, target: Any, weight: Any, ignore_index: int, reduction: str, smoothing: float) -> Any:
    if ignore_index >= 0:
        raise MicrogradValueError(
            f"cross_entropy(ignore_index={ignore_index}) is for integer labels; give the samples to leave out "
            "probabilities of 0"
        )
    axis, classes = class_axis(x)
    if smoothing:
        target = target * (1.0 - smoothing) + smoothing / classes
    if weight is not None:
        target = target * _for_classes(weight, x)
    losses = -sum(target * log_softmax(x, axis=axis), axis=axis)
    return reduced("cross_entropy", losses, reduction)


def _smoothed(x: Any, target: Any, weight: Any, ignore_index: int, reduction: str, smoothing: float) -> Any:
    """A part of the loss of the labels, and the rest of the mean loss of all classes."""
    axis, classes = class_axis(x)
    log_p = log_softmax(x, axis=axis)
    sharp = -pick_labels(log_p, target, ignore_index=ignore_index) * (1.0 - smoothing)
    if weight is not None:
        sharp = sharp * _weights(x, target, weight, ignore_index)
        log_p = log_p * _for_classes(weight, x)
    even = where(target != ignore_index, sum(log_p, axis=axis), 0.0) * (-smoothing / classes)
    return _divided(x, sharp + even, target, weight, ignore_index, reduction)


def _reduced(x: Any, losses: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    if weight is not None:
        # Where no label counts, the mean is divided by 0: `where` keeps that from the slopes.
        losses = where(target != ignore_index, losses * _weights(x, target, weight, ignore_index), 0.0)
    return _divided(x, losses, target, weight, ignore_index, reduction)


def _divided(x: Any, losses: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    """The losses, their sum, or that divided by the weight of the labels that count."""
    if reduction == "none":
        return losses
    if reduction == "sum":
        return sum(losses)
    if weight is None:
        return sum(losses) / count_labels(target, ignore_index=ignore_index, dtype=x.dtype)
    return sum(losses) / sum(_weights(x, target, weight, ignore_index))


def _for_classes(weight: Any, x: Any) -> Any:
    axis, classes = class_axis(x)
    return reshape(weight, shape=(classes, *(1,) * (x.ndim - axis - 1)))


def _weights(x: Any, target: Any, weight: Any, ignore_index: int) -> Any:
    """The weight of each sample's label, 0 where it doesn't count."""
    return pick_labels(broadcast_to(_for_classes(weight, x), shape=tuple(x.shape)), target, ignore_index=ignore_index)
