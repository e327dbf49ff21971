"""Where the attributes are that code names: with an object itself, in its slots, or with its class.

Functions, classes and modules of the standard library, of installed packages and of our own are nobody's to change as a
program runs, and aren't looked into. What it leaves out: attributes that metaclasses and `__getattr__` make up. Needs
the standard library alone.
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from micrograd.engine.observing.changes import Announcing

OURS = "micrograd."
ABSENT = object()
"""Stands for an attribute that isn't there."""
_STANDARD_LIBRARY = str(Path(os.__file__).parent)
_CLASSES = (type, types.ModuleType)
_PLAIN = frozenset(vars(object))


class Slots:
    """The slots of an object, to be asked as a dict is."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def get(self, name: str, default: Any = None) -> Any:
        """What is in a slot."""
        return getattr(self._thing, name, default)


def is_of_library(thing: Any) -> bool:
    """Whether a function, a class or a module isn't the user's own."""
    name = str(thing.__name__ if isinstance(thing, types.ModuleType) else thing.__module__ or "")
    if isinstance(thing, types.FunctionType):
        file: Any = thing.__code__.co_filename
    else:
        file = getattr(sys.modules.get(name), "__file__", None)
    if file is None:  # built into Python, or typed by the user
        return name in sys.builtin_module_names
    return file.startswith((_STANDARD_LIBRARY, "<frozen")) or "-packages" in file or name.startswith(OURS)


def kinds_of(thing: Any) -> list[type]:
    """The classes, of the user's own, where attributes of an object or a class are found; of a module none."""
    line = thing.__mro__ if isinstance(thing, type) else type(thing).__mro__
    return [kind for kind in line if not is_of_library(kind)]


def may_have_attributes(thing: Any) -> bool:
    """Whether a thing keeps attributes of its own."""
    return hasattr(thing, "__dict__") or any("__slots__" in vars(kind) for kind in type(thing).__mro__)


def holder_of(thing: Any, name: str) -> Any:
    """What has an attribute, to be asked with `get`: the object's own dict, its slots or a class; None for methods.

    Example:
        >>> holder_of(types.SimpleNamespace(beta=2.0), "beta")
        {'beta': 2.0}
    """
    own: Mapping[str, Any] = getattr(thing, "__dict__", {})
    if not isinstance(thing, (Announcing, type)) and name in own:
        return own
    for kind in kinds_of(thing):
        if name in vars(kind):
            found = vars(kind)[name]
            if isinstance(found, types.MemberDescriptorType):
                return Slots(thing) if not isinstance(thing, type) else None
            return None if hasattr(found, "__get__") else vars(kind)
    return None


def functions_of(thing: Any, names: Iterable[str]) -> Iterator[types.FunctionType]:
    """The methods and properties of these names, as functions."""
    for kind in kinds_of(thing):
        functions = [_function_of(vars(kind).get(name)) for name in names]
        yield from (f for f in functions if isinstance(f, types.FunctionType))


def operators_of(thing: Any) -> list[str]:
    """The methods of a class that code calls without naming them, such as `__call__`, but for those of every object.

    Of a class itself, those that make an object.
    """
    if isinstance(thing, _CLASSES):
        return ["__init__", "__new__"]
    names = {name for kind in kinds_of(thing) for name in vars(kind) if name.startswith("__")}
    return sorted(names - _PLAIN)


def _function_of(found: Any) -> Callable[..., Any] | None:
    if isinstance(found, property):
        return found.fget
    return found.__func__ if isinstance(found, (staticmethod, classmethod)) else found
