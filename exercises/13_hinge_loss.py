"""How wrong are scores of two classes?

A label is 1 or -1, and a score, which is a Value, should have its sign, and with a margin: `label * score` should
be at least 1. What is missing to 1 is the loss of the sample, and nothing if nothing is missing. Return the mean.
"""


def hinge_loss(scores, labels):
    raise NotImplementedError("Return the mean of what is missing to the margin.")
