"""Mistakes in a step with momentum."""


def uses_the_old_velocity(data, grad, velocity, lr, momentum):
    """You step by the old velocity. First the ball is pushed by the gradient, then it rolls: step by the new one."""
    return data - lr * velocity, momentum * velocity + grad


def forgets(data, grad, velocity, lr, momentum):
    """The old velocity is lost: what you return is the gradient alone, and so this is plain gradient descent."""
    return data - lr * grad, grad


def averages(data, grad, velocity, lr, momentum):
    """You weigh the gradient by `1 - momentum`, as an average does (and Adam). In SGD with momentum the gradient
    counts in full.
    """
    velocity = momentum * velocity + (1 - momentum) * grad
    return data - lr * velocity, velocity


def never_slows_down(data, grad, velocity, lr, momentum):
    """The old velocity is kept in full. Without friction the ball never comes to rest: multiply it by `momentum`."""
    velocity = velocity + grad
    return data - lr * velocity, velocity


def uphill(data, grad, velocity, lr, momentum):
    """The gradient points uphill; step against the velocity: `data - lr * velocity`."""
    velocity = momentum * velocity + grad
    return data + lr * velocity, velocity
