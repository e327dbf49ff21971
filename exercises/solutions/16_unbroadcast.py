"""What was copied out sums up on the way back."""


def unbroadcast(g, shape):
    rows, columns = shape
    if rows == 1:
        g = [[sum(column) for column in zip(*g)]]
    if columns == 1:
        g = [[sum(row)] for row in g]
    return g
