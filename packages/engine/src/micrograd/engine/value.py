"""`Value`: one number that remembers how it was computed.

Every operator and method here computes a number and records one node of the graph. The calculus is in
`ops/elementwise.py`, the walk back through the graph in `backprop.py`, and what makes a Value a drop-in for
micrograd's in `dropin/`.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable, Iterable
from typing import Any, cast

from micrograd.engine import backprop
from micrograd.engine.arguments.numeric import NEVER_OPERANDS, as_float, is_real
from micrograd.engine.arguments.switches import require_switch
from micrograd.engine.copying import Copyable
from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.dropin.names import MicrogradNames
from micrograd.engine.errors import GraphError, MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.observing.copies import right_copies
from micrograd.engine.observing.recording import born, compared, implied, reading, watched, watchers
from micrograd.engine.ops import activations, choices, error_function, gaussian_units, shrinkage, special, trigonometry
from micrograd.engine.ops import elementwise as ops
from micrograd.engine.ops.op import Op

# The methods of a Value are made here, from the primitives of the table. `_unary` and `_binary` fill the slots of the
# new node one by one rather than call a function that does: training makes tens of thousands of nodes in each step.

_new = object.__new__
# The same functions as in the table, without the call of a Python function around a single operator.
_IN_C: dict[str, Any] = {"add": operator.add, "sub": operator.sub, "mul": operator.mul}


def _unary(op: Op) -> Any:
    """The method that applies a primitive to this Value alone."""
    forward = op.forward
    params: dict[str, Any] | None = None if op.is_differentiable else {}

    def method(self: Value) -> Value:
        if watchers:
            return cast(Value, Value._apply(op, (self,), {}))
        x_data = self._data
        out = _new(Value)
        out._data = forward(x_data)
        out.grad = 0.0
        out.label = ""
        out.op = op
        out._x = self
        out._x_data = x_data
        out._y = out._y_data = None
        out.params = params
        return out

    return _document(method, op)


def _binary(op: Op) -> Any:
    """The operator that applies a primitive to this Value, on the left, and another one or a number."""
    forward = _IN_C.get(op.name, op.forward)
    params: dict[str, Any] | None = None if op.is_differentiable else {}

    def method(self: Value, other: Any) -> Any:
        if other.__class__ is not Value and (other := _as_value(other)) is None:
            return NotImplemented
        if watchers:
            return Value._apply(op, (self, other), {})
        x_data = self._data
        y_data = other._data
        out = _new(Value)
        out._data = forward(x_data, y_data)
        out.grad = 0.0
        out.label = ""
        out.op = op
        out._x = self
        out._x_data = x_data
        out._y = other
        out._y_data = y_data
        out.params = params
        return out

    return _document(method, op)


def _reflected(operator: Any) -> Any:
    """The same operator with this Value on the right."""

    def method(self: Value, other: Any) -> Any:
        left = _as_value(other)
        return NotImplemented if left is None else operator(left, self)

    return method


def _with_params(op: Op) -> Any:
    """The method that applies a primitive of one operand and static parameters."""

    def method(self: Value, *args: float, **params: float) -> Any:
        return op(self, *args, **params)

    return _document(method, op)


def _compare(relation: Callable[[float, float], bool]) -> Any:
    """The comparison of this Value's number with another's."""

    def method(self: Value, other: Any) -> Any:
        right = _as_value(other)
        if right is None:
            return NotImplemented
        if watchers and (seen := compared(relation, self, right)) is not NotImplemented:
            return seen
        return relation(self._data, right._data)

    return method


def _document(method: Any, op: Op) -> Any:
    method.__name__ = op.name
    method.__doc__ = op.__doc__
    return method


class Value(MicrogradNames, Copyable):
    """One real number and its place in the graph of a computation.

    Build expressions with Python's operators and the methods below, then call `backward()` on the result:
    each Value that it was computed from has its derivative in `.grad`.

    Args:
        data: Any real number; kept as a float.
        _children: For an op written by hand, the Values that this one was computed from.
        _op: For an op written by hand, its symbol.
        label: A name for pictures and messages.

    Raises:
        MicrogradTypeError: If `data` isn't one real number, or a child isn't a Value.

    Equality and hash go by identity, so that Values can be put into sets; `<` and its like compare the
    numbers.

    Example:
        >>> a, b = Value(2.0), Value(-3.0)
        >>> loss = (a * b + 10.0) ** 2
        >>> loss.backward()
        >>> loss.data, a.grad, b.grad
        (16.0, -24.0, 16.0)
    """

    __slots__ = ()

    _data: float
    _interpreter_rank = 1
    _requires_grad = True
    _no_gradient = 0.0

    def __init__(self, data: Any, _children: Iterable[Value] = (), _op: str = "", label: str = "") -> None:
        if watchers and born(self, data):
            return
        self._data = as_float(data)
        self.grad = 0.0
        self.label = label
        self.op = None
        self._x = self._y = self._x_data = self._y_data = self.params = None
        if _children:
            self._record_by_hand(tuple(_children), HandWritten(_op))

    @property
    def data(self) -> float:
        """The number itself; of a leaf it may be written, `p.data -= 0.1 * p.grad`.

        An expression that has run keeps the numbers that it read: writing into a leaf moves the next run,
        never the gradients of the last.

        Raises:
            GraphError: On writing to a computed Value, whose number follows from its inputs.
        """
        if watchers:
            reading(self)
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if watchers:
            reading(self)
        if self.op is not None and not isinstance(self.op, HandWritten):
            raise GraphError(
                f"can't write to the data of a computed Value (op {self._op!r}): its gradient would no "
                "longer belong to its number. Write to a leaf and run the expression again, or begin anew with "
                "Value(number)."
            )
        self._data = as_float(data)
        if right_copies:
            right_copies.clear()

    def backward(self, create_graph: bool = False) -> None:
        """Put the derivative of this Value by every Value that it depends on into their `.grad`.

        Gradients of leaves accumulate over calls, as training in batches wants; those of interior Values
        start from zero at each call. A pass that fails leaves all gradients as they were.

        Args:
            create_graph: Compute the gradients as Values that can be differentiated again.

        Raises:
            MicrogradTypeError: If it is something else than True or False, such as a gradient.

        Example:
            >>> x = Value(3.0)
            >>> y = x * x * x
            >>> y.backward()
            >>> x.grad
            27.0
        """
        require_switch("backward", "create_graph", create_graph, "to begin with 2.0, write (2.0 * y).backward()")
        backprop.backward(self, Value(1.0) if create_graph else 1.0)

    # ---- operators -----------------------------------------------------------------------------------------

    __add__ = _binary(ops.add)
    __sub__ = _binary(ops.sub)
    __mul__ = _binary(ops.mul)
    __truediv__ = _binary(ops.div)
    __radd__ = _reflected(__add__)
    __rsub__ = _reflected(__sub__)
    __rmul__ = _reflected(__mul__)
    __rtruediv__ = _reflected(__truediv__)
    _power = _binary(ops.pow)
    __rpow__ = _reflected(_power)
    __neg__ = _unary(ops.neg)
    __abs__ = abs = _unary(choices.abs)
    __mod__ = _binary(ops.mod)
    __rmod__ = _reflected(__mod__)
    __floordiv__ = floor_divide = _binary(choices.floor_divide)
    __rfloordiv__ = _reflected(__floordiv__)

    __lt__ = _compare(operator.lt)
    __le__ = _compare(operator.le)
    __gt__ = _compare(operator.gt)
    __ge__ = _compare(operator.ge)

    def __pow__(self, exponent: Any) -> Value:
        """A plain number as exponent is part of the op, as in micrograd (`**2`), and no node."""
        if isinstance(exponent, Value) or not isinstance(exponent, numbers.Real):
            return cast(Value, self._power(exponent))
        fixed = as_float(exponent)
        if watchers:
            return cast(Value, Value._apply(ops.pow, (self, fixed), {}))
        out = Value(ops.pow.forward(self._data, fixed))
        out.op = ops.pow
        out._x, out._x_data = self, self._data
        out._y_data = fixed
        return out

    def __divmod__(self, other: Any) -> tuple[Value, Value]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Value, Value]:
        return other // self, other % self

    def __round__(self, decimals: int | None = None) -> Value:
        return cast(Value, choices.round(self, decimals or 0))

    def __pos__(self) -> Value:
        return self

    # ---- functions -----------------------------------------------------------------------------------------

    sign = _unary(choices.sign)
    floor = _unary(choices.floor)
    ceil = _unary(choices.ceil)
    trunc = _unary(choices.trunc)
    round = _with_params(choices.round)
    maximum = _binary(choices.maximum)
    minimum = _binary(choices.minimum)
    clamp_min = _binary(choices.clamp_min)
    clamp_max = _binary(choices.clamp_max)
    clip = choices.clip
    reciprocal = _unary(ops.reciprocal)
    square = _unary(ops.square)
    sqrt = _unary(ops.sqrt)
    rsqrt = _unary(ops.rsqrt)
    cbrt = _unary(ops.cbrt)
    exp = _unary(ops.exp)
    exp2 = _unary(ops.exp2)
    expm1 = _unary(ops.expm1)
    log = _unary(ops.log)
    log1p = _unary(ops.log1p)
    log2 = _unary(ops.log2)
    log10 = _unary(ops.log10)
    logaddexp = _binary(special.logaddexp)
    xlogy = _binary(special.xlogy)
    sin = _unary(trigonometry.sin)
    cos = _unary(trigonometry.cos)
    tan = _unary(trigonometry.tan)
    arcsin = _unary(trigonometry.arcsin)
    arccos = _unary(trigonometry.arccos)
    arctan = _unary(trigonometry.arctan)
    arctan2 = _binary(trigonometry.arctan2)
    hypot = _binary(trigonometry.hypot)
    copysign = _binary(choices.copysign)
    fmod = _binary(ops.fmod)
    sinc = _unary(special.sinc)
    sinh = _unary(trigonometry.sinh)
    cosh = _unary(trigonometry.cosh)
    tanh = _unary(trigonometry.tanh)
    arcsinh = _unary(trigonometry.arcsinh)
    arccosh = _unary(trigonometry.arccosh)
    arctanh = _unary(trigonometry.arctanh)
    erf = _unary(error_function.erf)
    erfc = _unary(error_function.erfc)
    gaussian = _unary(error_function.gaussian)
    relu = _unary(activations.relu)
    relu6 = _unary(activations.relu6)
    leaky_relu = _with_params(activations.leaky_relu)
    prelu = activations.prelu
    elu = _with_params(activations.elu)
    celu = _with_params(activations.celu)
    selu = _unary(activations.selu)
    gelu = _with_params(gaussian_units.gelu)
    silu = _unary(activations.silu)
    mish = _unary(activations.mish)
    sigmoid = _unary(activations.sigmoid)
    logsigmoid = _unary(activations.logsigmoid)
    softplus = _with_params(activations.softplus)
    softsign = _unary(activations.softsign)
    tanhshrink = _unary(shrinkage.tanhshrink)
    hardtanh = _with_params(activations.hardtanh)
    hardsigmoid = _unary(activations.hardsigmoid)
    hardswish = _unary(activations.hardswish)

    # ---- recording -----------------------------------------------------------------------------------------

    @staticmethod
    def _apply(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """Apply a primitive called as a function, `exp(v)` or `where(c, v, 0.0)`; numbers are constants."""
        record = Value._recorded
        return watched(record, op, operands, params) if watchers else record(op, operands, params)

    @staticmethod
    def _recorded(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Value:
        for name, setting in params.items():
            if isinstance(setting, Node):
                raise MicrogradTypeError(
                    f"{op.name}(): {name} is a fixed setting, which no gradient reaches, but was given a "
                    f"Value. Write {name}={name}.data, or spell the formula out with Values."
                )
        data = tuple(o._data if isinstance(o, Value) else as_float(o) for o in operands)
        if not op.elementwise:
            raise MicrogradTypeError(
                f"{op.name}() is of arrays, but was given a Value. Of several Values make a list and use Python's own "
                "sum, max and so on; for arrays begin with Tensor(...)."
            )
        settings = {**op.defaults, **params}
        nodes = tuple(o if isinstance(o, Value) else None for o in operands)
        out = Value(op.forward(*data, **settings))
        out.op = op
        out.params = settings
        if len(operands) > 2 or nodes[0] is None:
            out._x, out._x_data = nodes, data  # an empty slot before a node would end the walk through the graph there
        else:
            out._x, out._x_data = nodes[0], data[0]
            if len(operands) == 2:
                out._y, out._y_data = nodes[1], data[1]
        return out

    # ---- as a Python object --------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Value(data={self._data}, grad={self.grad})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __float__(self) -> float:
        raise MicrogradTypeError(
            "float() of a Value would cut it off from its graph without a word. Write v.data for the number; "
            "and for a function that differentiates v.exp() or micrograd.engine.exp(v), not math.exp(v)."
        )

    # ---- what the sweep and the transforms ask of a node ---------------------------------------------------

    def _match(self, g: Any) -> Any:
        """A contribution as one number: a Tensor that this Value was broadcast into hands back an array."""
        if getattr(g, "shape", None) is None:
            return g
        return g.sum() if isinstance(g, Node) else float(g.sum())  # type: ignore[attr-defined]

    def _accumulated(self, g: Any, is_unshared: bool) -> Any:
        return g if self.grad is None else self.grad + g

    def _spread(self, tangent: Any) -> Any:
        return tangent

    def _probe(self) -> Value:
        probe = _implied(0.0)
        probe._is_probe = True
        return probe

    def _differs_from(self, data: Any) -> bool:
        return self._data is not data and self._data != data


def _as_value(other: Any) -> Value | None:
    """The other operand as a Value, or None if its own class may know what to do (an object array, say)."""
    if isinstance(other, Value):
        return other
    if other.__class__ is float or other.__class__ is int or is_real(other) or isinstance(other, NEVER_OPERANDS):
        return _implied(other)
    return None


def _implied(number: Any) -> Value:
    """A leaf that nobody asked for by name: whoever watches is told that it stands for a plain number."""
    value = Value(number)
    if watchers:
        implied(value)
    return value
