"""`Announcing`: objects that let it be known that an attribute of theirs was set; so do Tensors that are frozen.

What was compiled from such an object, a module say, is right as long as its settings are what they were. To compare all
of them before every call would take longer than many a call; to compare one count takes next to nothing.
"""

from __future__ import annotations

from typing import Any


class Announcing:
    """An object that counts whenever an attribute of any object of this kind is set or deleted.

    Example:
        >>> class Net(Announcing):
        ...     pass
        >>> net, before = Net(), changes.count
        >>> net.training = False
        >>> changes.count - before
        1
    """

    def __setattr__(self, name: str, value: Any) -> None:
        changes.count += 1
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        changes.count += 1
        object.__delattr__(self, name)


class Changes:
    """How often something was changed that a program may depend on.

    Example:
        >>> isinstance(changes.count, int)
        True
    """

    count = 0


changes = Changes()
