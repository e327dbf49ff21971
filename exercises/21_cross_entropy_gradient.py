"""What you said minus what was true.

Return the gradient of the cross-entropy by each logit. It is the probability that softmax gives to the class, minus
1 if it is the true one.
"""

import math


def softmax(logits):
    powers = [math.exp(s - max(logits)) for s in logits]
    return [power / sum(powers) for power in powers]


def cross_entropy_gradient(logits, label):
    p = softmax(logits)
    raise NotImplementedError("Return one gradient for each logit.")
