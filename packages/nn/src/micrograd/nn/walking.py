"""What a module is made of: a walk through its attributes, and what counts as a parameter on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from micrograd.engine.graph import Node

Named = Iterator[tuple[str, Any]]


def is_tensor(parameter: Any) -> bool:
    """Whether this is a Tensor rather than a Value; told without importing NumPy."""
    return hasattr(parameter, "dtype")


def is_parameter(thing: Any) -> bool:
    """Whether this is a leaf that is learned, or was until it was frozen, by `freeze()` or by its flag.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> is_parameter(w), is_parameter(w * 2.0), is_parameter(1.0)
        (True, False, False)
    """
    # What was computed, such as a result kept for later, can't be learned.
    if not isinstance(thing, Node) or thing.op is not None:
        return False
    note_parameter(thing)
    return thing._requires_grad or thing.__dict__.get("is_parameter", False)


def note_parameter(thing: Any) -> None:
    """Remember of a Tensor that it is learned: once its flag says otherwise, it is still one of the model's numbers."""
    if isinstance(thing, Node) and is_tensor(thing) and thing._requires_grad and thing.op is None:
        thing.__dict__["is_parameter"] = True


def forget_gradients(parameters: Iterable[Any], set_to_none: bool) -> None:
    """Begin anew to sum gradients up.

    Args:
        parameters: Values and Tensors.
        set_to_none: Whether a Tensor has none then, rather than zeros.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> (3.0 * w).backward()
        >>> forget_gradients([w], set_to_none=True)
        >>> w.grad
        0.0
    """
    for parameter in parameters:
        keeps_one = not set_to_none and is_tensor(parameter)
        parameter.grad = 0.0 * parameter._data if keeps_one else parameter._no_gradient


def walk(
    root: Any, into: Callable[[Any], bool] = lambda thing: True, again: list[tuple[str, Any]] | None = None
) -> Named:
    """Everything in `root` with its path, itself first, each once.

    Iterative, so that neither depth nor a cycle does harm.

    Args:
        root: Where to start.
        into: Whether to look into a thing; it is found in any case.
        again: Receives what is met once more, with that path.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        path, thing = stack.pop()
        if id(thing) in seen:
            if again is not None:
                again.append((path, thing))
            continue
        seen.add(id(thing))
        yield path, thing
        if into(thing):
            prefix = f"{path}." if path else ""
            stack += reversed([(f"{prefix}{key}", part) for key, part in _parts(thing)])


def _parts(thing: Any) -> Iterable[tuple[Any, Any]]:
    if _is_module(thing):
        # What a container lists is named by its number alone, as in PyTorch: "0.weight", not "items.0.weight".
        own = vars(thing)
        listed = own.get("_listed", ())
        return [*enumerate(listed), *((name, part) for name, part in own.items() if name not in _HIDDEN)]
    if isinstance(thing, dict):
        return thing.items()
    return enumerate(thing) if isinstance(thing, (list, tuple)) else ()


_HIDDEN = ("_listed", "_buffer_names", "_unsaved")


def _is_module(thing: Any) -> bool:
    return hasattr(type(thing), "named_parameters")


def _says_itself(module: Any) -> bool:
    """Whether a module overrides `parameters()`, as micrograd's do."""
    base = next(kind for kind in type(module).__mro__ if kind.__name__ == "Module")
    return type(module).parameters is not base.parameters  # type: ignore[attr-defined]


def parameters_of(root: Any) -> Named:
    """Every parameter once, with the path to it."""
    return _named(root) if _says_itself(root) else parameters_in_attributes(root)


def parameters_in_attributes(root: Any) -> Named:
    """The same, whatever `root` itself says about its parameters."""
    seen: set[Node] = set()
    for path, thing in walk(root, into=lambda thing: thing is root or not _is_module(thing) or not _says_itself(thing)):
        if thing is not root and _is_module(thing) and _says_itself(thing):
            found = [(f"{path}.{name}", parameter) for name, parameter in _named(thing)]
        else:
            found = [(path, thing)] if is_parameter(thing) else []
        for name, parameter in found:
            if parameter not in seen:
                seen.add(parameter)
                yield name, parameter


def further_names_of(root: Any) -> list[tuple[str, str]]:
    """The paths to shared parameters and modules beside the first one, and that first one.

    Example:
        >>> from micrograd.nn import MLP
        >>> further_names_of({"one": (net := MLP(1, [1])), "other": net})
        [('other', 'one')]
    """
    again: list[tuple[str, Any]] = []
    first = {id(thing): path for path, thing in walk(root, again=again)}
    return [(path, first[id(thing)]) for path, thing in again if is_parameter(thing) or _is_module(thing)]


def _named(module: Any) -> Named:
    """What an overridden `parameters()` returns, named as its attributes are, or else by position."""
    names = {thing: path for path, thing in reversed(list(walk(module))) if is_parameter(thing)}
    for position, parameter in enumerate(dict.fromkeys(module.parameters())):
        yield names.get(parameter, str(position)), parameter


def buffers_of(root: Any) -> Iterator[tuple[str, Any, str, Any]]:
    """Every buffer that isn't None: its path, the module that holds it, its name there, and the array."""
    for path, module in walk(root):
        if _is_module(module):
            for name in vars(module).get("_buffer_names", ()):
                array = getattr(module, name)
                if array is not None:
                    yield f"{path}.{name}" if path else name, module, name, array


def saved_buffers_of(root: Any) -> Iterator[tuple[str, Any, str, Any]]:
    """Those that belong to the state."""
    return (found for found in buffers_of(root) if found[2] not in vars(found[1]).get("_unsaved", ()))
