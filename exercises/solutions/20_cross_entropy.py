"""How surprised is the net by the truth?"""

import math


def log_sum_exp(logits):
    largest = max(logits)
    return largest + math.log(sum(math.exp(s - largest) for s in logits))


def cross_entropy(logits, label):
    return log_sum_exp(logits) - logits[label]
