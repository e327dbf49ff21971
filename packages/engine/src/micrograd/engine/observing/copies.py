"""Copies of the numbers of Values, held by whoever reads tens of thousands of them at every call.

To gather them takes longer than many a call, to compare them as long. So a holder notes here that its copy is right,
and whoever writes a number into any Value empties the notes, as its last act:

    self._data = number
    if right_copies:
        right_copies.clear()

A holder makes its note *before* it gathers: what another thread writes meanwhile empties it again. While nobody holds
a copy, a write pays for one look at an empty set.
"""

from __future__ import annotations

right_copies: set[object] = set()
"""The marks of those copies that hold what the Values hold."""
