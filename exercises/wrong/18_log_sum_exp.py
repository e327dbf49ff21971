"""Mistakes in a log-sum-exp."""

import math


def overflows(logits):
    """Written as the formula stands: `math.exp(1000)` is too large for a float. Take the largest logit off each of
    them first, so that the largest power is 1, and add it to the result.
    """
    return math.log(sum(math.exp(s) for s in logits))


def forgets_to_add_back(logits):
    """You took the largest logit off, and never gave it back: add it to the logarithm."""
    largest = max(logits)
    return math.log(sum(math.exp(s - largest) for s in logits))


def takes_the_first(logits):
    """You took the *first* logit off. If a later one is much larger, its power still overflows; take the largest."""
    return logits[0] + math.log(sum(math.exp(s - logits[0]) for s in logits))


def the_maximum(logits):
    """That is the maximum. Log-sum-exp is a smooth form of it, always a little larger: the others count as well."""
    return max(logits)


def without_logarithm(logits):
    """The logarithm is missing."""
    largest = max(logits)
    return largest + sum(math.exp(s - largest) for s in logits)
