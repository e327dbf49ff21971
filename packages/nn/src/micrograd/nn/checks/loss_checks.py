"""Problems of the loss: what it is given, what it compares, and what it should be at the start."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from micrograd.engine.graph import Node
from micrograd.engine.viz.anomaly.search import find_bad
from micrograd.nn.checks.report import Problem
from micrograd.nn.checks.watched import Operation, Step, gradients_of, like, numbers_of

_TAKE_LOGITS = "cross_entropy_of_labels log_softmax logistic_loss logsumexp logsigmoid"
_COMPARES = "sub add mul div maximum huber logistic_loss hinge"
_OF_A_CLASSIFIER = "cross_entropy_of_labels log_softmax logistic_loss"
_MANY_TIMES, _SOME_TIMES = 8.0, 3.0  # what a guess costs; a classifier's weights are easier to draw too large


def bad_loss(step: Step) -> Iterator[Problem]:
    """A loss that isn't finite."""
    if not math.isfinite(step.value):
        finding = find_bad(step.result) if isinstance(step.result, Node) else None
        yield Problem(
            "loss that isn't finite",
            step.line_of(finding.node, "loss_fn") if finding else "loss_fn",
            str(finding).splitlines()[0] if finding else f"the loss is {step.value}",
            finding.cause.why if finding else "it came from numbers that no graph records",
            finding.cause.instead if finding else "with detect_anomaly(): ... around the step",
        )


def probabilities_as_logits(step: Step) -> Iterator[Problem]:
    """Softmax or sigmoid before a loss that applies it itself."""
    for operation in step.of(_TAKE_LOGITS, "loss"):
        source = _through_shapes(operation.operands[0])
        name = source.op.name if isinstance(source, Node) and source.op is not None else ""
        if name in ("softmax", "sigmoid"):
            yield Problem(
                f"{name} before {'cross-entropy' if name == 'softmax' else 'a loss of logits'}",
                step.line_of(source, "the end of the model"),
                f"the loss is given the output of {name}, and applies it again",
                "it takes logits: squeezed into 0 to 1 before, they can't tell classes far apart, the loss never gets "
                "near 0, and the gradients are small",
                f"return the logits, without {name}, and apply {name} only where probabilities are shown",
            )
            return


def probabilities_as_logarithms(step: Step) -> Iterator[Problem]:
    """Probabilities before a loss that takes their logarithms."""
    for operation in step.of("pick_labels", "loss"):
        source = _through_shapes(operation.operands[0])
        if isinstance(source, Node) and source.op is not None and source.op.name in ("softmax", "sigmoid"):
            yield Problem(
                "probabilities before nll_loss",
                step.line_of(source, "the end of the model"),
                f"the loss picks each label's number from the output of {source.op.name}, which is no logarithm",
                "minus a probability is no likelihood: the loss ends at -1, and the gradient of a sample that is "
                "utterly wrong is 0",
                "cross_entropy(logits, y), or nll_loss(log_softmax(logits), y)",
            )
            return


def _through_shapes(node: Any) -> Any:
    while isinstance(node, Node) and node.op is not None and node.op.name in ("reshape", "permute_dims", "getitem"):
        node = node.inputs[0]
    return node


def broadcast_targets(step: Step) -> Iterator[Problem]:
    """Predictions of shape (N, 1) beside targets of shape (N,)."""
    for operation in step.of(_COMPARES, "loss"):
        n = _squared(operation)
        if n:
            yield Problem(
                "(N, 1) against (N,)",
                step.line_of(operation.out, "loss_fn"),
                f"shapes {(n, 1)} and {(n,)} became {(n, n)}",
                f"each of the {n} predictions is compared with all {n} targets: the best answer is then their mean",
                "predictions.reshape(-1), or y.reshape(-1, 1), so that both have one shape",
            )
            return


def _squared(operation: Operation) -> int:
    """N, if an operation made N x N of a column and a row; else 0."""
    shapes = [tuple(getattr(getattr(o, "_data", o), "shape", ())) for o in operation.operands]
    shapes = sorted(filter(None, shapes), key=lambda shape: shape[-1])
    if len(shapes) != 2 or len(shapes[0]) != 2 or shapes[0][1] != 1:
        return 0
    n = shapes[0][0]
    return n if n > 1 and shapes[1] in ((n,), (1, n)) else 0


def far_at_the_start(step: Step) -> Iterator[Problem]:
    """A loss far above that of a constant guess."""
    guess = guess_loss(step)
    is_classifier = any(step.of(_OF_A_CLASSIFIER, "loss"))
    far = _SOME_TIMES if is_classifier else _MANY_TIMES
    if guess is None or not math.isfinite(step.value) or step.value <= far * guess:
        return
    classes = step.outputs.shape[1] if is_classifier and step.outputs.ndim > 1 else 0
    known = f" (ln {classes} for {classes} classes)" if classes > 1 else ""
    yield Problem(
        "loss far from a guess",
        "the initial weights",
        f"the loss is {step.value:.4g}; a model that always gives the same answer has {guess:.4g}{known}",
        "the model begins by being sure of what is wrong, and the first steps are spent on unlearning it",
        "smaller weights in the last layer (weight.data *= 0.1), and scaled inputs and targets",
    )


def guess_loss(step: Step) -> float | None:
    """The loss of the best constant: an undecided one, or the mean of the targets. None if it can't be had."""
    out, y = step.outputs, step.y
    if out.size == 0:
        return None
    guesses = [np.full_like(out, _undecided(step))]
    if y.dtype.kind in "fi" and y.shape == out.shape:
        guesses.append(np.broadcast_to(y.mean(axis=0), out.shape))
    try:
        return min(float(numbers_of(step.loss_of(like(step.predictions, guess), y))) for guess in guesses)
    except Exception:
        return None  # a loss may refuse in its own way what it is tried on


def _undecided(step: Step) -> float:
    """What an output is that prefers nothing: 0, but of probabilities and their logarithms another number."""
    classes = step.outputs.shape[-1] if step.outputs.ndim else 1
    return {"sigmoid": 0.5, "softmax": 1.0 / classes, "log_softmax": -math.log(classes)}.get(step.last_op, 0.0)


def summed_loss(step: Step) -> Iterator[Problem]:
    """A loss that grows with the batch."""
    out, y = step.outputs, step.y
    if out.ndim == 0 or len(out) < 2 or len(out) != len(y):
        return
    once = _gradient_at(step, out, y)
    twice = _gradient_at(step, np.concatenate([out, out]), np.concatenate([y, y]))
    # Of a mean the gradient at each sample is halved when each is there twice.
    if once is not None and twice is not None and once.any() and np.allclose(twice[: len(once)], once, rtol=1e-3):
        yield Problem(
            "loss that grows with the batch",
            step.line_of(step.result, "loss_fn"),
            "with each sample there twice, the gradient at each of them is the same: the loss is a sum",
            "the gradient grows with the batch, so that the learning rate that fits depends on its size",
            "a mean over the samples: .mean() for .sum(), reduction='mean', or / len(y)",
        )


def idle_class(step: Step) -> Iterator[Problem]:
    """Labels 0 that wipe out their own term of the loss."""
    labels = step.y.reshape(-1)
    if len(step.outputs.shape) == 0 or step.y.size != len(step.outputs) or set(np.unique(labels)) != {0, 1}:
        return
    gradient = None if any(step.of(_OF_A_CLASSIFIER, "loss")) else _gradient_at(step, step.outputs, step.y)
    if gradient is None:
        return
    teaches = np.abs(gradient.reshape(len(labels), -1)).sum(axis=1) > 0
    if not teaches[labels == 0].any() and teaches[labels == 1].mean() > 0.5:
        yield Problem(
            "labels 0 that teach nothing",
            step.line_of(step.result, "loss_fn"),
            f"none of the {int((labels == 0).sum())} samples with label 0 has a gradient, the others have",
            "the loss multiplies by the label, and 0 wipes out its term: the model learns to say 1 always",
            "labels -1 and +1 for a hinge loss: y = 2 * y - 1; both terms for a likelihood: "
            "-(y * log(p) + (1 - y) * log(1 - p))",
        )


def _gradient_at(step: Step, out: np.ndarray, y: np.ndarray) -> np.ndarray | None:
    """The gradient of the loss by predictions; None if there is none."""
    predictions = like(step.predictions, out)
    try:
        step.loss_of(predictions, y).backward()
    except Exception:
        return None
    return gradients_of(predictions)


FAMILY = (
    bad_loss,
    probabilities_as_logits,
    probabilities_as_logarithms,
    broadcast_targets,
    far_at_the_start,
    summed_loss,
    idle_class,
)
