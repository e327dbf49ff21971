"""How probabilities respond to logits.

`softmax` turns logits into probabilities. Return its Jacobian, as a list of rows: row i, column j says how `p[i]`
responds to logit j. It is `p[i] * (1 - p[i])` where i is j, and `-p[i] * p[j]` elsewhere: what one wins, the others
lose.
"""

import math


def softmax(logits):
    powers = [math.exp(s - max(logits)) for s in logits]
    return [power / sum(powers) for power in powers]


def softmax_jacobian(logits):
    p = softmax(logits)
    raise NotImplementedError("Return the rows of the Jacobian.")
