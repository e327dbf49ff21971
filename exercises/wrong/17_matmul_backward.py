"""Mistakes in the backward pass of a matrix product."""


def _matmul(A, B):
    return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]


def _transpose(A):
    return [list(column) for column in zip(*A)]


def swaps(g, X, W):
    """The two gradients are swapped: the first has the shape of `X`, and comes from `W`."""
    return _matmul(_transpose(X), g), _matmul(g, _transpose(W))


def without_transposing(g, X, W):
    """The shapes don't fit without transposing. `W` leads from inputs to outputs; on the way back it leads from
    outputs to inputs, `g @ W.T`. And `X.T @ g` sums over the batch. With 1 by 1 matrices nobody notices.
    """
    return _matmul(g, W), _matmul(X, g)


def averages_over_the_batch(g, X, W):
    """You divided by the size of the batch. A weight that acts on several samples receives the sum; if a mean is
    wanted, the loss takes it, and it is in `g` already.
    """
    return _matmul(g, _transpose(W)), [[d / len(X) for d in row] for row in _matmul(_transpose(X), g)]


def first_sample(g, X, W):
    """The weights hear from the first sample alone. Every sample of the batch went through the same weights, so
    what they hand back adds up.
    """
    return _matmul(g, _transpose(W)), _matmul(_transpose(X[:1]), g[:1])


def ignores_the_gradient(g, X, W):
    """`g` is missing: that is how `Y` responds, not how the end result does. Along a path, responses multiply."""
    ones = [[1.0] * len(row) for row in g]
    return _matmul(ones, _transpose(W)), _matmul(_transpose(X), ones)
