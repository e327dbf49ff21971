"""A matrix product hands its gradient on.

`Y = X @ W`, for a batch of rows `X`; `g` is the gradient of `Y`. What does `X` receive, and what does `W`? As for
`x * w` each receives `g` times the other, and there is only one way to make the shapes fit. Return `(gradient of X,
gradient of W)` as lists of rows; `matmul` and `transpose` are there for you.
"""


def matmul(A, B):
    return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]


def transpose(A):
    return [list(column) for column in zip(*A)]


def matmul_backward(g, X, W):
    raise NotImplementedError("Return the gradient of X and the gradient of W.")
