"""Mistakes in the gradient of a cross-entropy."""

import math


def _softmax(logits):
    powers = [math.exp(s - max(logits)) for s in logits]
    return [power / sum(powers) for power in powers]


def only_what_was_said(logits, label):
    """Those are the probabilities: what you said. Take off what was true, 1 at the label."""
    return _softmax(logits)


def backwards(logits, label):
    """True minus said: the sign is wrong. The loss falls when the logit of the label grows, so its gradient there
    is negative.
    """
    return [(i == label) - pi for i, pi in enumerate(_softmax(logits))]


def only_the_label(logits, label):
    """Only the label has a gradient. The other logits matter as well: the loss falls when they do."""
    return [pi - 1 if i == label else 0.0 for i, pi in enumerate(_softmax(logits))]


def of_the_logarithm(logits, label):
    """That is the slope of `-log(p)` by the probability, `-1 / p`. It still has to go back through softmax, and
    then all of it simplifies to what you said minus what was true.
    """
    return [-1 / pi if i == label else 0.0 for i, pi in enumerate(_softmax(logits))]
