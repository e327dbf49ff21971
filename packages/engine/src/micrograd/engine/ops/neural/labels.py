"""Primitives that take integer labels: the cross-entropy of logits, and picking by label.

The class axis is the second, or the only one: (samples, classes), (samples, classes, ...) or (classes,).

The cross-entropy picks from log_softmax(x), but its gradient goes to x straight: softmax(x) minus 1 at the label, which
the detour through the logarithm would compute as the difference of two numbers that may be nearly the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.shapes import reshape, sum
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.elementwise import exp
from micrograd.engine.ops.neural.along_axis import places
from micrograd.engine.ops.op import primitive

IGNORED = -100  # PyTorch's default for ignore_index
_UNSIGNED = {np.dtype(name): np.dtype(f"u{name[1]}") for name in ("i4", "i8", "u1", "u2", "u4", "u8")}
_WIDE = {"i": np.dtype(np.int64), "u": np.dtype(np.uint64)}


def _share(g: Any, x: Any, labels: Any, ignore_index: int, reduction: str) -> Any:
    """What the gradient of a reduced loss is for each sample that counts."""
    if reduction == "none":
        return restored(g, x)
    # Of no label that counts the mean is nan, but the slope is 0, as in PyTorch: such a batch teaches nothing.
    return g / count_labels(labels, ignore_index=ignore_index, dtype=x.dtype, least=1) if reduction == "mean" else g


def _slope_to_logarithms(h: Any, out: Any, log_p: Any, labels: Any, g: Any, ignore_index: int, reduction: str) -> Any:
    slope = h * exp(log_p) * _share(g, log_p, labels, ignore_index, reduction)
    return where(restored(labels != ignore_index, log_p), slope, 0.0)


def _slope_to_gradient(h: Any, out: Any, log_p: Any, labels: Any, g: Any, ignore_index: int, reduction: str) -> Any:
    ones = np.ones(getattr(g, "shape", ()), log_p.dtype)
    slope = h * cross_entropy_slope(log_p, labels, ones, ignore_index=ignore_index, reduction=reduction)
    return sum(slope, axis=class_axis(log_p)[0] if reduction == "none" else None)


@primitive(_slope_to_logarithms, None, _slope_to_gradient, symbol="g (softmax - label)")
def cross_entropy_slope(log_p, labels, g, ignore_index=IGNORED, reduction="none"):
    """What reaches the logits of `cross_entropy_of_labels`: g times the probabilities exp(log_p), minus 1 at the label.

    Example:
        >>> cross_entropy_slope(np.log([[0.25, 0.75]]), np.array([1]), np.array([2.0]))
        array([[ 0.5, -0.5]])
    """
    axis, classes = class_axis(log_p)
    labels, ignored = check_labels(labels, classes, ignore_index)
    at = places(labels, axis, classes)
    slope = np.exp(log_p)
    slope.put(at, np.expm1(log_p.take(at)))  # which doesn't cancel, as a probability near 1 minus 1 does
    if reduction == "none":
        g = np.expand_dims(g, axis)
    elif reduction == "mean":
        g = g / log_p.dtype.type(max(_counted(labels, ignored), 1))
    slope *= g
    return slope if ignored is None else np.where(ignored[:, None] if axis else ignored, 0, slope)


def _loss_to_logits(g: Any, out: Any, x: Any, labels: Any, log_p: Any, ignore_index: int, reduction: str) -> Any:
    are_arrays = log_p.__class__ is g.__class__ is np.ndarray
    slope = cross_entropy_slope.on_arrays if are_arrays else cross_entropy_slope  # the same, with no search for who
    return slope(log_p, labels, g, ignore_index=ignore_index, reduction=reduction)


@primitive(_loss_to_logits, None, None, symbol="cross_entropy")
def cross_entropy_of_labels(x, labels, log_p, ignore_index=IGNORED, reduction="none"):
    """The loss of every sample, `-log(softmax(x)[label])`, given `log_p = log_softmax(x)`; 0 for `ignore_index`.

    The reductions are "none", the "sum", and the "mean" over the samples whose label isn't `ignore_index`.

    Example:
        >>> log_p = np.log([[0.25, 0.75]])
        >>> cross_entropy_of_labels(log_p, np.array([1]), log_p).round(6)
        array([0.287682])
    """
    axis, classes = class_axis(x)
    labels, ignored = check_labels(labels, classes, ignore_index)
    losses = -log_p.take(places(labels, axis, classes))
    losses = losses if ignored is None else np.where(ignored, 0, losses)
    if reduction == "none":
        return losses
    summed = np.add.reduce(losses, axis=None)
    if reduction == "sum":
        return summed
    return summed / x.dtype.type(_counted(labels, ignored))


@primitive(
    lambda g, out, x, labels, ignore_index: scatter_to_labels(
        g, labels, classes=class_axis(x)[1], ignore_index=ignore_index
    ),
    None,
)
def pick_labels(x, labels, ignore_index=IGNORED):
    """What x holds at each label; 0 where the label is `ignore_index`.

    Example:
        >>> pick_labels(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 0]))
        array([2., 3.])
    """
    axis, classes = class_axis(x)
    labels, ignored = check_labels(labels, classes, ignore_index)
    picked = x.take(places(labels, axis, classes))
    return picked if ignored is None else np.where(ignored, 0, picked)


@primitive(
    lambda g, out, x, labels, classes, ignore_index: pick_labels(g, labels, ignore_index=ignore_index),
    None,
)
def scatter_to_labels(x, labels, classes=0, ignore_index=IGNORED):
    """The transpose of `pick_labels`: x at each label, zeros at the other classes.

    Example:
        >>> scatter_to_labels(np.array([5.0, 6.0]), np.array([1, 0]), classes=2)
        array([[0., 5.],
               [6., 0.]])
    """
    labels, ignored = check_labels(labels, classes, ignore_index)
    axis = min(1, labels.ndim)
    out = np.zeros((*labels.shape[:axis], classes, *labels.shape[axis:]), x.dtype)
    out.put(places(labels, axis, classes), x if ignored is None else np.where(ignored, 0, x))
    return out


@primitive()
def count_labels(labels, ignore_index=IGNORED, dtype=float, least=0):
    """How many labels aren't `ignore_index`, but no fewer than `least`, as a number of `dtype`.

    Example:
        >>> int(count_labels(np.array([2, -100, 0])))
        2
    """
    return np.asarray(max(np.count_nonzero(labels != ignore_index), least), dtype)


def class_axis(x: Any) -> tuple[int, int]:
    """The axis of the classes, and how many there are."""
    shape = x.shape
    axis = 1 if len(shape) > 1 else 0
    return axis, shape[axis]


def restored(g: Any, x: Any) -> Any:
    """A number for each sample, shaped to meet the classes of x."""
    axis, _ = class_axis(x)
    return reshape(g, shape=(*x.shape[:axis], 1, *x.shape[axis + 1 :]))


def check_labels(labels: Any, classes: int, ignore_index: int) -> tuple[Any, Any]:
    """The labels with 0 in place of `ignore_index`, and which those are; None for none.

    Raises:
        MicrogradValueError: If another label isn't a class.
    """
    labels = np.asarray(labels)
    if labels.dtype not in _UNSIGNED:
        labels = labels.astype(_WIDE[labels.dtype.kind])
    # Seen as unsigned, a negative label is a huge one: a single pass finds both. (In int8, -1 would be class 255.)
    unsigned = labels.view(_UNSIGNED[labels.dtype])
    if not 0 <= ignore_index < classes and (labels.size == 0 or unsigned.item(unsigned.argmax()) < classes):
        return labels, None
    wrong = labels[(labels != ignore_index) & (unsigned >= classes)]
    if wrong.size:
        raise MicrogradValueError(
            f"the label {wrong[0]} is out of range: there are {classes} classes, so labels go from 0 to {classes - 1}. "
            f"Mark samples to leave out with {ignore_index} (ignore_index), and number the classes from 0."
        )
    return _without_ignored(labels, ignore_index)


def _counted(labels: Any, ignored: Any) -> int:
    return int(labels.size if ignored is None else np.count_nonzero(~ignored))


def _without_ignored(labels: Any, ignore_index: int) -> tuple[Any, Any]:
    ignored = labels == ignore_index
    return (np.where(ignored, 0, labels), ignored) if True in ignored.tobytes() else (labels, None)
