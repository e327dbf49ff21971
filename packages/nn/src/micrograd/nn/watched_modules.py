"""Seeing what the innermost modules of a model return, while it computes as it would anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from micrograd.nn.module import Module


@contextmanager
def outputs_seen(model: Module, see: Callable[[str, Module, Any], None]) -> Iterator[None]:
    """Have `see(name, module, output)` called for every module without modules in it, each time that it computes.

    Example:
        >>> from micrograd.nn import Linear, Sequential
        >>> model = Sequential(Linear(2, 3, rng=0))
        >>> with outputs_seen(model, lambda name, module, out: print(name, module, out.shape)):
        ...     _ = model([[1.0, 2.0]])
        0 Linear(2, 3) (1, 3)
    """
    innermost = [(name, module) for name, module in model.named_modules() if next(module.children(), None) is None]
    try:
        for name, module in innermost:
            vars(module)["forward"] = _seen(name, module, see)
        yield
    finally:
        for _, module in innermost:
            vars(module).pop("forward", None)


def _seen(name: str, module: Module, see: Callable[[str, Module, Any], None]) -> Callable[..., Any]:
    forward = module.forward

    def seen(*args: Any, **kwargs: Any) -> Any:
        out = forward(*args, **kwargs)
        see(name, module, out)
        return out

    return seen
