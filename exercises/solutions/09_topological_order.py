"""Inputs before those who use them."""


def topological_order(root):
    order, seen = [], set()
    waiting = [(root, False)]
    while waiting:
        node, inputs_are_done = waiting.pop()
        if inputs_are_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((operand, False) for operand in node.inputs)
    return order
