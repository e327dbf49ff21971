"""Run a function once, on stand-ins for its arguments, and write down what it computes.

Scalar code goes to a `Tape`, array code straight to the instructions of a `Builder`. Values and Tensors that the
function knows from elsewhere are its parameters; those that it makes itself are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.sources import user_source
from micrograd.engine.jit.symbols import Builder, Symbol, refusal
from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, PARAMETER, Tape
from micrograd.engine.numeric import is_real
from micrograd.engine.ops.indexing import getitem
from micrograd.engine.recording import watching
from micrograd.engine.tensor import Tensor
from micrograd.engine.value import Value


class TracedValue(Value):
    """A number that a program will compute: a Value that has no data yet, but a place on a tape."""

    __slots__ = ()
    entry: int

    def _fail(self, what: str) -> Any:
        raise refusal(what)

    @property
    def data(self) -> float:
        """Not known while the function is traced."""
        return self._fail("the data of")  # type: ignore[no-any-return]

    @data.setter
    def data(self, data: Any) -> None:
        self._fail("writing to the data of")

    def __float__(self) -> float:
        return self._fail("float() of")  # type: ignore[no-any-return]

    def __int__(self) -> int:
        return self._fail("int() of")  # type: ignore[no-any-return]

    def __bool__(self) -> bool:
        return self._fail("a branch on")  # type: ignore[no-any-return]

    def __index__(self) -> int:
        return self._fail("an index by")  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> Any:
        return self._fail("a comparison of")

    __le__ = __gt__ = __ge__ = __lt__

    def backward(self, create_graph: bool = False) -> None:
        """Outside the traced function, on its result."""
        self._fail("backward() of")

    def __repr__(self) -> str:
        return f"TracedValue(entry {self.entry})"


class Elements(Symbol):
    """An array argument, or a part of it: scalar code may take it apart into numbers.

    Attributes:
        positions: Where each element stands in the argument.
    """

    __slots__ = ("argument", "positions", "trace")

    def __init__(self, trace: Trace, symbol: Symbol, argument: int, positions: np.ndarray) -> None:
        super().__init__(symbol.builder, symbol.instruction, symbol.example)
        self.trace = trace
        self.argument = argument
        self.positions = positions

    def __getitem__(self, index: Any) -> Any:
        positions = self.positions[index]
        if isinstance(positions, np.integer):
            return self.trace.element(self.argument, int(positions))
        return Elements(self.trace, super().__getitem__(index), self.argument, positions)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def tolist(self) -> Any:
        """Its numbers, traced, in nested lists."""
        return [row.tolist() if isinstance(row, Elements) else row for row in self]


class Trace:
    """One run of a function: what it was given, what it computed and what it returned.

    Attributes:
        values: The scalar parameters, in the order in which they were first read.
        tensors: The array parameters, likewise, each with the Symbol that stands for it.
        tape: The scalar operations.
        builder: The array instructions.
        arguments: The Symbols of the array arguments; the scalar arguments together are one, the first.
        makes_nodes: Whether the function made Values or Tensors of its own, and so returns some.
        wanted: Those of them that are to have a gradient.
        value_inputs: Scalar parameters that array code reads, each an input of its own.
    """

    def __init__(self) -> None:
        self.tape = Tape()
        self.values: list[Value] = []
        self.tensors: list[Tensor] = []
        self.tensor_inputs: list[Symbol] = []
        self.builder = Builder(user_source, self._constant)
        self.arguments: list[Symbol] = []
        self.wanted: list[Symbol] = []
        self.value_inputs: dict[int, Symbol] = {}
        self.makes_nodes = False
        self._entries: dict[int, int] = {}
        self._symbols: dict[int, Symbol] = {}
        self._born: dict[int, Any] = {}
        self._alive: list[Any] = []  # so that no id is used twice

    def run(self, f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """What `f` returns, as a tree of TracedValues, Symbols and constants."""
        with watching(self):
            return f(*args, **kwargs)

    def scalars(self, leaves: list[Any]) -> list[TracedValue]:
        """Stand-ins for the scalar arguments, numbers or Values."""
        numbers = [leaf._data if isinstance(leaf, Value) else float(leaf) for leaf in leaves]
        self.arguments.append(self.builder.input(np.array(numbers, dtype=float), "scalars"))
        if any(isinstance(leaf, Value) for leaf in leaves):
            self.wanted.append(self.arguments[0])
        return [self.element(0, position) for position in range(len(numbers))]

    def array(self, example: Any) -> Symbol:
        """A stand-in for an array argument."""
        number = len(self.arguments)
        is_node = isinstance(example, Node)
        numbers = np.array(example._data if is_node else example)
        symbol = self.builder.input(numbers, f"x{number}" if number > 1 else "x")
        self.arguments.append(symbol)
        if is_node and example._requires_grad:
            self.wanted.append(symbol)
        if is_node or numbers.ndim == 0:
            return symbol
        return Elements(self, symbol, number, np.arange(numbers.size).reshape(numbers.shape))

    def element(self, argument: int, position: int) -> TracedValue:
        """A number of an array argument."""
        return self._traced(self.tape.leaf(ARGUMENT, argument, position))

    # ---- what recording.watched calls --------------------------------------------------------------------------------

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Any) -> Any:
        """Write down an operation on Values and Tensors."""
        if any(isinstance(o, (Symbol, Tensor, np.ndarray)) for o in operands):
            return self.builder.emit(op, operands, params)
        settings = {**op.defaults, **params} if op.defaults else None
        if not op.elementwise:
            return record(op, operands, params)  # which explains what is wrong
        entry = self.tape.append(op, tuple(map(self.entry_of, operands)), settings, user_source())
        return _joined(self._traced(entry), op, operands, settings or {})

    def born(self, node: Node, data: Any) -> bool:
        """Take note of a leaf that is made during the trace; whether it stands for a traced number."""
        self.makes_nodes = True
        self._alive.append(node)
        if isinstance(data, TracedValue):
            node.__class__ = TracedValue
            node.entry = data.entry  # type: ignore[attr-defined]
            node._data = 0.0
            node.grad, node.label, node.op = 0.0, "", None
            node._x = node._y = node._x_data = node._y_data = node.params = None
            return True
        self._born[id(node)] = data
        return False

    def entry_of(self, operand: Any) -> int:
        """Where an operand stands on the tape."""
        if type(operand) is TracedValue:
            return operand.entry
        if not isinstance(operand, Value):
            if not is_real(operand):
                raise MicrogradTypeError(f"inside jit, {operand!r:.60} stands where a number or a Value should")
            return self.tape.leaf(CONSTANT, float(operand))
        if id(operand) in self._born:
            # One entry for each Value, not for each use: that is how the lifting sees which uses read the same.
            if id(operand) not in self._entries:
                begins_a_sum = self._born[id(operand)].__class__ is int and operand._data == 0.0
                self._entries[id(operand)] = self.tape.leaf(CONSTANT, 0 if begins_a_sum else operand._data)
            return self._entries[id(operand)]
        if operand.op is not None:
            raise TracingError(
                "a Value that was computed outside the function is used inside jit: the program would hold on to its "
                "number of today. Compute it inside, pass it as an argument, or use Value(number) for a constant."
            )
        entry = self._entries.get(id(operand))
        if entry is None:
            entry = self._entries[id(operand)] = self.tape.leaf(PARAMETER, len(self.values))
            self.values.append(operand)
        return entry

    def _traced(self, entry: int) -> TracedValue:
        out = object.__new__(TracedValue)
        out.entry = entry
        out._data = out.grad = 0.0
        out.label = ""
        out.op = out._x = out._y = out._x_data = out._y_data = out.params = None
        return out

    # ---- Values and Tensors among arrays -----------------------------------------------------------------------------

    def _constant(self, node: Node) -> Any:
        """A Value or Tensor that an array operation reads."""
        if isinstance(node, Value):
            return self._symbol(self.entry_of(node))
        if id(node) in self._born or (node.op is None and not node._requires_grad):
            self._alive.append(node)
            return node._data.copy()
        if node.op is not None:
            raise TracingError(
                "a Tensor that was computed outside the function is used inside jit: the program would hold on to its "
                "numbers of today. Compute it inside, pass it as an argument, or write t.detach() for a constant."
            )
        key = -1 - id(node)
        if key not in self._symbols:
            symbol = self.builder.input(node._data.copy(), f"p{len(self.tensors)}")
            self.tensors.append(node)  # type: ignore[arg-type]
            self.tensor_inputs.append(symbol)
            self._symbols[key] = symbol
        return self._symbols[key]

    def _symbol(self, entry: int) -> Any:
        """An entry of the tape as an array without axes, for array code that reads it."""
        tape = self.tape
        if tape.ops[entry] == CONSTANT:
            return tape.operands[entry][0]
        if entry not in self._symbols:
            self._symbols[entry] = self._emitted(entry)
        return self._symbols[entry]

    def _emitted(self, entry: int) -> Symbol:
        tape = self.tape
        op, operands = tape.ops[entry], tape.operands[entry]
        if op == ARGUMENT:
            argument = self.arguments[operands[0]]
            index = tuple(int(i) for i in np.unravel_index(operands[1], argument.shape))
            return self.builder.emit(getitem, (argument,), {"index": index})
        if op == PARAMETER:
            symbol = self.builder.input(np.array(self.values[operands[0]]._data), f"w{operands[0]}")
            self.value_inputs[operands[0]] = symbol
            return symbol
        return self.builder.emit(op, tuple(map(self._symbol, operands)), tape.params[entry] or {})


def _joined(out: TracedValue, op: Any, operands: tuple[Any, ...], settings: dict[str, Any]) -> TracedValue:
    """A traced number with its place in the graph, so that `grad` inside a traced function can walk back from it."""
    nodes = tuple(o if isinstance(o, Value) else None for o in operands)
    data = tuple(o._data if isinstance(o, Value) else o for o in operands)
    out.op, out.params = op, settings
    if len(operands) > 2:
        out._x, out._x_data = nodes, data
    else:
        (out._x, out._x_data), (out._y, out._y_data) = [*zip(nodes, data, strict=True), (None, None)][:2]
    return out
