"""The derivative of a derivative."""

from micrograd.engine import grad


def second_derivative(f, x):
    return grad(grad(f))(x)
