"""A neuron.

Multiply each input by its weight, add them up, add the bias, and apply `.relu()` to the sum. Weights and bias are
Values; calculate with them as with numbers.
"""


def neuron(w, x, b):
    raise NotImplementedError("Return max(0, w[0] * x[0] + w[1] * x[1] + ... + b).")
