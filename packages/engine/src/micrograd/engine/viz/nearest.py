"""The part of a graph that lies nearest to its root, for pictures and texts that have to stay small."""

from __future__ import annotations

from collections import deque

from micrograd.engine.graph import Node


def opened_near(root: Node, limit: int, depth: int | None = None) -> set[Node]:
    """The nodes whose operands are shown too, so that no more than `limit` nodes are shown, the nearest ones first.

    A node is opened with all of its operands or not at all. What is shown is the root and the operands of the opened
    ones. The time taken follows `limit`, however large the graph is.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(2.0)
        >>> b = (a * 3.0).exp()
        >>> [node.op.name for node in opened_near(b, 2)]
        ['exp']
    """
    shown, opened = {root}, set()
    queue = deque([(root, 0)])
    while queue:
        node, level = queue.popleft()
        new = [operand for operand in dict.fromkeys(node.inputs) if operand not in shown]
        if not node.inputs or level == depth or len(shown) + len(new) > limit:
            continue
        opened.add(node)
        shown.update(new)
        queue += [(operand, level + 1) for operand in new]
    return opened


def shown_by(root: Node, opened: set[Node]) -> set[Node]:
    """The root and the operands of the opened nodes."""
    return {root, *(operand for node in opened for operand in node.inputs)}


def count_up_to(root: Node, limit: int) -> int:
    """How many nodes the graph has, or `limit` if it has at least that many; looks at no more of them.

    Example:
        >>> from micrograd.engine import Value
        >>> y = Value(1.0) + Value(2.0)
        >>> count_up_to(y, 10), count_up_to(y, 2)
        (3, 2)
    """
    seen = {root}
    stack = [root]
    while stack and len(seen) < limit:
        for operand in stack.pop().inputs:
            if operand not in seen and len(seen) < limit:
                seen.add(operand)
                stack.append(operand)
    return min(len(seen), limit)


def count_text(count: int, limit: int) -> str:
    """A number of nodes in words: `75,042`, or `more than 100,000` where counting stopped.

    Example:
        >>> count_text(75042, 100_000), count_text(100_000, 100_000)
        ('75,042', 'more than 99,999')
    """
    return f"{count:,}" if count < limit else f"more than {limit - 1:,}"
