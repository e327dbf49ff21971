"""`Tensor`: a NumPy array that remembers how it was computed.

The same graph, table of derivatives and sweep as `Value`, on arrays: this file is a face to `ops/`, where the
names and meanings are NumPy's, and where NumPy has none, PyTorch's.

A recorded op keeps the arrays that it read. So that nobody can change them behind its back, a Tensor copies
what it is made from, and from the moment that its buffer has been handed out for writing (`t.data`), ops read
a copy of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any, cast

import numpy as np

from micrograd.engine import backprop
from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.switches import require_switch
from micrograd.engine.arrays.conversions import ArrayNumbers
from micrograd.engine.arrays.data import as_array, as_new_data
from micrograd.engine.arrays.gradients import added, require_replacement, seed_of
from micrograd.engine.arrays.integers import check_integers
from micrograd.engine.arrays.methods import ArrayMethods
from micrograd.engine.arrays.operands import operand_data, own_settings
from micrograd.engine.arrays.quiet import ignore_warnings, restore_warnings
from micrograd.engine.copying import Copyable
from micrograd.engine.errors import GraphError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.observing.changes import changes
from micrograd.engine.observing.recording import (
    born,
    compared,
    implied,
    is_recording,
    is_traced,
    reading,
    watched,
    watchers,
)
from micrograd.engine.ops.arrays import shapes
from micrograd.engine.ops.explanations import REFUSALS, raise_explained
from micrograd.engine.ops.identity import identity, stop_gradient
from micrograd.engine.ops.op import Op

_new = object.__new__
_ndarray = np.ndarray


def _fill(
    tensor: Tensor, array: np.ndarray, op: Op | None = None, params: Any = None, nodes: Any = None, data: Any = None
) -> None:
    """Set every slot of a new Tensor: a leaf without gradient, or what an op recorded."""
    tensor._data = array
    tensor.op = op
    tensor.params = params
    tensor._x = nodes
    tensor._x_data = data
    tensor.grad = tensor._y = tensor._y_data = None
    tensor.label = ""
    tensor._requires_grad = op is not None
    tensor._exposed = False


def adopted(array: np.ndarray) -> Tensor:
    """A Tensor around an array of real numbers that nobody writes to, with no copy and no check."""
    tensor = _new(Tensor)
    _fill(tensor, array)
    if watchers:
        born(tensor, array)
    return tensor


def _leaf(array: np.ndarray) -> Tensor:
    """What an operation beside the graph gives."""
    tensor = adopted(array)
    if watchers:
        implied(tensor)
    return tensor


class Tensor(ArrayMethods, ArrayNumbers, Copyable):
    """An array of real numbers and its place in the graph of a computation.

    Args:
        data: Anything that NumPy makes an array of; copied. Python floats give float64.
        requires_grad: Whether `backward()` computes a gradient for this Tensor.
        dtype: The dtype; by default that of the data.
        label: A name for pictures and messages.

    Raises:
        MicrogradTypeError: If the data isn't an array of real numbers, or integers are to have a gradient.

    Attributes:
        grad: After `backward()`, an array of this Tensor's shape; None before.

    Example:
        >>> w = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        >>> x = Tensor([1.0, -1.0])
        >>> loss = ((w @ x) ** 2).sum()
        >>> loss.backward()
        >>> w.grad
        array([[-2.,  2.],
               [-2.,  2.]])
    """

    __slots__ = ("__weakref__", "_exposed", "_requires_grad")

    _data: np.ndarray
    _exposed: bool
    _interpreter_rank = 2
    _operands = (Node, float, int, np.ndarray, np.generic)

    def __init__(self, data: Any, requires_grad: bool = False, dtype: Any = None, label: str = "") -> None:
        if watchers:
            born(self, data)
        _fill(self, as_array(data, dtype))
        self.label = label
        if requires_grad:
            self._check_continuous()
            self._requires_grad = True

    # ---- data and gradient ---------------------------------------------------------------------------------

    @property
    def data(self) -> np.ndarray:
        """The array itself; of a leaf it may be written, `p.data -= 0.1 * p.grad`, of a computed Tensor only read.

        An expression that has run keeps the numbers that it read: writing moves the next run, never the
        gradients of the last.
        """
        if watchers:
            reading(self)
        if self.op is not None:
            view = self._data.view()
            view.flags.writeable = False
            return view
        if not self._exposed:
            self._data, self._exposed = self._data.copy(), True
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if watchers:
            reading(self)
        if data is self._data:
            return
        if self.op is not None:
            raise GraphError(
                f"can't write to the data of a computed Tensor (op {self._op!r}): its gradient would no longer belong "
                "to its numbers. Write to a leaf and run the expression again, or begin anew with Tensor(array)."
            )
        # Of plain numbers of the same type, as an optimiser writes them, there is nothing to check but the shape.
        is_plain = type(data) is np.ndarray and data.dtype is self._data.dtype
        array = np.array(data) if is_plain else as_new_data(data, self._data.dtype)
        if array.shape != self._data.shape:
            raise MicrogradValueError(
                f"data of shape {array.shape} can't replace data of shape {self._data.shape}; begin anew with "
                "Tensor(array), or reshape it."
            )
        self._adopt(array)

    def _adopt(self, array: np.ndarray) -> None:
        """Hold an array of the right shape and dtype that nobody else writes."""
        self._data, self._exposed = array, False

    @property
    def requires_grad(self) -> bool:
        """Whether `backward()` computes a gradient for this Tensor; computed Tensors inherit it from their inputs."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, flag: bool) -> None:
        if flag:
            self._check_continuous()
        if self._requires_grad is not bool(flag):
            self._requires_grad = bool(flag)
            changes.count += 1

    def _check_continuous(self) -> None:
        if self._data.dtype.kind != "f":
            raise MicrogradTypeError(
                f"a Tensor of dtype {self._data.dtype} can't have a gradient: its values can't move by small amounts. "
                "Write Tensor(data, requires_grad=True, dtype=float)."
            )

    def backward(self, grad: Any = None, create_graph: bool = False, *, retain_graph: Any = None) -> None:
        """Put the gradient of this Tensor by every Tensor that it depends on into their `.grad`.

        Gradients of leaves accumulate over calls; those of interior Tensors start anew at each call. A pass
        that fails leaves all gradients as they were.

        Args:
            grad: The gradient that enters here, of this Tensor's shape; needed unless it holds a single number.
            create_graph: Compute the gradients as Tensors that can be differentiated again.
            retain_graph: For code from PyTorch; has no effect, for a graph stays as long as its root.

        Raises:
            GraphError: If nothing requires a gradient, or this Tensor isn't a scalar and `grad` is missing.
            MicrogradTypeError: If create_graph is neither True nor False.

        Example:
            >>> x = Tensor(3.0, requires_grad=True)
            >>> (x * x * x).backward(create_graph=True)
            >>> first, x.grad = x.grad, None
            >>> first.backward()
            >>> first.item(), x.grad.item()
            (27.0, 18.0)
        """
        require_switch("backward", "create_graph", create_graph, "a gradient to begin with comes first")
        if not self._requires_grad:
            raise GraphError(
                "backward() of a Tensor that depends on nothing with requires_grad=True: there is no gradient to "
                "compute. Make the parameters with Tensor(data, requires_grad=True), outside no_grad()."
            )
        seed: Any = seed_of(self._data, grad)
        if create_graph:
            seed = grad if isinstance(grad, Tensor) else Tensor(seed)
        warnings = ignore_warnings()
        try:
            backprop.backward(self, seed)
        finally:
            restore_warnings(warnings)

    def _match(self, g: Any) -> Any:
        """Bring a contribution to this Tensor's shape and dtype: broadcasting is undone here, and only here."""
        data = self._data
        if g.__class__ is _ndarray:
            if g.shape == data.shape and g.dtype is data.dtype:
                return g
        elif not isinstance(g, (_ndarray, Tensor)):
            if g is None:
                raise MicrogradTypeError("a rule returned None instead of a gradient: does it lack its `return`?")
            return np.full(data.shape, g, data.dtype)
        if g.shape != data.shape:
            g = shapes.unbroadcast(g, data.shape)
        if g.dtype == data.dtype:
            return g
        if g.dtype.kind not in "biuf":
            raise MicrogradTypeError(f"a gradient of dtype {g.dtype}, which isn't of real numbers")
        return g.astype(data.dtype)

    def _accumulated(self, g: Any, is_unshared: bool) -> Any:
        """This leaf's gradient with `g` added, in an array of its own."""
        if self.grad is not None:
            return added(self.grad, g)
        if g.__class__ is _ndarray:
            return g if is_unshared and g.base is None and g.flags.carray else g.copy()
        return g if isinstance(g, Tensor) else np.array(g)

    def _spread(self, tangent: Any) -> Any:
        if getattr(tangent, "shape", None) == self._data.shape:
            return tangent
        if not isinstance(tangent, Node):
            tangent = np.asarray(tangent)
        return shapes.broadcast_to(tangent, shape=self._data.shape)

    def _probe(self) -> Tensor:
        probe = Tensor(np.zeros_like(self._data), requires_grad=True)
        probe._is_probe = True
        return probe

    def _differs_from(self, data: Any) -> bool:
        return data is not self._data and not np.array_equal(data, self._data, equal_nan=True)

    def register_hook(self, hook: Callable[[Any], Any]) -> Callable[[], None]:
        """Have `hook(gradient)` called when this Tensor's gradient is complete; what it returns replaces it.

        Returns:
            A function that removes the hook.

        Raises:
            MicrogradTypeError: If it can't be called; in the backward pass, if it returns no real numbers.
            MicrogradValueError: In the backward pass, if what it returns has another shape.
        """
        require_function("register_hook", hook, "t.register_hook(lambda g: print(g))")

        def checked(gradient: Any) -> Any:
            replaced = hook(gradient)
            return None if replaced is None else require_replacement(self._data, replaced)

        self._hooks = (*(self._hooks or ()), checked)
        return lambda: setattr(self, "_hooks", tuple(h for h in self._hooks or () if h is not checked) or None)

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = None

    # ---- recording -----------------------------------------------------------------------------------------

    @staticmethod
    def _apply(op: Op, operands: tuple[Any, ...], params: dict[str, Any], is_watched: bool = False) -> Tensor:
        """Compute a primitive, and record it if a gradient is asked for."""
        if watchers and not is_watched:
            return cast(Tensor, watched(_apply_watched, op, operands, params))
        data, are_nodes, wants_gradient = [], True, False
        for operand in operands:
            if operand.__class__ is Tensor and not operand._exposed:  # the common case of `operand_data`
                data.append(operand._data)
            else:
                data.append(operand_data(op, operand))
                if not isinstance(operand, Node):
                    are_nodes = False
                    continue
            if operand._requires_grad:
                wants_gradient = True
        params = {**op.defaults, **own_settings(op, params)} if params else op.defaults
        warnings = ignore_warnings()
        try:
            result = op.on_arrays(*data, **params)
            array = result if result.__class__ is _ndarray else np.asarray(result)
            if not wants_gradient and array.dtype.kind in "iu":
                check_integers(op, data, params, array)
        except REFUSALS as error:
            raise_explained(op.name, data, params, error)
        finally:
            restore_warnings(warnings)
        out = _new(Tensor)
        if wants_gradient and op.is_differentiable and is_recording.get():
            nodes = operands if are_nodes else tuple([o if isinstance(o, Node) else None for o in operands])
            _fill(out, array, op, params, nodes, tuple(data))
        else:
            _fill(out, array)
        return out

    def detach(self) -> Tensor:
        """The same numbers, cut off from the graph."""
        if watchers and self.op is None and is_traced():
            return cast(Tensor, stop_gradient(self))
        return _leaf(operand_data(identity, self))

    # ---- as an array ---------------------------------------------------------------------------------------

    # Without a Python function to call, they take half as long.
    shape = property(attrgetter("_data.shape"), doc="The length along each axis.")
    dtype = property(attrgetter("_data.dtype"), doc="The dtype of the numbers.")

    def __repr__(self) -> str:
        body = np.array2string(self._data, prefix="Tensor(", separator=", ", threshold=60)
        dtype = "" if self._data.dtype == np.float64 else f", dtype={self._data.dtype}"
        return f"Tensor({body}{dtype}{', requires_grad=True' if self._requires_grad else ''})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)

    def _compare(self, relation: np.ufunc, other: Any) -> Any:
        if watchers and (stand_in := compared(relation, self, other)) is not NotImplemented:
            return stand_in
        other = other._data if isinstance(other, Node) else other
        try:
            return _leaf(np.asarray(relation(self._data, other)))
        except REFUSALS as error:
            raise_explained(relation.__name__, (self._data, other), {}, error)

    @property
    def _op(self) -> str:
        """The symbol of the op that computed this Tensor, '' for a leaf."""
        return "" if self.op is None else str(self.op.symbol)


_apply_watched = partial(Tensor._apply, is_watched=True)
