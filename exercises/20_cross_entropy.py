"""How surprised is the net by the truth?

Cross-entropy is minus the logarithm of the probability that softmax gives to the true class, whose number is
`label`. Written out it is the log-sum-exp of all logits, minus the logit of the label; and so written, it can't
overflow and never takes the logarithm of 0.
"""

import math


def log_sum_exp(logits):
    largest = max(logits)
    return largest + math.log(sum(math.exp(s - largest) for s in logits))


def cross_entropy(logits, label):
    raise NotImplementedError("Return minus the logarithm of the label's probability.")
