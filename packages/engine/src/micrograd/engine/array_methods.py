"""The operators and methods that everything array-like has: Tensors, and the tracers that stand in for them.

Each is one line that names a function of `functions.py`, so that `t.sum(axis=0)`, `engine.sum(t, axis=0)` and
`np.sum(t, axis=0)` are the same call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from micrograd.engine import functions, numpy_protocols
from micrograd.engine.errors import GraphError, MicrogradTypeError
from micrograd.engine.ops.indexing import plain
from micrograd.engine.ops.op import Op

Function = Callable[..., Any]


def _method(function: Function) -> Any:
    """The method that calls a function with this array as its first argument."""
    is_of_one = isinstance(function, Op) and function.arity == 1

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if is_of_one and not args:  # what calling the op comes to, sooner
            return self._apply(function, (self,), kwargs)
        return function(self, *args, **kwargs)

    method.__name__, method.__doc__ = function.__name__, function.__doc__
    return method


def _operator(op: Op) -> Any:
    """The operator of a binary primitive, and the same with this array on the right."""

    def method(self: Any, other: Any) -> Any:
        if type(other) is float:  # what calling the op comes to, sooner
            return self._apply(op, (self, other), {})
        return op(self, other) if isinstance(other, self._operands) else NotImplemented

    def reflected(self: Any, other: Any) -> Any:
        return op(other, self) if isinstance(other, self._operands) else NotImplemented

    return method, reflected


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
    """An elementwise relation with another: booleans, which have no gradient."""

    def method(self: Any, other: Any) -> Any:
        return self._compare(relation, other) if isinstance(other, self._operands) else NotImplemented

    return method


class ArrayMethods:
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
    __neg__ = _method(functions.neg)
    __abs__ = abs = _method(functions.abs)

    __iadd__, __isub__ = _in_place(__add__), _in_place(__sub__)
    __imul__, __itruediv__ = _in_place(__mul__), _in_place(__truediv__)

    __lt__, __le__ = _comparison(np.less), _comparison(np.less_equal)
    __gt__, __ge__ = _comparison(np.greater), _comparison(np.greater_equal)
    __eq__, __ne__ = _comparison(np.equal), _comparison(np.not_equal)
    __and__, __or__ = _comparison(np.bitwise_and), _comparison(np.bitwise_or)
    __rand__, __ror__ = __and__, __or__
    __hash__ = object.__hash__

    def _compare(self, relation: np.ufunc, other: Any) -> Any:
        """An elementwise relation, as booleans of the same kind."""
        raise NotImplementedError

    def __invert__(self) -> Any:
        return self._compare(np.not_equal, True)

    def __pos__(self) -> Any:
        return self

    def __getitem__(self, index: Any) -> Any:
        return functions.getitem(self, index=plain(index))

    def __len__(self) -> int:
        if not self.shape:
            raise MicrogradTypeError("len() of a Tensor without axes, a single number")
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
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.shape))

    @property
    def T(self) -> Any:  # noqa: N802
        """With the axes in reverse order."""
        return functions.permute_dims(self)

    def reshape(self, *shape: Any) -> Any:
        """The same elements in another shape, given as a tuple or as separate numbers."""
        return functions.reshape(self, shape=shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order, by default reversed, given as a tuple or as separate numbers."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return functions.permute_dims(self, axes=order or None)

    # ---- elementwise ---------------------------------------------------------------------------------------------

    exp = _method(functions.exp)
    exp2 = _method(functions.exp2)
    expm1 = _method(functions.expm1)
    log = _method(functions.log)
    log2 = _method(functions.log2)
    log10 = _method(functions.log10)
    log1p = _method(functions.log1p)
    sqrt = _method(functions.sqrt)
    rsqrt = _method(functions.rsqrt)
    cbrt = _method(functions.cbrt)
    square = _method(functions.square)
    reciprocal = _method(functions.reciprocal)
    sin = _method(functions.sin)
    cos = _method(functions.cos)
    tan = _method(functions.tan)
    arcsin = _method(functions.arcsin)
    arccos = _method(functions.arccos)
    arctan = _method(functions.arctan)
    sinh = _method(functions.sinh)
    cosh = _method(functions.cosh)
    tanh = _method(functions.tanh)
    arcsinh = _method(functions.arcsinh)
    arccosh = _method(functions.arccosh)
    arctanh = _method(functions.arctanh)
    asin = _method(functions.asin)
    acos = _method(functions.acos)
    atan = _method(functions.atan)
    asinh = _method(functions.asinh)
    acosh = _method(functions.acosh)
    atanh = _method(functions.atanh)
    sign = _method(functions.sign)
    floor = _method(functions.floor)
    ceil = _method(functions.ceil)
    round = _method(functions.round)
    trunc = _method(functions.trunc)
    clip = _method(functions.clip)
    clamp = _method(functions.clamp)
    erf = _method(functions.erf)
    erfc = _method(functions.erfc)
    relu = _method(functions.relu)
    relu6 = _method(functions.relu6)
    leaky_relu = _method(functions.leaky_relu)
    elu = _method(functions.elu)
    celu = _method(functions.celu)
    selu = _method(functions.selu)
    sigmoid = _method(functions.sigmoid)
    logsigmoid = _method(functions.logsigmoid)
    softplus = _method(functions.softplus)
    softsign = _method(functions.softsign)
    silu = _method(functions.silu)
    mish = _method(functions.mish)
    gelu = _method(functions.gelu)
    hardtanh = _method(functions.hardtanh)
    hardsigmoid = _method(functions.hardsigmoid)
    hardswish = _method(functions.hardswish)
    maximum = _method(functions.maximum)
    minimum = _method(functions.minimum)
    pow = _method(functions.pow)
    isnan = _method(functions.isnan)
    isfinite = _method(functions.isfinite)
    isinf = _method(functions.isinf)

    # ---- along axes -------------------------------------------------------------------------------------------------

    sum = _method(functions.sum)
    mean = _method(functions.mean)
    prod = _method(functions.prod)
    max = _method(functions.max)
    min = _method(functions.min)
    var = _method(functions.var)
    std = _method(functions.std)
    median = _method(functions.median)
    all = _method(functions.all)
    any = _method(functions.any)
    cumsum = _method(functions.cumsum)
    cumprod = _method(functions.cumprod)
    logsumexp = _method(functions.logsumexp)
    norm = _method(functions.norm)
    argmax = _method(functions.argmax)
    argmin = _method(functions.argmin)
    argsort = _method(functions.argsort)
    sort = _method(functions.sort)
    squeeze = _method(functions.squeeze)
    expand_dims = _method(functions.expand_dims)
    ravel = _method(functions.ravel)
    flatten = _method(functions.flatten)
    swapaxes = _method(functions.swapaxes)
    moveaxis = _method(functions.moveaxis)
    broadcast_to = _method(functions.broadcast_to)
    permute_dims = _method(functions.permute_dims)
    repeat = _method(functions.repeat)
    tile = _method(functions.tile)
    flip = _method(functions.flip)
    roll = _method(functions.roll)
    take = _method(functions.take)
    diagonal = _method(functions.diagonal)
    trace = _method(functions.trace)
    tril = _method(functions.tril)
    triu = _method(functions.triu)
    matmul = _method(functions.matmul)
    dot = _method(functions.dot)
    softmax = _method(functions.softmax)
    log_softmax = _method(functions.log_softmax)
    split = _method(functions.split)
    astype = _method(functions.astype)
    take_along_axis = _method(functions.take_along_axis)
    diag = _method(functions.diag)
    count_nonzero = _method(functions.count_nonzero)
    index_put = _method(functions.index_put)
    scatter_add = _method(functions.scatter_add)
    inner = _method(functions.inner)
    outer = _method(functions.outer)
    vdot = _method(functions.vdot)
