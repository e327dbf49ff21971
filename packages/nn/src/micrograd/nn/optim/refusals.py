"""What optimisers refuse: parameters that can't be learned, gradients that don't fit them, states of something else."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.nn.validation import nonnegative, whole_number, whole_numbers
from micrograd.nn.walking import is_tensor


def checked_parameters(parameters: Any, name: str) -> list[Any]:
    """The parameters as a list.

    Raises:
        MicrogradTypeError: If they are no list of Values and Tensors.
        MicrogradValueError: If there are none, one occurs twice, or one was computed.
    """
    fix = f"Write {name}(model.parameters(), lr=0.1)."
    if not isinstance(parameters, Iterable) or isinstance(parameters, (str, bytes, Node)):
        raise MicrogradTypeError(f"{name} takes a list of parameters, not {kind_of(parameters)}. {fix}")
    listed = list(parameters)
    for position, parameter in enumerate(listed):
        if not isinstance(parameter, Node):
            raise MicrogradTypeError(f"parameter {position} is {kind_of(parameter)}. {fix}")
        if parameter.op is not None:
            raise MicrogradValueError(
                f"parameter {position} was computed, by {parameter.op.symbol!r}: it can't be set. {fix}"
            )
    if not listed:
        raise MicrogradValueError(f"{name} was given no parameters, so there is nothing to learn. {fix}")
    if len(set(listed)) < len(listed):
        raise MicrogradValueError(
            f"{name} was given a parameter twice, which would take two steps at a time. "
            f"Write {name}(dict.fromkeys(parameters), lr=0.1) to keep each once."
        )
    return listed


def fitting_gradients(parameters: Sequence[Any]) -> list[Any]:
    """The gradient of each parameter, as a number or an array of its shape; None for a Tensor that has none.

    Nothing is broadcast: a gradient of another shape, written by hand, would move the parameter by wrong numbers.

    Raises:
        MicrogradTypeError: If one isn't of real numbers.
        MicrogradValueError: If one has another shape.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(1.0)
        >>> x.grad = 2.0
        >>> fitting_gradients([x])
        [2.0]
    """
    found = []
    for position, parameter in enumerate(parameters):
        grad, data = parameter.grad, parameter._data
        is_as_left = grad.__class__ is data.__class__ and (  # by backward()
            data.__class__ is float or (grad.shape == data.shape and grad.dtype is data.dtype)
        )
        found.append(grad if is_as_left else _fitting(parameter, position))
    return found


def _fitting(parameter: Any, position: int) -> Any:
    grad = parameter.grad
    if grad is None and is_tensor(parameter):
        return None
    grad = grad._data if isinstance(grad, Node) else grad
    if _shape_of(grad) != getattr(parameter, "shape", ()):
        _refuse(grad, parameter, position)
    return grad if is_tensor(parameter) else float(grad)


def _refuse(grad: Any, parameter: Any, position: int) -> NoReturn:
    who = f"parameter {position}{f' ({parameter.label})' if parameter.label else ''}"
    wanted, fix = "one real number", "p.grad = 0.0"
    if is_tensor(parameter):
        wanted = f"an array of real numbers of shape {parameter.shape}"
        fix = "p.grad = np.broadcast_to(g, p.shape), if that is meant"
    given = (
        f"{grad.dtype} of shape {grad.shape}" if hasattr(grad, "dtype") else f"the {type(grad).__name__} {grad!r:.40}"
    )
    raise (MicrogradTypeError if _shape_of(grad) is None else MicrogradValueError)(
        f"the gradient of {who} is {wanted}, but there is {given}; nothing was moved. backward() gives one that fits; "
        f"of one by hand write {fix}."
    )


def check_optimizer_state(state: Any, shapes: Sequence[tuple[int, ...]], count: int) -> None:
    """Refuse a state that isn't one, or is that of other parameters or another kind of optimiser.

    Args:
        state: What `state_dict()` of an optimiser gave.
        shapes: Those of the parameters.
        count: How many numbers the rule keeps for each.

    Raises:
        MicrogradTypeError: If it is no state of an optimiser.
        MicrogradValueError: If it doesn't fit.
    """
    if not isinstance(state, dict) or not {"steps", "lr", "states", "sat_out"} <= state.keys():
        raise MicrogradTypeError(
            f"the state of an optimiser is a dict of steps, lr, states and sat_out, but was given {state!r:.60}. Write "
            "optimizer.load_state_dict(other.state_dict())."
        )
    whole_number(state["steps"], "steps", "load_state_dict(optimizer.state_dict())", least=0)
    nonnegative(state["lr"], "lr", "load_state_dict(optimizer.state_dict())")
    sat_out = whole_numbers(state["sat_out"], "sat_out", "load_state_dict(optimizer.state_dict())", least=0)
    parts = state["states"] if isinstance(state["states"], (list, tuple)) else ()
    found = [[_shape_of(part) for part in states] if isinstance(states, (list, tuple)) else None for states in parts]
    if found != [[shape] * count for shape in shapes] or len(sat_out) != len(shapes):
        raise MicrogradValueError(
            f"the state is of {len(found)} parameters with states of other shapes than those of the {len(shapes)} "
            "here. Load it into an optimiser of the same kind, made for the same model."
        )


def check_settings(state: dict[str, Any], kind: str, here: dict[str, Any]) -> None:
    """Refuse the state of another kind of optimiser; one of an older version says neither its kind nor its settings.

    Args:
        state: What `state_dict()` of an optimiser gave.
        kind: What the optimiser here is called.
        here: Its settings.

    Raises:
        MicrogradValueError: If it is of another kind, or a setting is, such as a text.

    Example:
        >>> check_settings({"kind": "SGD", "settings": {"momentum": 0.9}}, "SGD", {"momentum": 0.0})
    """
    given = state.get("settings", here)
    if state.get("kind", kind) != kind:
        raise MicrogradValueError(
            f"the state is of {state['kind']!r:.40}, but here is {kind}, whose rule is another. Load it into "
            f"{state['kind']}(model.parameters())."
        )
    if given.keys() != here.keys() or any(_kind(given[name]) != _kind(value) for name, value in here.items()):
        raise MicrogradValueError(
            f"the settings in the state, {given!r:.200}, are no settings of {kind}, which are such as {here!r:.200}. "
            "Load what optimizer.state_dict() gave."
        )


def _kind(setting: Any) -> Any:
    """Whether a setting is a yes or no, a number, or how many of these."""
    if isinstance(setting, (tuple, list)):
        return [_kind(part) for part in setting]
    return bool if isinstance(setting, bool) else isinstance(setting, numbers.Real)


def check_one_count(numbers: Sequence[dict[str, float]], name: str) -> None:
    """Refuse to compile one rule for parameters that have taken different numbers of steps.

    Args:
        numbers: What the rule reads at the next step, for each number of steps that there is.
        name: Of the optimiser.

    Raises:
        MicrogradValueError: If they differ.
    """
    if any(other != numbers[0] for other in numbers):
        raise MicrogradValueError(
            f"a compiled step moves all parameters by one count of steps, but some had no gradient in steps that "
            f"others took, and {name} corrects each by its own count. Train without jit, or begin with a new "
            f"{name}(model.parameters())."
        )


def _shape_of(part: Any) -> Any:
    """The shape of a number or an array of real numbers; None of anything else."""
    if hasattr(part, "dtype"):
        return tuple(part.shape) if part.dtype.kind in "fiu" else None
    return () if isinstance(part, numbers.Real) else None
