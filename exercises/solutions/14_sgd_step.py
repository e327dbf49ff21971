"""One step downhill."""


def sgd_step(parameters, lr):
    for p in parameters:
        p.data -= lr * p.grad
