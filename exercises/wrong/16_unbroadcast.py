"""Mistakes in undoing a broadcast."""


def keeps_the_first(g, shape):
    """You keep what the first copy received. The others were used as well: what they received adds up, as for any
    number that is used more than once.
    """
    rows, columns = shape
    return [row[:columns] for row in g[:rows]]


def averages(g, shape):
    """That is the mean. The copies don't share the gradient: each of them acted on the result, so what they
    received adds up.
    """
    rows, columns = shape
    if rows == 1:
        g = [[sum(column) / len(column) for column in zip(*g, strict=True)]]
    return [[sum(row) / len(row)] for row in g] if columns == 1 else g


def only_rows(g, shape):
    """You sum over the rows only. An array of one *column* was stretched sideways, and sums along its rows; one of
    a single number sums over both.
    """
    return [[sum(column) for column in zip(*g, strict=True)]] if shape[0] == 1 else g


def wrong_axis(g, shape):
    """You sum along the wrong axis: the one that has length 1 in `shape` was stretched, and is summed over."""
    rows, columns = shape
    if rows == 1 and columns > 1:
        return [[sum(row) for row in g]]
    if columns == 1 and rows > 1:
        return [[sum(column)] for column in zip(*g, strict=True)]
    return [[sum(map(sum, g))]] if rows == columns == 1 else g


def as_it_is(g, shape):
    """You return `g` as it is, in the stretched shape. The gradient of an array has the shape of the array."""
    return g
