"""A step with momentum."""


def momentum_step(data, grad, velocity, lr, momentum):
    velocity = momentum * velocity + grad
    return data - lr * velocity, velocity
