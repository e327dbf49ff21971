"""Modules made of modules: `Sequential` calls them one after the other, `ModuleList` only holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError
from micrograd.nn.module import Module

_L = TypeVar("_L", bound="_Listing")


class _Listing(Module):
    """A list of modules that can be changed; each subclass says what may stand in it."""

    def __init__(self) -> None:
        self._listed: list[Any] = []

    def _require(self, module: Any, position: int) -> None:
        """Refuse what can't stand in the list."""
        raise NotImplementedError

    def _set(self, modules: Iterable[Any]) -> None:
        modules = list(modules)
        for position, module in enumerate(modules):
            self._require(module, position)
        self._listed = modules

    def _shown(self) -> list[tuple[str, str]]:
        """Functions, too: by their names."""
        texts = [repr(part) if isinstance(part, Module) else getattr(part, "__name__", repr(part)) for part in self]
        return [(str(place), text) for place, text in enumerate(texts)]

    def append(self: _L, module: Any) -> _L:
        """Add a module at the end; returns the container."""
        return self.insert(len(self), module)

    def extend(self: _L, modules: Iterable[Any]) -> _L:
        """Add modules at the end; returns the container."""
        self._set([*self._listed, *modules])
        return self

    def insert(self: _L, index: int, module: Any) -> _L:
        """Put a module in front of that at an index; returns the container."""
        modules = list(self._listed)
        modules.insert(index, module)
        self._set(modules)
        return self

    def __setitem__(self, index: Any, module: Any) -> None:
        modules = list(self._listed)
        modules[index] = module
        self._set(modules)

    def __delitem__(self, index: Any) -> None:
        modules = list(self._listed)
        del modules[index]
        self._set(modules)

    def __len__(self) -> int:
        return len(self._listed)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._listed)


class ModuleList(_Listing):
    """A list of modules, whose parameters count as its own.

    It is changed as a list is: `layers[0] = layer`, `del layers[0]`, `append`, `extend`, `insert`.

    Args:
        modules: What to hold.

    Raises:
        MicrogradTypeError: If one of them is no Module.

    Example:
        >>> from micrograd.nn import Linear
        >>> layers = ModuleList([Linear(2, 3, rng=0), Linear(3, 1, rng=1)])
        >>> len(layers), [name for name, _ in layers.named_parameters()]
        (2, ['0.weight', '0.bias', '1.weight', '1.bias'])
    """

    def __init__(self, modules: Iterable[Any] = ()) -> None:
        super().__init__()
        if not isinstance(modules, Iterable):
            raise MicrogradTypeError(
                f"a ModuleList is made from a list, not {kind_of(modules)}. Write ModuleList([layer, layer])."
            )
        self._set(modules)

    def _require(self, module: Any, position: int) -> None:
        if not isinstance(module, Module):
            raise MicrogradTypeError(f"a ModuleList holds modules, not {kind_of(module)}: {module!r:.60}")

    def __getitem__(self, index: Any) -> Any:
        return type(self)(self._listed[index]) if isinstance(index, slice) else self._listed[index]


class Sequential(_Listing):
    """Modules one after the other: each takes what the one before it returned.

    Args:
        *modules: Modules, or functions such as `micrograd.engine.relu`. With layers that take Values it takes Values.

    Raises:
        MicrogradTypeError: If one of them can't be called.

    Example:
        >>> import numpy as np
        >>> from micrograd.nn import Linear, ReLU
        >>> model = Sequential(Linear(2, 3, rng=0), ReLU(), Linear(3, 1, rng=1))
        >>> model
        Sequential(
          (0): Linear(2, 3)
          (1): ReLU()
          (2): Linear(3, 1)
        )
        >>> model(np.ones((5, 2))).shape
        (5, 1)
        >>> model(np.ones((5, 3)))
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradValueError: in 0 (Linear(2, 3)): Linear(2, 3) expects shape (..., 2), but was \
given (5, 3): its last axis has 3; with 3 features build it for 3.
    """

    def __init__(self, *modules: Callable[[Any], Any]) -> None:
        super().__init__()
        self._set(modules)

    def _require(self, module: Any, position: int) -> None:
        if isinstance(module, type):
            raise MicrogradTypeError(
                f"argument {position} of Sequential is the class {module.__name__}, not a layer of it. Write "
                f"{module.__name__}(...)."
            )
        if not callable(module):
            raise MicrogradTypeError(
                f"Sequential takes modules and functions, but argument {position} is {kind_of(module)}: "
                f"{module!r:.60}. Write Sequential(Linear(2, 3), ReLU()), or Sequential(*layers) for a list."
            )

    def forward(self, x: Any) -> Any:
        """What the last module returns."""
        for module in self._listed:
            x = module(x)
        return x

    def __getitem__(self, index: Any) -> Any:
        return type(self)(*self._listed[index]) if isinstance(index, slice) else self._listed[index]
