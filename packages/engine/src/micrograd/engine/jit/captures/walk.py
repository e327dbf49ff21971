"""`Captures`: what a function knows from elsewhere, found by a walk, and whether it is still the same.

A program takes such things as they are while it is traced: a number that the function closes over, a global array,
whether a module is in training. Found are the variables around a function and the globals that its code names; what
functions of the user's own among them know in turn; every setting of a module; and those attributes of other objects,
of classes and of Python's modules that the code names (`attributes.py`).

What it leaves out: what lies behind calls into other libraries; what the code reaches by names that it computes; and
what `contents.py` doesn't compare. Needs the standard library alone.
"""

from __future__ import annotations

import functools
import random
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.jit.captures.attributes import (
    ABSENT,
    OURS,
    functions_of,
    holder_of,
    is_of_library,
    may_have_attributes,
    operators_of,
)
from micrograd.engine.jit.captures.contents import CONTAINERS, MANY, SINGLE, is_array, look_at, told_apart
from micrograd.engine.observing.changes import Announcing, changes

_WATCHED = 32
"""So many lists and arrays are looked at before every call."""
_LARGEST = 20_000
"""After so many things the walk ends."""

Parts = Iterator[tuple[str, Any]]
Rules = Sequence[tuple[Any, tuple[str, ...]]]


class Captures:
    """What a function knows from elsewhere, as it is now.

    Args:
        f: The function, or an object that is called.
        rules: Rules of optimisers, whose step is compiled with it, each with the names of the attributes that it reads.

    Attributes:
        buffers: The arrays that modules keep, as pairs of the module's attributes and a name.
        generators: The random generators, by their paths.
        names: The globals and attributes that the code of the user's own functions names.
    """

    def __init__(self, f: Any, rules: Rules = ()) -> None:
        self.buffers: list[tuple[dict[str, Any], str]] = []
        self.generators: dict[str, Any] = {}
        self._found: dict[str, Any] = {}  # by the path, what tells one state from another
        self._cells: list[tuple[Any, Any]] = []
        self._keys: list[tuple[dict[str, Any], str, Any]] = []
        self._contents: list[tuple[str, Callable[[], Any], Any]] = []
        self._paths: dict[tuple[int, str], str] = {}
        self._seen: dict[int, Any] = {}  # holds them, so that no id is used twice
        self.names: set[str] = set()
        self._objects: list[tuple[str, Any]] = []
        self._count = changes.count
        for number, (rule, settings) in enumerate(rules):
            path = f"optimizer.param_groups[{number}]" if len(rules) > 1 else "optimizer"
            own = vars(rule.__self__)
            for name in own.keys() & set(settings):
                self._know(f"{path}.{name}", own, name, own[name])
                self._found[f"{path}.{name}"] = "setting", *told_apart(own[name])
            self._walk([(path, rule)])
        self._walk([("", f)])

    def path_of(self, holder: dict[str, Any], name: str) -> str:
        """Where a buffer was found."""
        return self._paths[id(holder), name]

    # ---- the same? ---------------------------------------------------------------------------------------------------

    def are_untouched(self) -> bool:
        """Whether nothing was set since; told quickly. If not, it may yet be equal to what it was."""
        for cell, value in self._cells:
            if cell.cell_contents is not value:
                return False
        for holder, name, value in self._keys:
            if holder.get(name, ABSENT) is not value:
                return False
        for _, look, known in self._contents:
            if look() != known:
                return False
        return self._count == changes.count

    def changed(self, other: Captures) -> list[str]:
        """The paths of what is another there."""
        return [path for path, known in self._found.items() if other._found.get(path) != known]

    def without(self, paths: set[str]) -> Captures:
        """These, but for what the function itself writes: that it doesn't depend on."""
        for path in paths & self._found.keys():
            del self._found[path]
        self._contents = [watched for watched in self._contents if watched[0] not in paths]
        return self

    def is_number(self, path: str) -> bool:
        """Whether there is a single number at a path."""
        return bool({"int", "float"} & set(map(str, self._found[path][:2])))

    def data_at(self, path: str) -> str:
        """What kind of data a path holds; empty for a setting of a module, and for what is no data."""
        kind = self._found[path][0]
        return "number" if kind in ("int", "float") else str(kind) if kind in ("list", "dict", "set", "array") else ""

    # ---- the walk ----------------------------------------------------------------------------------------------------

    def _walk(self, stack: list[tuple[str, Any]]) -> None:
        """Look at things and at what they know, until nothing new is found."""
        while stack and len(self._seen) < _LARGEST:
            while stack:
                path, thing = stack.pop()
                if id(thing) not in self._seen:
                    self._seen[id(thing)] = thing
                    stack += self._parts(path, thing)
            # The code of one object may name attributes of another that was found before.
            stack += [part for path, thing in self._objects for part in self._named_parts(path, thing)]
            stack = [part for part in stack if id(part[1]) not in self._seen]

    def _parts(self, path: str, thing: Any) -> Parts:
        """What a thing knows, with paths; on the way, what is to be compared is noted."""
        if isinstance(thing, types.FunctionType):
            yield from self._of_function(path, thing)
        elif isinstance(thing, types.MethodType):
            yield from ((path, thing.__self__), (path, thing.__func__))
        elif isinstance(thing, functools.partial):
            yield from ((path, part) for part in (thing.func, thing.args, thing.keywords))
        elif isinstance(thing, Announcing):
            yield from self._of_module(path, thing)
        elif isinstance(thing, random.Random) or hasattr(type(thing), "bit_generator"):
            self.generators[path or "rng"] = thing
        elif isinstance(thing, (tuple, *CONTAINERS)) or is_array(thing):
            look = look_at(thing)
            if look is not None and len(self._contents) < _WATCHED:
                self._contents.append((path, look, look()))
                self._found[path] = told_apart(thing)
            yield from ((f"{path}[{key!r}]", part) for key, part in _elements(thing))
        elif not isinstance(thing, (Node, *SINGLE)) and may_have_attributes(thing):
            yield from self._of_object(path, thing)

    def _of_function(self, path: str, f: types.FunctionType) -> Parts:
        is_theirs = is_of_library(f)
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            try:
                value = cell.cell_contents
            except ValueError:  # there is nothing in it yet
                continue
            if not is_theirs:
                self._cells.append((cell, value))
                self._found[name] = told_apart(value)
            yield path if is_theirs else name, value
        if is_theirs:
            return
        names = set(_names(f.__code__))
        self.names |= names
        for name in sorted(names & f.__globals__.keys()):
            value = f.__globals__[name]
            if not _is_fixed(value):
                self._know(name, f.__globals__, name, value)
                yield name, value
        for name, default in _defaults(f):
            yield f"{name} of {f.__name__}()", default

    def _of_module(self, path: str, module: Announcing) -> Parts:
        """Every setting of a module counts; that one was set, it says itself."""
        own = vars(module)
        prefix = f"{path}." if path else ""
        kept = own.get("_buffer_names", ())
        # `training` is the class's until it is first set, and then the module's own.
        names = [name for name in own if name != "training"]
        self._found[path] = ("module", id(module), *names, getattr(module, "training", None))
        for name, value in own.items():
            if name in kept and value is not None:
                self.buffers.append((own, name))
                self._paths[id(own), name] = f"{prefix}{name}"
                self._found[f"{prefix}{name}"] = ("buffer", value.shape, value.dtype)
            else:
                # What a container lists is named by its number alone, as nn names it.
                where = path if name == "_listed" else f"{prefix}{name}"
                self._found[f"{prefix}{name}"] = "setting", *told_apart(value)
                yield from self._unpacked(where, value)
        if not type(module).__module__.startswith(OURS):
            self._objects.append((path, module))
            yield from ((path, f) for f in functions_of(module, ("forward", "__call__")))

    def _unpacked(self, path: str, value: Any) -> Parts:
        """A part of a module, or what is in it; a list there isn't looked at before every call."""
        if not isinstance(value, (list, tuple, dict)):
            if not is_array(value):
                yield path, value
            return
        for key, part in _elements(value):
            where = f"{path}.{key}" if path else str(key)
            self._found[where] = told_apart(part)
            yield from self._unpacked(where, part)

    def _of_object(self, path: str, thing: Any) -> Parts:
        wrapped = getattr(thing, "__dict__", {}).get("__wrapped__")
        if wrapped is not None:
            yield path, wrapped
        elif not _is_fixed(thing):
            self._objects.append((path, thing))
            yield from ((path, f) for f in functions_of(thing, operators_of(thing)))

    def _named_parts(self, path: str, thing: Any) -> Parts:
        """The attributes and methods of something of the user's own that the code names."""
        for name in self.names:
            where = f"{path or 'self'}.{name}"
            holder = None if where in self._found else holder_of(thing, name)
            if holder is None:
                continue
            own = getattr(thing, "__dict__", holder)
            if own is not holder and not isinstance(thing, type):
                self._keys.append((own, name, ABSENT))  # set there, it would hide that of the class
            value = holder.get(name, ABSENT)
            self._know(where, holder, name, value)
            yield where, value
        yield from ((path, f) for f in functions_of(thing, self.names))

    def _know(self, path: str, holder: Any, name: str, value: Any) -> None:
        self._keys.append((holder, name, value))
        self._found[path] = told_apart(value)


def _names(code: types.CodeType) -> Iterator[str]:
    """The globals and attributes that a piece of code names, and the functions in it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _defaults(f: types.FunctionType) -> Parts:
    names = f.__code__.co_varnames[: f.__code__.co_argcount]
    yield from zip(reversed(names), reversed(f.__defaults__ or ()), strict=False)
    yield from (f.__kwdefaults__ or {}).items()


def _is_fixed(value: Any) -> bool:
    """Whether this is a part of a program that nobody changes as it runs."""
    if isinstance(value, types.BuiltinFunctionType):
        return True
    if isinstance(value, (types.ModuleType, types.FunctionType, type)):
        return is_of_library(value)
    is_ours = type(value).__module__.startswith(OURS) and not isinstance(value, (Announcing, Node))
    return is_ours and "__wrapped__" not in getattr(value, "__dict__", ())


def _elements(container: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a small container that aren't single numbers."""
    if not isinstance(container, (tuple, *CONTAINERS)) or len(container) > MANY:
        return
    items = container.items() if isinstance(container, dict) else enumerate(container)
    yield from ((key, part) for key, part in items if not isinstance(part, SINGLE))
