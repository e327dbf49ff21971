"""How wrong are predictions of numbers?"""


def mean_squared_error(predictions, targets):
    squares = [(p - t) ** 2 for p, t in zip(predictions, targets)]
    return sum(squares) / len(squares)
