"""How wrong are predictions of numbers?

Square each difference between a prediction, which is a Value, and its target, a number; return the mean of the
squares.
"""


def mean_squared_error(predictions, targets):
    raise NotImplementedError("Return the mean of the squared differences.")
