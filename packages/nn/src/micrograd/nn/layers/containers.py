"""Modules made of modules: `Sequential` calls them one after the other, `ModuleList` only holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from micrograd.engine.errors import MicrogradTypeError
from micrograd.nn.module import Module


class ModuleList(Module):
    """A list of modules, whose parameters count as its own.

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
        self._listed: list[Any] = []
        if not isinstance(modules, Iterable):
            raise MicrogradTypeError(
                f"a ModuleList is made from a list, not a {type(modules).__name__}. Write ModuleList([layer, layer])."
            )
        for module in modules:
            self.append(module)

    def append(self, module: Any) -> None:
        """Add a module at the end."""
        if not isinstance(module, Module):
            raise MicrogradTypeError(f"a ModuleList holds modules, not a {type(module).__name__}: {module!r:.60}")
        self._listed.append(module)

    def __getitem__(self, index: Any) -> Any:
        return type(self)(self._listed[index]) if isinstance(index, slice) else self._listed[index]

    def __len__(self) -> int:
        return len(self._listed)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._listed)


class Sequential(Module):
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
        for position, module in enumerate(modules):
            if isinstance(module, type):
                raise MicrogradTypeError(
                    f"argument {position} of Sequential is the class {module.__name__}, not a layer of it. Write "
                    f"{module.__name__}(...)."
                )
            if not callable(module):
                raise MicrogradTypeError(
                    f"Sequential takes modules and functions, but argument {position} is a {type(module).__name__}: "
                    f"{module!r:.60}. Write Sequential(Linear(2, 3), ReLU()), or Sequential(*layers) for a list."
                )
        self._listed = list(modules)

    def forward(self, x: Any) -> Any:
        """What the last module returns."""
        for module in self._listed:
            x = module(x)
        return x

    def __getitem__(self, index: Any) -> Any:
        return type(self)(*self._listed[index]) if isinstance(index, slice) else self._listed[index]

    def __len__(self) -> int:
        return len(self._listed)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._listed)
