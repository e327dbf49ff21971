"""Mistakes in the walk back."""


def assigns(order):
    """`=` where `+=` belongs: see b = a + a. The node `a` is reached twice, and each time the result responds to
    it by 1; together that is 2. With `=`, the second share overwrites the first.
    """
    gradients = {name: 0.0 for name, _ in order}
    gradients[order[0][0]] = 1.0
    for name, operands in order:
        for operand, response in operands:
            gradients[operand] = response * gradients[name]
    return gradients


def forgets_the_chain(order):
    """You hand on how the node responds to its operand, but not what the node itself has received: multiply by
    `gradients[name]`. Right behind the result, where that is 1, nobody notices.
    """
    gradients = {name: 0.0 for name, _ in order}
    gradients[order[0][0]] = 1.0
    for name, operands in order:
        for operand, response in operands:
            gradients[operand] += response
    return gradients


def ignores_the_response(order):
    """You hand the gradient on as it is. It has to be multiplied by how the node responds to this operand, which
    is 1 for a sum only.
    """
    gradients = {name: 0.0 for name, _ in order}
    gradients[order[0][0]] = 1.0
    for name, operands in order:
        for operand, response in operands:
            gradients[operand] += gradients[name]
    return gradients


def multiplies(order):
    """Along one path responses multiply, but different paths *add up*: `+=`, not `*=`. And whoever multiplies what
    begins at 0 keeps 0.
    """
    gradients = {name: 0.0 for name, _ in order}
    gradients[order[0][0]] = 1.0
    for name, operands in order:
        for operand, response in operands:
            gradients[operand] *= response * gradients[name]
    return gradients
