"""Mistakes in the Jacobian of softmax."""

import math


def _softmax(logits):
    powers = [math.exp(s - max(logits)) for s in logits]
    return [power / sum(powers) for power in powers]


def only_the_diagonal(logits):
    """The entries beside the diagonal are missing. The probabilities sum to 1, so what one of them wins the others
    lose: each responds to *every* logit. The columns must sum to 0.
    """
    p = _softmax(logits)
    return [[p[i] * (1 - p[i]) if i == j else 0.0 for j in range(len(p))] for i in range(len(p))]


def wrong_sign(logits):
    """Beside the diagonal the sign is wrong: if another logit grows, this probability *falls*. The columns must
    sum to 0.
    """
    p = _softmax(logits)
    return [[p[i] * (1 - p[i]) if i == j else p[i] * p[j] for j in range(len(p))] for i in range(len(p))]


def the_same_everywhere(logits):
    """On the diagonal the 1 is missing: a probability responds to its own logit by `p[i] * (1 - p[i])`."""
    p = _softmax(logits)
    return [[-p[i] * p[j] for j in range(len(p))] for i in range(len(p))]


def a_vector(logits):
    """That is one number for each class, `p * (1 - p)`. Every probability responds to every logit, which makes a
    matrix.
    """
    return [pi * (1 - pi) for pi in _softmax(logits)]
