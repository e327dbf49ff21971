"""Mistakes in a topological order."""


def nearest_last(root):
    """You go level by level from the result, and read that backwards. A node that is used both nearby and farther
    off then comes too late: it was found early, but one of its users was found after it.
    """
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting.extend(node.inputs)
    return order[::-1]


def visits_twice(root):
    """A node that is used twice is listed twice, and would hand its gradient on twice. Remember which nodes you
    have seen.
    """
    order, waiting = [], [(root, False)]
    while waiting:
        node, inputs_are_done = waiting.pop()
        if inputs_are_done or not node.inputs:
            order.append(node)
        else:
            waiting.append((node, True))
            waiting.extend((operand, False) for operand in node.inputs)
    return order


def calls_itself(root):
    """The order is right, but a function that calls itself once for each node ends at Python's limit, a thousand
    calls or so. Nets are deeper than that: keep a list of what is still to be visited.
    """
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node.inputs:
                visit(operand)
            order.append(node)

    visit(root)
    return order


def users_first(root):
    """The list begins with the result. Inputs come first: a node stands *after* everything that it was computed
    from.
    """
    order, seen = [], set()
    waiting = [(root, False)]
    while waiting:
        node, inputs_are_done = waiting.pop()
        if inputs_are_done:
            order.insert(0, node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((operand, False) for operand in node.inputs)
    return order
