"""Calls that don't fit a function: an error that names the arguments which it has."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from micrograd.engine.errors import MicrogradTypeError

F = TypeVar("F", bound=Callable[..., Any])


def misuse(name: str, signature: inspect.Signature, what: str) -> MicrogradTypeError:
    """The error for a call that doesn't fit.

    Example:
        >>> import inspect
        >>> misuse("twice", inspect.signature(lambda x, axis=0: 2 * x), "has no argument 'base'")
        MicrogradTypeError("twice() has no argument 'base'. It is called as twice(x, axis=0)")
    """
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    call = signature.replace(parameters=bare, return_annotation=signature.empty)
    return MicrogradTypeError(f"{name}() {what}. It is called as {name}{call}")


def check_call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Explain a TypeError, if the call is to blame for it.

    Raises:
        MicrogradTypeError: If the arguments don't fit the function.
    """
    signature = inspect.signature(function)
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise misuse(function.__name__, signature, str(error)) from None


def naming_arguments(function: F) -> F:
    """Let a function say how it is called whenever a call doesn't fit it.

    Raises:
        MicrogradTypeError: In such a call.

    Example:
        >>> @naming_arguments
        ... def twice(x):
        ...     return 2 * x
        >>> twice()
        Traceback (most recent call last):
        micrograd.engine.errors.MicrogradTypeError: twice() missing a required argument: 'x'. It is called as twice(x)
    """

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            check_call(function, args, kwargs)
            raise

    return called  # type: ignore[return-value]
