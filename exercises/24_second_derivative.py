"""The derivative of a derivative.

Return the second derivative of `f` at `x`. `Value.backward(create_graph=True)` leaves gradients that are Values
themselves, and can be asked for their own `backward()`; `micrograd.engine.grad` makes a function's derivative a
function. Take either way.
"""

from micrograd.engine import grad


def second_derivative(f, x):
    raise NotImplementedError("Return the second derivative of f at x, a number.")
