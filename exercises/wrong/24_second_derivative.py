"""Mistakes in a second derivative."""

from micrograd.engine import Value, grad


def the_first(f, x):
    """That is the first derivative: take the derivative of it once more."""
    return grad(f)(x)


def squares(f, x):
    """You squared the first derivative. The second one says how the first *changes*, which is something else."""
    return grad(f)(x) ** 2


def sums_both(f, x):
    """The first derivative is still in there. Gradients add up in a leaf over several calls of `backward()`; set
    `.grad` to 0 before the second.
    """
    v = Value(x)
    f(v).backward(create_graph=True)
    v.grad.backward()
    return v.grad.data


def by_a_coarse_step(f, x):
    """You found the second derivative by trying, from the first one. That is a good check, but it has only half of
    the digits; the engine's is exact.
    """
    h = 1e-3
    return (grad(f)(x + h) - grad(f)(x - h)) / (2 * h)
