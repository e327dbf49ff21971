"""Mistakes in a step of gradient descent."""


def uphill(parameters, lr):
    """The gradient points uphill, to where the loss grows. Step against it: `-=`."""
    for p in parameters:
        p.data += lr * p.grad


def forgets_the_rate(parameters, lr):
    """The learning rate is missing. A gradient says in which direction and how steep, not how far to go."""
    for p in parameters:
        p.data -= p.grad


def rebinds(parameters, lr):
    """Nothing has moved. `p = ...` gives the *name* p to a new thing; the parameter in the list stays as it was.
    Write to `p.data`.
    """
    for p in parameters:
        p = p - lr * p.grad  # noqa: PLW2901


def sign_only(parameters, lr):
    """Every parameter moves equally far, whatever its gradient. Multiply the rate by the gradient itself."""
    for p in parameters:
        p.data -= lr * (1 if p.grad > 0 else -1)
