"""Gradients add up.

`order` lists a whole graph, from the result to the inputs. Each entry is the name of a node and its operands: pairs
of an operand's name and how the node responds to it. For `b = a + a` that is `[("b", [("a", 1.0), ("a", 1.0)]),
("a", [])]`. Walk along it, and return the gradient of each node by its name.
"""


def walk_back(order):
    gradients = {name: 0.0 for name, _ in order}
    result = order[0][0]
    gradients[result] = 1.0
    for name, operands in order:
        for operand, response in operands:
            raise NotImplementedError("Hand on to the operand what this node has received.")
    return gradients
