"""`Module`: whatever has parameters. It finds them by looking at its attributes, and that is all it does.

There is no registration: an attribute that is a leaf `Value` is a parameter, one that is a Module is a part,
and lists, tuples and dicts are looked into. Buffers, `state_dict` and the like are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.value import Value

_M = TypeVar("_M", bound="Module")
_Named = Iterator[tuple[str, Any]]


class Module:
    """Base of everything that has parameters; a subclass says in `__call__` what it computes.

    A subclass in micrograd's manner, which overrides `parameters()` alone, works too: what it returns is then
    what counts, here and in every module that holds it.

    Attributes:
        training: Whether the module is being trained; `train()` and `eval()` set it throughout.

    Example:
        >>> from micrograd.engine import Value
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.intercept = Value(2.0), Value(1.0)
        ...     def __call__(self, x):
        ...         return self.slope * x + self.intercept
        >>> line = Line()
        >>> line(3.0).backward()
        >>> {name: p.grad for name, p in line.named_parameters()}
        {'slope': 3.0, 'intercept': 1.0}
    """

    training: bool = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; a subclass says it.

        Raises:
            MicrogradTypeError: If it doesn't.
        """
        name = type(self).__name__
        raise MicrogradTypeError(
            f"{name} doesn't say what it computes. Write def __call__(self, x): ... in class {name}."
        )

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order in which the attributes were set."""
        return [parameter for _, parameter in _parameters_in_attributes(self)]

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Every parameter once, with the path to it; one that is shared goes by the first of its names.

        Example:
            >>> from micrograd.nn import MLP
            >>> [name for name, _ in MLP(1, [1]).named_parameters()]
            ['layers.0.neurons.0.w.0', 'layers.0.neurons.0.b']
        """
        if _says_itself(self):
            return _named(self)
        return _parameters_in_attributes(self)

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """This module, by the empty name, and every module in it, each once."""
        return ((name, thing) for name, thing in _walk(self) if isinstance(thing, Module))

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def train(self: _M, mode: bool = True) -> _M:
        """Set `training` of this module and of every module in it; returns the module."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self: _M) -> _M:
        """Set `training` to False throughout; returns the module."""
        return self.train(False)


def _is_parameter(thing: Any) -> bool:
    # What was computed, such as a result kept for later, can't be learned.
    return isinstance(thing, Value) and thing.op is None


def _says_itself(module: Module) -> bool:
    return type(module).parameters is not Module.parameters


def _walk(root: Module, *, opaque: bool = False) -> _Named:
    """Everything in `root` with its path, itself first, each once.

    Iterative, so that neither depth nor a cycle does harm. With `opaque`, a part that says itself what its
    parameters are is not looked into.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        path, thing = stack.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        yield path, thing
        if opaque and thing is not root and isinstance(thing, Module) and _says_itself(thing):
            continue
        prefix = f"{path}." if path else ""
        stack += reversed([(f"{prefix}{key}", part) for key, part in _parts(thing)])


def _parts(thing: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(thing, Module):
        return vars(thing).items()
    if isinstance(thing, dict):
        return thing.items()
    return enumerate(thing) if isinstance(thing, (list, tuple)) else ()


def _parameters_in_attributes(root: Module) -> Iterator[tuple[str, Value]]:
    seen: set[Value] = set()
    for path, thing in _walk(root, opaque=True):
        if thing is not root and isinstance(thing, Module) and _says_itself(thing):
            found = [(f"{path}.{name}", parameter) for name, parameter in _named(thing)]
        else:
            found = [(path, thing)] if _is_parameter(thing) else []
        for name, parameter in found:
            if parameter not in seen:
                seen.add(parameter)
                yield name, parameter


def _named(module: Module) -> Iterator[tuple[str, Value]]:
    """What an overridden `parameters()` returns, named as its attributes are, or else by position."""
    names = {thing: path for path, thing in reversed(list(_walk(module))) if _is_parameter(thing)}
    for position, parameter in enumerate(dict.fromkeys(module.parameters())):
        yield names.get(parameter, str(position)), parameter
