"""The logarithm of a sum of powers, without overflow."""

import math


def log_sum_exp(logits):
    largest = max(logits)
    return largest + math.log(sum(math.exp(s - largest) for s in logits))
