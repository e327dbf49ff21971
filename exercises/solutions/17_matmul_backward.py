"""A matrix product hands its gradient on."""


def matmul(A, B):
    return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]


def transpose(A):
    return [list(column) for column in zip(*A)]


def matmul_backward(g, X, W):
    return matmul(g, transpose(W)), matmul(transpose(X), g)
