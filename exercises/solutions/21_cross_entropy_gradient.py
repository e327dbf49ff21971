"""What you said minus what was true."""

import math


def softmax(logits):
    powers = [math.exp(s - max(logits)) for s in logits]
    return [power / sum(powers) for power in powers]


def cross_entropy_gradient(logits, label):
    p = softmax(logits)
    return [pi - (i == label) for i, pi in enumerate(p)]
