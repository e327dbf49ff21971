"""The operators and methods that everything array-like has: Tensors, and the tracers that stand in for them.

What is no more than a function by another way of calling it stands in `function_methods.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arguments.numeric import NEVER_OPERANDS
from micrograd.engine.arrays import functions, numpy_protocols
from micrograd.engine.arrays.absent_names import AbsentNames
from micrograd.engine.arrays.function_methods import Function, FunctionMethods, method
from micrograd.engine.errors import GraphError, MicrogradIndexError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.ops.arguments import as_values
from micrograd.engine.ops.arrays.indexing import plain
from micrograd.engine.ops.op import Op


def _operator(op: Op) -> Any:
    """The operator of a binary primitive, and the same with this array on the right."""

    def method(self: Any, other: Any) -> Any:
        if type(other) is float:  # what calling the op comes to, sooner
            return self._apply(op, (self, other), {})
        return op(self, other) if isinstance(other, self._operands) else _never_or_later(op.name, other)

    def reflected(self: Any, other: Any) -> Any:
        return op(other, self) if isinstance(other, self._operands) else _never_or_later(op.name, other)

    return method, reflected


def _never_or_later(name: str, other: Any) -> Any:
    """NotImplemented, so that the class of the other operand may have its say; unless it has nothing to say."""
    if not isinstance(other, NEVER_OPERANDS):
        return NotImplemented
    raise MicrogradTypeError(
        f"{name}() was given {kind_of(other)} beside a Tensor: {other!r:.60}. It takes Tensors, NumPy "
        "arrays and real numbers: write Tensor(...) or np.array(...) around it."
    )


def _in_place(operator: Function) -> Any:
    """`t += u` makes a new array and rebinds the name, except for a parameter, which would be left as it was."""

    def method(self: Any, other: Any) -> Any:
        if self.op is None and self.requires_grad:
            raise GraphError(
                "t += ... would leave this parameter as it is and rebind only your name for it. To change its numbers "
                "write t.data += ...; to compute with it, t = t + ..."
            )
        return operator(self, other)

    return method


def _comparison(relation: np.ufunc) -> Any:
    """An elementwise relation with another: booleans, which have no gradient.

    Whatever else it is, is not equal; but a list is refused, for Python would say False of one with the same numbers.
    """
    is_of_identity = relation in (np.equal, np.not_equal)

    def method(self: Any, other: Any) -> Any:
        if isinstance(other, self._operands):
            return self._compare(relation, other)
        if is_of_identity and not isinstance(other, (list, tuple)):
            return NotImplemented
        return _never_or_later(relation.__name__, other)

    return method


class ArrayMethods(FunctionMethods, AbsentNames):
    """What an array-like can do. A class that has these says what its operators take in `_operands`."""

    __slots__ = ()
    _operands: tuple[type, ...] = ()

    __add__, __radd__ = _operator(functions.add)
    __sub__, __rsub__ = _operator(functions.sub)
    __mul__, __rmul__ = _operator(functions.mul)
    __truediv__, __rtruediv__ = _operator(functions.div)
    __pow__, __rpow__ = _operator(functions.pow)
    __mod__, __rmod__ = _operator(functions.mod)
    __matmul__, __rmatmul__ = _operator(functions.matmul)
    __floordiv__, __rfloordiv__ = _operator(functions.floor_divide)
    __neg__ = method(functions.neg)
    __abs__ = method(functions.abs)
    __round__ = method(functions.round)

    __iadd__, __isub__ = _in_place(__add__), _in_place(__sub__)
    __imul__, __itruediv__ = _in_place(__mul__), _in_place(__truediv__)
    __ipow__, __imod__ = _in_place(__pow__), _in_place(__mod__)
    __imatmul__, __ifloordiv__ = _in_place(__matmul__), _in_place(__floordiv__)

    __lt__, __le__ = _comparison(np.less), _comparison(np.less_equal)
    __gt__, __ge__ = _comparison(np.greater), _comparison(np.greater_equal)
    __eq__, __ne__ = _comparison(np.equal), _comparison(np.not_equal)
    __and__, __or__ = _comparison(np.bitwise_and), _comparison(np.bitwise_or)
    __rand__, __ror__ = __and__, __or__
    __xor__ = __rxor__ = _comparison(np.bitwise_xor)
    __hash__ = object.__hash__

    def _compare(self, relation: np.ufunc, other: Any) -> Any:
        """An elementwise relation, as booleans of the same kind."""
        raise NotImplementedError

    def __invert__(self) -> Any:
        return self._compare(np.bitwise_xor, np.array(-1).astype(self.dtype))  # all bits turned

    def __pos__(self) -> Any:
        return self

    def __getitem__(self, index: Any) -> Any:
        return functions.getitem(self, index=plain(index))

    def __setitem__(self, index: Any, values: Any) -> None:
        if isinstance(self, Node) and not self._requires_grad and _is_data(values):
            _write(self, index, values)
            return
        raise GraphError(
            f"t[{_written(index)}] = ... would change numbers that recorded ops may need. To compute with the "
            "change write t = micrograd.engine.index_put(t, index, values), or where(mask, values, t); to set the "
            "numbers of a parameter, t.data[index] = values."
        )

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __len__(self) -> int:
        if not self.shape:
            raise MicrogradTypeError(
                "a Tensor without axes is a single number, which has no length and can't be iterated over. Write "
                "t.item() for the number."
            )
        return int(self.shape[0])

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return numpy_protocols.call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return numpy_protocols.call_function(function, args, kwargs)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length along each axis."""
        raise NotImplementedError

    @property
    def dtype(self) -> Any:
        """The dtype of the numbers."""
        raise NotImplementedError

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.shape))

    @property
    def mT(self) -> Any:  # noqa: N802
        """With the last two axes exchanged: each matrix transposed."""
        return functions.matrix_transpose(self)

    @property
    def T(self) -> Any:  # noqa: N802
        """With the axes in reverse order."""
        return functions.permute_dims(self)

    def reshape(self, *shape: Any, **settings: Any) -> Any:
        """The same elements in another shape, given as a tuple or as separate numbers."""
        if shape:
            settings["shape"] = shape[0] if len(shape) == 1 else shape
        return functions.reshape(self, **settings)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order, by default reversed, given as a tuple or as separate numbers."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return functions.permute_dims(self, axes=order or None)

    def permute(self, *dims: Any) -> Any:
        """The axes in another order, given as a tuple or as separate numbers; PyTorch's name for `permute_dims`."""
        return functions.permute_dims(self, axes=tuple(dims[0]) if len(dims) == 1 and not _is_int(dims[0]) else dims)

    def expand(self, *sizes: Any) -> Any:
        """Repeated along axes of length 1, and new ones in front, as in PyTorch; -1 leaves a length as it is."""
        given = tuple(sizes[0]) if len(sizes) == 1 and not _is_int(sizes[0]) else sizes
        own = (1,) * (len(given) - self.ndim) + tuple(self.shape)
        return functions.broadcast_to(self, shape=tuple(m if n == -1 else n for n, m in zip(given, own, strict=False)))

    def where(self, condition: Any, other: Any) -> Any:
        """This array where the condition holds, the other elsewhere, as in PyTorch."""
        return functions.where(condition, self, other)

    def copy(self) -> Any:
        """The same numbers in an array of its own, through which gradients pass."""
        return functions.identity(self)

    clone = copy


def _is_int(x: Any) -> bool:
    return isinstance(x, (int, np.integer))


def _written(index: Any) -> str:
    """An index as it is written in brackets, if that is short."""
    return str(index) if isinstance(index, (int, str)) else "..." if index is ... else "index"


def _is_data(values: Any) -> bool:
    """Whether these are plain numbers, that no gradient comes from."""
    return not hasattr(values, "_interpreter_rank") or (isinstance(values, Node) and not values._requires_grad)


def _write(tensor: Any, index: Any, values: Any) -> None:
    """`t[index] = values` for a Tensor of data; what was computed from it keeps the numbers that it read."""
    numbers = as_values("t[...] = ...", getattr(values, "_data", values), tensor.dtype)
    if not np.can_cast(numbers.dtype, tensor.dtype, "same_kind"):
        raise MicrogradTypeError(
            f"t[{_written(index)}] = ... would cut numbers of {numbers.dtype} to {tensor.dtype}. Write "
            f"t = t.astype({numbers.dtype}) first."
        )
    try:
        tensor.data[plain(index)] = numbers
    except IndexError as error:
        raise MicrogradIndexError(f"t[{_written(index)}] = ... of shape {tensor.shape}: {error}") from error
    except ValueError as error:
        raise MicrogradValueError(f"t[{_written(index)}] = ... of shape {tensor.shape}: {error}") from error
