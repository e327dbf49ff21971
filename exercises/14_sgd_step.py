"""One step downhill.

Each parameter `p` has its number in `p.data` and its gradient in `p.grad`. Move every number against its gradient,
by the learning rate `lr` times the gradient. Change the parameters themselves, and return nothing.
"""


def sgd_step(parameters, lr):
    for p in parameters:
        raise NotImplementedError("Move p.data against p.grad.")
