"""`Versions`: the states of what a function knows from elsewhere, one program for each.

A model that goes from training to evaluation and back needs two programs, and no more. A number that is another one at
every call needs one each time: that is said in a warning, with the remedy.
"""

from __future__ import annotations

import itertools
import warnings
from contextlib import AbstractContextManager
from typing import Any

from micrograd.engine.jit.captures.walk import Captures, Rules
from micrograd.engine.jit.sources import depth_of_user
from micrograd.engine.jit.tracing.chance import unmoved

KEPT = 8
"""The programs of so many states are kept."""
_NOT_YET = -1


class Versions:
    """The states in which a function was found so far.

    Args:
        f: The function.
        rules: Rules of optimisers, whose step is compiled with it, each with the names of the attributes that it reads.
    """

    def __init__(self, f: Any, rules: Rules = ()) -> None:
        self._f, self._rules = f, rules
        self._known: dict[int, Captures] = {}
        self._numbers = itertools.count()
        self._written: set[str] = set()
        self._now = _NOT_YET, Captures(None)

    @property
    def now(self) -> Captures:
        """What the function knows; `number()` comes first."""
        return self._now[1]

    def is_untouched(self) -> bool:
        """Whether nothing was set since the last look."""
        return self._now[0] != _NOT_YET and self._now[1].are_untouched()

    def number(self) -> int:
        """The number of the state that the function is in."""
        if self.is_untouched():
            return self._now[0]
        found = self._found()
        number = next((n for n, known in self._known.items() if not known.changed(found)), None)
        if number is None:
            number = next(self._numbers)
            if self._now[0] != _NOT_YET:
                self._warn(self._now[1], found)
        self._known[number] = found
        for old in list(self._known)[:-KEPT]:
            del self._known[old]
        self._now = number, found
        return number

    def unmoved(self) -> AbstractContextManager[None]:
        """A block in which the function may run without moving the generators and buffers that it knows."""
        self.number()
        return unmoved(self.now.generators, self.now.buffers)

    def kept(self, programs: dict[Any, Any]) -> dict[Any, Any]:
        """The programs, by keys that begin with the number of a state, without those of states that are forgotten."""
        return {key: program for key, program in programs.items() if key[0] in self._known}

    def traced(self) -> None:
        """Take note that the function was just run, which may itself have set what it knows."""
        number, before = self._now
        written = before.changed(self._found())
        self._written.update(written)
        counted = [path for path in written if before.is_number(path)]
        if counted:
            self._say(
                f"jit: {self._name()} changes {counted[0]} as it runs, which its program does not: it computes with "
                "the number of its first run. Return it and hand it in again; or, in a module, keep it as an array "
                "with register_buffer()."
            )
        self._known[number] = after = self._found()
        self._now = number, after

    def _found(self) -> Captures:
        return Captures(self._f, self._rules).without(self._written)

    def _warn(self, before: Captures, after: Captures) -> None:
        """Say which number is another one, since each costs a trace."""
        for path in before.changed(after):
            what = before.data_at(path)
            if what:
                self._say(
                    f"jit: the {what} {path}, which {self._name()} knows from elsewhere, is another than when it was "
                    f"compiled, so it is compiled again. Pass it as an argument, and a new {what} costs nothing."
                )
                return

    def _name(self) -> str:
        name = getattr(self._f, "__name__", type(self._f).__name__)
        return "the function" if name == "<lambda>" else f"{name}()"

    @staticmethod
    def _say(message: str) -> None:
        warnings.warn(message, RuntimeWarning, stacklevel=depth_of_user())
