"""Who has parameters: modules of nn, and whatever else notes itself here, so that a graph can name its leaves.

Noted weakly: it keeps nothing alive, and costs something when a module is made, nothing when it is used. Whose leaf is
whose is asked when somebody looks at a graph, by `named_parameters()`; `viz/names/ownership.py` does so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, Protocol
from weakref import WeakValueDictionary


class Owner(Protocol):
    """What has parameters with names."""

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """Each parameter with the path to it."""


_owners: WeakValueDictionary[int, Owner] = WeakValueDictionary()
_numbers = count()


def note_owner(owner: Owner) -> None:
    """Remember something that has, or will have, parameters, for as long as it lives.

    Example:
        >>> class Line:
        ...     def named_parameters(self):
        ...         return iter(())
        >>> line = Line()
        >>> note_owner(line)
        >>> line in living_owners()
        True
    """
    _owners[next(_numbers)] = owner


def living_owners() -> list[Owner]:
    """All that have been noted and still live, in the order in which they were made."""
    return [owner for _, owner in sorted(_owners.items(), key=lambda entry: entry[0])]
