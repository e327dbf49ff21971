"""Names that PyTorch's or NumPy's users reach for and that aren't here: what to write instead.

There is one way to do a thing, under NumPy's name, so that PyTorch's other names are no aliases: an `AttributeError`
gives the corrected code. On a class each of these names is an `Absent`; a `__getattr__` would do with less, but Python
looks up every attribute of such a class the slow way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradAttributeError

INSTEAD = {
    # the same by NumPy's name
    "bmm": "t @ u",
    "broadcast_tensors": "broadcast_to(t, (3, 3))",
    "cat": "concatenate([t, u], axis=0)",
    "concat": "concatenate([t, u], axis=0)",
    "dim": "t.ndim",
    "expand_as": "broadcast_to(t, u.shape)",
    "fix": "t.trunc()",
    "flat": "t.ravel()",
    "ger": "outer(t[0], u[0])",
    "grad_fn": "t.op",
    "index_add": "t.index_put([0, 2], u[:2], accumulate=True)",
    "index_copy": "t.index_put([0, 2], u[:2])",
    "is_leaf": "t.op is None",
    "mm": "t @ u",
    "movedim": "t.moveaxis(0, 1)",
    "mv": "t @ u[0]",
    "narrow": "t[:, 1:3]",
    "ndimension": "t.ndim",
    "nelement": "t.size",
    "nonzero": "np.nonzero(t)",
    "numel": "t.size",
    "partition": "t.sort()",
    "put": "t.index_put([0, 2], u[:2])",
    "repeat_interleave": "t.repeat(2)",
    "reshape_as": "t.reshape(u.shape)",
    "resize": "t.reshape(9)",
    "select": "t[:, 0]",
    "swapdims": "t.swapaxes(0, 1)",
    "t": "t.T",
    "take_along_dim": "take_along_axis(t, argsort(t, axis=1), axis=1)",
    "view": "t.reshape(9)",
    "view_as": "t.reshape(u.shape)",
    # two operations in one
    "addbmm": "t + t @ u",
    "addcdiv": "t + 0.5 * t / u",
    "addcmul": "t + 0.5 * t * u",
    "addmm": "t + t @ u",
    "addmv": "t[0] + t @ u[0]",
    "baddbmm": "t + t @ u",
    # dtypes
    "bool": "t != 0",
    "double": "t.astype(np.float64)",
    "float": "t.astype(np.float32)",
    "half": "t.astype(np.float16)",
    "int": "t.astype(np.int32)",
    "long": "t.astype(np.int64)",
    "type_as": "t.astype(u.dtype)",
    # arrays to begin with
    "arange": "Tensor(np.arange(9.0))",
    "as_tensor": "Tensor(np.ones(3))",
    "asarray": "Tensor(np.ones(3))",
    "empty": "Tensor(np.zeros((3, 3)))",
    "eye": "Tensor(np.eye(3))",
    "from_numpy": "Tensor(np.ones(3))",
    "full": "Tensor(np.full((3, 3), 7.0))",
    "full_like": "Tensor(np.full_like(t, 7.0))",
    "linspace": "Tensor(np.linspace(0.0, 1.0, 9))",
    "new_zeros": "Tensor(np.zeros((3, 3), t.dtype))",
    "ones": "Tensor(np.ones((3, 3)))",
    "ones_like": "Tensor(np.ones_like(t))",
    "rand": "Tensor(np.random.default_rng(0).random((3, 3)))",
    "randn": "Tensor(np.random.default_rng(0).normal(size=(3, 3)))",
    "zeros": "Tensor(np.zeros((3, 3)))",
    "zeros_like": "Tensor(np.zeros_like(t))",
    # what is already so
    "conj": "t",
    "contiguous": "t",
    "cpu": "t",
    "cuda": "t",
    "retain_grad": "t",
    "to": "t",
}
"""Code for two Tensors t and u, of shape (3, 3), by the name that it stands for."""

_BECAUSE = {
    "bool": "of each element; bool(t) is of a single one",
    "conj": "its numbers are real",
    "contiguous": "nobody can see how it lies in memory",
    "cpu": "there is no other device",
    "cuda": "MicroGrad computes on the CPU alone",
    "retain_grad": "every Tensor keeps its gradient",
    "to": "MicroGrad computes on the CPU alone; another dtype is t.astype(np.float32)",
}

_IN_PLACE = {
    "copy_": "t.data[...] = u.data",
    "detach_": "t = t.detach()",
    "fill_": "t.data[...] = 7.0",
    "requires_grad_": "t.requires_grad = True",
    "zero_": "t.data[...] = 0.0, or of a gradient t.zero_grad()",
}


class Absent:
    """A name that a class has not: to look at it is the error that says what to write instead."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, owner: Any, kind: type) -> Any:
        raise not_found(owner, kind.__name__, self._name)


def explain(kind: type) -> None:
    """Have the names of PyTorch and NumPy that a class has not say what to write instead.

    Example:
        >>> class Array:
        ...     pass
        >>> explain(Array)
        >>> Array().numel
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradAttributeError: Array has no 'numel'. Write t.size.
    """
    in_place = {f"{name}_" for name in dir(kind)}
    for name in {*INSTEAD, *_IN_PLACE, *dir(np.ndarray), *in_place}:
        if not name.startswith("_") and not hasattr(kind, name):
            setattr(kind, name, Absent(name))


def not_found(owner: Any, owner_name: str, name: str) -> MicrogradAttributeError:
    """The error for a name that isn't there, with the code for what it stands for.

    Args:
        owner: Who was asked: Python proposes similar names of its own accord.
        owner_name: Who that is, for the message.
        name: What was asked for.

    Example:
        >>> print(not_found(None, "Tensor", "view"))
        Tensor has no 'view'. Write t.reshape(9) (for a t of shape (3, 3)).
    """
    return MicrogradAttributeError(
        f"{owner_name} has no {name!r}. {_advice(owner, name)}".rstrip(), name=name, obj=owner
    )


def _advice(owner: Any, name: str) -> str:
    if name in _BECAUSE:
        return f"Write {INSTEAD[name]}: {_BECAUSE[name]}."
    if name in INSTEAD:
        code = INSTEAD[name]
        return f"Write {code}{' (for a t of shape (3, 3))' * any(map(str.isdigit, code))}."
    if name in _IN_PLACE:
        return f"Write {_IN_PLACE[name]}"
    if name.endswith("_") and hasattr(owner, name[:-1]):
        return f"No operation changes a Tensor in place. Write t = t.{name[:-1]}(...)"
    if hasattr(np.ndarray, name):
        return f"The array has it: t.data.{name}"
    return ""
