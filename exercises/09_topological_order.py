"""Inputs before those who use them.

Return a list of all nodes that `root` depends on, `root` included: each once, and each after all of its `.inputs`.
It has to work for a chain of 2,000 nodes, so a function that calls itself won't do: Python allows a thousand calls
or so. Keep a list of what is still to be visited.
"""


def topological_order(root):
    raise NotImplementedError("Return the nodes in order, inputs first.")
