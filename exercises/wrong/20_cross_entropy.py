"""Mistakes in a cross-entropy."""

import math


def _log_sum_exp(logits):
    largest = max(logits)
    return largest + math.log(sum(math.exp(s - largest) for s in logits))


def wrong_sign(logits, label):
    """The sign is wrong: that is the logarithm of the probability, which is never positive. A loss is small when
    the net is right.
    """
    return logits[label] - _log_sum_exp(logits)


def log_of_softmax(logits, label):
    """First the probability, then its logarithm: a probability that is too small for a float becomes 0, which has
    no logarithm. Written as log-sum-exp minus logit, nothing can go wrong.
    """
    powers = [math.exp(s - max(logits)) for s in logits]
    return -math.log(powers[label] / sum(powers))


def of_all_classes(logits, label):
    """You sum over all classes. Only the true one counts; the others are in the log-sum-exp already."""
    return sum(_log_sum_exp(logits) - s for s in logits)


def probability(logits, label):
    """That is how much probability is missing. Cross-entropy is minus its *logarithm*, which grows without bound
    as the net gets surer of something wrong.
    """
    return 1 - math.exp(logits[label] - _log_sum_exp(logits))


def largest_class(logits, label):
    """You took the class which the net thinks likeliest. The loss is about the true one, `label`."""
    return _log_sum_exp(logits) - max(logits)
