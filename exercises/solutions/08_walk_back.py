"""Gradients add up."""


def walk_back(order):
    gradients = {name: 0.0 for name, _ in order}
    result = order[0][0]
    gradients[result] = 1.0
    for name, operands in order:
        for operand, response in operands:
            gradients[operand] += response * gradients[name]
    return gradients
