"""Run a function of numbers or arrays once, on stand-ins for them, and write down what it computes.

Scalar code goes to a `Tape` (`scalar_trace.py`), array code straight to the instructions of a `Builder`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from micrograd.engine.arrays.data import own_copy
from micrograd.engine.errors import TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.captures.hosted import Buffer, Draw, Effect, standing_in, used
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.passes.reverse import differentiate
from micrograd.engine.jit.sources import user_source
from micrograd.engine.jit.symbols import Builder, Symbol, comparison
from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, PARAMETER
from micrograd.engine.jit.tracing.scalar_trace import ScalarTrace
from micrograd.engine.jit.tracing.traced_value import TracedValue
from micrograd.engine.observing.recording import enable_grad, is_recording
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.explanations import raise_explained
from micrograd.engine.tensor import Tensor
from micrograd.engine.value import Value


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
        try:
            positions = self.positions[index]
        except IndexError as error:
            raise_explained("getitem", (self.positions,), {"index": index}, error)
        if isinstance(positions, np.integer):
            return self.trace.element(self.argument, int(positions))
        return Elements(self.trace, super().__getitem__(index), self.argument, positions)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def tolist(self) -> Any:
        """Its numbers, traced, in nested lists."""
        return [row.tolist() if isinstance(row, Elements) else row for row in self]


class Trace(ScalarTrace):
    """One run of a function of numbers or arrays: what it was given and what it computed.

    Attributes:
        tensors: The array parameters, in the order in which they were first read.
        tensor_inputs: The Symbols that stand for them.
        builder: The array instructions.
        arguments: The Symbols of the array arguments; the scalar arguments together are one, the first.
        wanted: Those of them that are to have a gradient.
        value_inputs: Scalar parameters that array code reads, by their numbers: inputs until it is known where each
            stands in the flat array of all.
        entry_inputs: Inputs until then for what scalar code computes and array code reads, by their entries.
        row_inputs: Inputs until then for scalar parameters that row functions read, with the numbers of these.
        draws: The inputs that are drawn at random before each run.
        buffers: The inputs that are arrays of modules.
        effects: What buffers become.
    """

    def __init__(self, captures: Captures | None = None) -> None:
        super().__init__(captures)
        self.tensors: list[Tensor] = []
        self.tensor_inputs: list[Symbol] = []
        self.builder = Builder(user_source, self._constant, differentiate)
        self.arguments: list[Symbol] = []
        self.wanted: list[Symbol] = []
        self.value_inputs: dict[int, Symbol] = {}
        self.entry_inputs: dict[int, Symbol] = {}
        self.row_inputs: list[tuple[Symbol, list[int]]] = []
        self.draws: list[Draw] = []
        self.buffers: list[Buffer] = []
        self.effects: list[Effect] = []
        self._symbols: dict[int, Symbol] = {}

    @property
    def hosted(self) -> list[Draw | Buffer]:
        """What is handed in anew before each run, beside the arguments."""
        return [*self.draws, *self.buffers]

    def run(self, f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """What `f` returns, with inputs in the place of the arrays that modules keep."""
        usual, self.builder.is_recording = self.builder.is_recording, is_recording.get
        try:
            with enable_grad():  # a program is for calls within `no_grad` and others: only the blocks in `f` count
                return self._run(f, args, kwargs)
        finally:
            self.builder.is_recording = usual

    def _run(self, f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        if self.captures is None:
            return super().run(f, args, kwargs)
        with standing_in(self.builder, self.captures) as (buffers, effects):
            result = super().run(f, args, kwargs)
        self.effects = effects
        self.buffers = used(buffers, effects, self.builder)
        return result

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
        numbers = own_copy("jit", example._data if is_node else example)
        symbol = self.builder.input(numbers, f"x{number}" if number > 1 else "x")
        self.arguments.append(symbol)
        if is_node and example._requires_grad:
            self.wanted.append(symbol)
        if is_node or numbers.ndim == 0:
            return symbol
        return Elements(self, symbol, number, np.arange(numbers.size).reshape(numbers.shape))

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Any) -> Any:
        """Write down an operation on numbers or arrays."""
        for operand in operands:
            is_array = isinstance(operand, np.ndarray) and (operand.ndim or not op.elementwise)  # else a number
            if is_array or isinstance(operand, (Symbol, Tensor)):
                return self.builder.emit(op, operands, params)
        return super().__call__(op, operands, params, record)

    def comparing(self, relation: Any, x: Any, y: Any) -> Any:
        """A comparison of Values, or of a Tensor: an instruction where one side may be another at the next call."""
        if isinstance(x, Value):
            return super().comparing(relation, x, y)
        if not self._is_from_elsewhere(x) and not self._is_from_elsewhere(y):
            return NotImplemented
        return self.builder.emit(comparison(relation), (x, y), {})

    def drawing(self, draw: Callable[[Any], Any], rng: Any, name: str) -> Symbol:
        """An input in the place of random numbers, drawn anew before each run."""
        symbol = self.builder.input(draw(copy.deepcopy(rng)), f"d{len(self.draws)}", given=name)
        self.draws.append(Draw(symbol, rng, draw))
        return symbol

    def mapping(self, mapped: Callable[..., Any], args: Any) -> Any:
        """What a function that `vmap` made gives, if it is code of scalars; else NotImplemented."""
        from micrograd.engine.jit.tracing.nested import lifted_rows  # which traces and lifts the function of one row

        return lifted_rows(self, mapped, args)

    def operand(self, node: Node) -> Any:
        """The Symbol of a Value or Tensor that array code reads, or its numbers."""
        return self._constant(node)

    def parameters_read(self, values: list[Value]) -> Symbol:
        """An input for scalar parameters in an order of their own."""
        numbers = [self.tape.operands[self.entry_of(value)][0] for value in values]
        symbol = self.builder.input(
            np.array([value._data for value in values], dtype=float), f"r{len(self.row_inputs)}"
        )
        self.row_inputs.append((symbol, numbers))
        return symbol

    # ---- Values and Tensors among arrays -----------------------------------------------------------------------------

    def _constant(self, node: Node) -> Any:
        """A Value or Tensor that an array operation reads."""
        if isinstance(node, Value):
            return self._symbol(self.entry_of(node))
        if id(node) in self._born:
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
        # Lifted later, with the rest of the tape: here each operation would be an instruction by itself.
        self.entry_inputs[entry] = symbol = self.builder.input(np.zeros(()), f"e{entry}")
        return symbol
