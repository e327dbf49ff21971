"""A step with momentum.

A ball that rolls downhill remembers how fast it was. The new velocity is `momentum` times the old one plus the
gradient; then the parameter moves against the new velocity, by the learning rate. Return both, `(data, velocity)`.
"""


def momentum_step(data, grad, velocity, lr, momentum):
    raise NotImplementedError("Return the new number and the new velocity.")
