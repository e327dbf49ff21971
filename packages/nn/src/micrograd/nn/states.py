"""The numbers of a module, taken out and put back: all of them, or none where something doesn't fit."""

from __future__ import annotations

from numbers import Real
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.nn.walking import buffers_of, further_names_of, is_tensor, parameters_of, saved_buffers_of


def check_buffer(module: Any, name: str, array: Any) -> None:
    """Refuse a buffer that couldn't be saved.

    Raises:
        MicrogradTypeError: If it is neither an array nor None, or the name isn't one of an attribute.
        MicrogradValueError: If the module has an attribute of that name.
    """
    if not str(name).isidentifier():
        raise MicrogradTypeError(
            f"a buffer is named as an attribute is, not {name!r:.60}. Write "
            'self.register_buffer("running_mean", np.zeros(n)).'
        )
    if array is not None and (not hasattr(array, "dtype") or hasattr(array, "backward")):
        raise MicrogradTypeError(
            f"a buffer is an array, or None, not {kind_of(array)}. Write "
            f'self.register_buffer("{name}", np.asarray(...)).'
        )
    if hasattr(module, name):
        raise MicrogradValueError(f"this module has an attribute {name!r} already; name the buffer otherwise.")


def state_of(module: Any) -> dict[str, Any]:
    """A copy of all numbers, by name."""
    return {name: _copied(data) for name, data in _numbers_of(module).items()}


def _numbers_of(module: Any) -> dict[str, Any]:
    """All numbers by name, the parameters first.

    Raises:
        MicrogradValueError: If two parameters have the same name, of which one would be lost.
    """
    numbers: dict[str, Any] = {}
    for name, parameter in parameters_of(module):
        if name in numbers:
            raise MicrogradValueError(
                f"two parameters of this {type(module).__name__} are named {name!r}, and a state has one number by a "
                'name. Rename the key that they get it by, such as "a.b" beside {"a": {"b": ...}}, or 1 beside "1".'
            )
        numbers[name] = parameter._data
    numbers.update((name, array) for name, _, _, array in saved_buffers_of(module))
    return numbers


def _copied(data: Any) -> Any:
    return data.copy() if hasattr(data, "copy") else data


def load_state(module: Any, state: dict[str, Any], strict: bool) -> None:
    """Put numbers back, all or none."""
    if not isinstance(state, dict):
        raise MicrogradTypeError(
            f"load_state_dict() takes a dict from names to numbers, but was given {kind_of(state)}. Write "
            "model.load_state_dict(other.state_dict()); of a file, model.load_state_dict(load_state(path))."
        )
    known, parameters = _numbers_of(module), dict(parameters_of(module))
    buffers = {name: (holder, attribute) for name, holder, attribute, _ in saved_buffers_of(module)}
    state = _by_first_names(module, {name: _plain(data) for name, data in state.items()})
    problems = _misfits(known, state) + (_strangers(known, state) if strict else [])
    if problems:
        raise MicrogradValueError(
            f"the state doesn't fit this {type(module).__name__}, and nothing was changed:\n  "
            + "\n  ".join(problems)
            + "\nBuild the model as it was built when its state_dict() was taken."
            + (" To take over what fits by name, write load_state_dict(state, strict=False)." if strict else "")
        )
    new = {name: _like(known[name], state[name]) for name in known if name in state}
    for name, number in new.items():
        if name in parameters:
            parameters[name].data = number
        else:
            setattr(*buffers[name], number)


def _by_first_names(module: Any, state: dict[str, Any]) -> dict[str, Any]:
    """The state with what is shared under its first name alone; PyTorch writes it under all of them."""
    further = dict(further_names_of(module))
    names = {name: _first_name(str(name), further) for name in state} if further else {}
    found = {name: data for name, data in state.items() if names.get(name, name) == name}
    for name, first in names.items():
        if first not in found:
            found[first] = state[name]
        elif not _agree(found[first], state[name]):
            found[name] = state[name]
    return found


def _first_name(name: str, further: dict[str, str]) -> str:
    """The first of the names that a number has; a module in a shared one may be shared in turn."""
    while (other := next((path for path in further if f"{name}.".startswith(f"{path}.")), None)) is not None:
        name = f"{further[other]}{name[len(other) :]}".lstrip(".")
    return name


def _agree(one: Any, other: Any) -> bool:
    if not hasattr(one, "dtype"):
        return bool(one == other)
    import numpy as np

    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _plain(data: Any) -> Any:
    """The numbers of a Tensor, ours or PyTorch's, or data as they are."""
    if isinstance(data, Node):
        return data._data
    if not hasattr(data, "detach") or not hasattr(data, "numpy"):
        return data
    data = data.detach().cpu()
    return (data.float() if "bfloat16" in str(data.dtype) else data).numpy()  # NumPy has no such numbers


def _strangers(known: dict[str, Any], state: dict[str, Any]) -> list[str]:
    missing = [f"missing: {name}, of shape {_shape(data)}" for name, data in known.items() if name not in state]
    unexpected = [f"unexpected: {name}, of shape {_shape(data)}" for name, data in state.items() if name not in known]
    return missing + unexpected


def _misfits(known: dict[str, Any], state: dict[str, Any]) -> list[str]:
    pairs = [(name, data, state[name]) for name, data in known.items() if name in state]
    return [problem for name, old, new in pairs if (problem := _misfit(name, old, new))]


def _misfit(name: str, old: Any, new: Any) -> str:
    """What is wrong with a number or array of the state, or ''."""
    kind = getattr(getattr(new, "dtype", None), "kind", "f" if isinstance(new, Real) else "?")
    if kind not in "fiub":
        return f"no real numbers: {name} holds {getattr(new, 'dtype', type(new).__name__)} in the state"
    if _shape(old) != _shape(new):
        return f"wrong shape: {name} is {_shape(old)} here, but {_shape(new)} in the state"
    if hasattr(old, "dtype") and kind == "f" and _overflows(new, old.dtype):
        return f"too large: {name} holds numbers in the state that are infinite in {old.dtype}"
    return ""


def _overflows(new: Any, dtype: Any) -> bool:
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        return dtype.kind == "f" and bool((np.isfinite(new) & ~np.isfinite(np.asarray(new).astype(dtype))).any())


def _shape(data: Any) -> tuple[int, ...]:
    return tuple(getattr(data, "shape", ()))


def _like(old: Any, new: Any) -> Any:
    """New numbers, in an array of their own, in the dtype of the old ones."""
    if not hasattr(old, "dtype"):
        return float(new)
    import numpy as np

    return np.array(new, dtype=old.dtype)


def convert(module: Any, dtype: Any) -> None:
    """Convert all Tensors, and the buffers of real numbers, to a dtype of real numbers."""
    import numpy as np

    try:
        kind = np.dtype(dtype)
    except TypeError as error:
        raise MicrogradTypeError(f"to() takes a dtype of real numbers, but: {error}. Write to('float32').") from None
    parameters = [parameter for _, parameter in parameters_of(module)]
    if kind.kind != "f" or not all(map(is_tensor, parameters)):
        what = f"dtype {kind}" if kind.kind != "f" else "a net of Values, whose numbers are Python's floats"
        raise MicrogradTypeError(f"to() converts Tensors to a dtype of real numbers, not {what}. Write to('float32').")
    for parameter in parameters:
        parameter._data, parameter.grad = parameter._data.astype(kind), None
    for _, holder, attribute, array in list(buffers_of(module)):
        if array.dtype.kind == "f":
            setattr(holder, attribute, array.astype(kind))
