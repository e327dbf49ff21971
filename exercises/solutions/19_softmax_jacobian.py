"""How probabilities respond to logits."""

import math


def softmax(logits):
    powers = [math.exp(s - max(logits)) for s in logits]
    return [power / sum(powers) for power in powers]


def softmax_jacobian(logits):
    p = softmax(logits)
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]
