"""`Symbol`: what stands in for an array while code is traced or a program is differentiated.

Every operation on a Symbol appends one instruction to its `Builder`. A Symbol also carries the numbers of the run that
was traced: they give shapes and dtypes without a second set of rules for them.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arrays.methods import ArrayMethods
from micrograd.engine.errors import TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.comparisons import COMPARISONS, without_derivative
from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.sources import AS_IT_IS, FROM_WITHIN, Source, refusal
from micrograd.engine.ops.arrays.shapes import broadcast_to, unbroadcast
from micrograd.engine.ops.elementwise import mul
from micrograd.engine.ops.explanations import REFUSALS, raise_explained
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.linear_algebra.contractions import contract
from micrograd.engine.ops.op import Op

_SYMBOL_RANK = 5  # above Values and Tensors, below the tracers of vmap


class Builder:
    """Collects instructions.

    Attributes:
        source: Says which of the user's lines the next instruction comes from.
        is_recording: Says whether gradients pass what is written down; not where the user's code has `no_grad`.

    Args:
        source: The same.
        constant: Turns a Value or Tensor that an operation reads into an operand: a Symbol or a number.
        reverse: The reverse sweep, for a transform within the code that is traced.
    """

    def __init__(
        self,
        source: Callable[[], Source | None] = lambda: None,
        constant: Callable[[Node], Any] | None = None,
        reverse: Callable[..., list[Any]] | None = None,
    ) -> None:
        self.instructions: list[Instruction] = []
        self.inputs: list[Symbol] = []
        self.symbols: dict[int, Symbol] = {}
        self.source = source
        self.is_recording: Callable[[], bool] = lambda: True
        self._constant = constant
        self._reverse = reverse

    def input(self, example: np.ndarray, name: str, given: str = "") -> Symbol:
        """A Symbol for something that the program is given; `given` says what, if it isn't an argument."""
        params = {"given": given} if given else {}
        symbol = self._keep(Symbol(self, Instruction(None, (), params, example.shape, example.dtype, name), example))
        self.inputs.append(symbol)
        return symbol

    def emit(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any]) -> Symbol:
        """Append what computes `op(*operands)`.

        Raises:
            MicrogradError: If the operands don't fit, as without jit.
        """
        operands = tuple(self._operand(op, operand) for operand in operands)
        try:
            result = self._emitted(op, operands, params)
            if self.is_recording() or not op.is_differentiable:
                return result
            return self.append(stop_gradient, (result,), {})
        except REFUSALS as error:
            settings = {**op.defaults, **params}
            raise_explained(op.name, tuple(map(_example, operands)), settings, error)

    def _emitted(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any]) -> Symbol:
        if op is contract and not all(len(getattr(o, "shape", ())) for o in operands):
            op, params = mul, {}  # a number times an array
        if op.elementwise:
            operands = _narrowed(operands)
        same = _unchanged(op, operands)
        if same is not None:
            return same  # type: ignore[no-any-return]
        return self.append(op, operands, {**op.defaults, **params})

    def append(self, op: Any, operands: tuple[Any, ...], settings: dict[str, Any]) -> Symbol:
        """Append an instruction as it is, with all its settings."""
        with np.errstate(all="ignore"):
            example = np.asarray(op.on_arrays(*[_example(o) for o in operands], **settings))
        given = tuple(o.instruction if isinstance(o, Symbol) else o for o in operands)
        instruction = Instruction(op, given, settings, example.shape, example.dtype, "", self.source())
        self.instructions.append(instruction)
        return self._keep(Symbol(self, instruction, example))

    def adopt(self, other: Builder) -> None:
        """Take over the inputs and instructions of another builder, after one's own."""
        for symbol in other.symbols.values():
            symbol.builder = self
        self.inputs += other.inputs
        self.instructions += other.instructions
        self.symbols |= other.symbols

    def gradients(self, root: Symbol, seed: Any, variables: Sequence[Any]) -> list[Any]:
        """What `grad` and its like put into a program that is being traced.

        Raises:
            TracingError: If some of the variables are numbers, for the sweep through scalar code is another one, or
                arrays that the program knows nothing of.
        """
        strange = [variable for variable in variables if not isinstance(variable, Symbol)]
        if self._reverse is None or strange:
            shape = getattr(strange[0], "shape", ()) if strange else ()
            what = f"an array of shape {tuple(shape)} that is made or known otherwise" if shape else "a number"
            raise TracingError(
                "inside jit, array code is differentiated by arrays that the compiled function was given, or computed "
                f"of what it was given; this was by {what}. Hand it in as an array: step = jit(lambda x: "
                f"grad(loss)(x)), and then step({'x' if shape else 'np.array(2.0)'}); or choose others with argnums=."
            )
        source = self.source
        try:
            found = self._reverse(self, self.symbols, [root], [seed], variables)
        finally:
            self.source = source
        return [0.0 * x if g is None else g for g, x in zip(found, variables, strict=True)]

    def symbol(self, operand: Any) -> Any:
        """The Symbol of an instruction; a constant as it is."""
        return self.symbols[id(operand)] if isinstance(operand, Instruction) else operand

    def _keep(self, symbol: Symbol) -> Symbol:
        self.symbols[id(symbol.instruction)] = symbol
        return symbol

    def _operand(self, op: Any, operand: Any) -> Any:
        if isinstance(operand, Node):
            if self._constant is None:
                return operand._data
            return self._constant(operand)
        if isinstance(operand, (Symbol, np.ndarray)):
            return operand
        if isinstance(operand, (numbers.Real, np.generic)):
            return operand if op.elementwise else np.asarray(operand)
        raise TracingError(f"{op.name}() inside jit was given {kind_of(operand)}: {operand!r:.60}")


class Symbol(ArrayMethods):
    """An array that a program will compute."""

    __slots__ = ("builder", "example", "instruction")
    _operands = (ArrayMethods, Node, float, int, np.ndarray, np.generic)
    _interpreter_rank = _SYMBOL_RANK
    op = None
    requires_grad = False

    def __init__(self, builder: Builder, instruction: Instruction, example: np.ndarray) -> None:
        self.builder = builder
        self.instruction = instruction
        self.example = example

    @property
    def shape(self) -> tuple[int, ...]:
        """The length along each axis."""
        return self.instruction.shape

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the numbers."""
        return self.instruction.dtype  # type: ignore[no-any-return]

    def _apply(self, op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
        return self.builder.emit(op, operands, params)

    def _gradients(self, seed: Any, variables: Sequence[Any]) -> list[Any]:
        return self.builder.gradients(self, seed, variables)

    def _compare(self, relation: np.ufunc, other: Any) -> Symbol:
        return self.builder.emit(comparison(relation), (self, other), {})

    def _match(self, g: Any) -> Any:
        """A gradient in this symbol's shape: broadcasting undone, or, where the same number goes to all, done."""
        shape, own = getattr(g, "shape", ()), self.shape
        if shape == own:
            return g
        missing = len(own) - len(shape)
        if missing > 0 or (missing == 0 and all(n in (1, m) for n, m in zip(shape, own, strict=True))):
            return broadcast_to(g if hasattr(g, "shape") else np.asarray(g), shape=own)
        return unbroadcast(g, own)

    def __bool__(self) -> bool:
        raise refusal("a branch on")

    def __float__(self) -> float:
        raise refusal("float() of", AS_IT_IS)

    def __int__(self) -> int:
        raise refusal("int() of")

    def __index__(self) -> int:
        raise refusal("an index by")

    def item(self) -> Any:
        """Not inside jit: there is no single number."""
        raise refusal("item() of", AS_IT_IS)

    def numpy(self) -> Any:
        """Not inside jit: there is no array yet."""
        raise refusal("numpy() of", AS_IT_IS)

    def tolist(self) -> Any:
        """Not inside jit: there are no numbers yet."""
        raise refusal("tolist() of", AS_IT_IS)

    @property
    def data(self) -> Any:
        """Not inside jit: there is no array yet."""
        raise refusal("the data of", AS_IT_IS)

    @property
    def grad(self) -> Any:
        """Not inside jit: nothing has been swept yet."""
        raise refusal("the gradient of", FROM_WITHIN)

    def backward(self, *args: Any, **settings: Any) -> Any:
        """Not inside jit: a program returns what it computes, and writes no gradients."""
        raise TracingError(
            "backward() inside jit: a compiled function returns numbers and writes none. Return the loss and call "
            "backward() on it, jit(loss)(x).backward(); or compute the gradient inside, grad(loss)(x)."
        )

    def detach(self) -> Any:
        """The same numbers, through which no gradient passes."""
        return stop_gradient(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise refusal("a NumPy array of", AS_IT_IS)

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else repr(self)

    def __repr__(self) -> str:
        return f"Symbol({self.instruction!r})"


def comparison(relation: np.ufunc) -> Op:
    """NumPy's comparison as a primitive without derivative."""
    name = relation.__name__
    if name not in _comparisons:
        _comparisons[name] = without_derivative(name, relation)
    return _comparisons[name]


_comparisons = dict(COMPARISONS)


def _example(operand: Any) -> Any:
    return operand.example if isinstance(operand, Symbol) else operand


def _narrowed(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Elementwise operands without needless copies: a number for an array that is full of it, and what was spread."""
    try:
        whole = np.broadcast_shapes(*[getattr(o, "shape", ()) for o in operands])
    except ValueError:
        return operands  # they don't fit, as the op will say
    found = list(operands)
    for k, operand in enumerate(operands):
        narrow: Any = None
        if isinstance(operand, np.ndarray) and operand.size and operand.dtype.kind == "f":
            first = operand.flat[0]
            narrow = float(first) if (operand == first).all() else None
        elif isinstance(operand, Symbol) and operand.instruction.op is broadcast_to:
            narrow = operand.builder.symbol(operand.instruction.operands[0])
        if narrow is None:
            continue
        trial = [*found[:k], narrow, *found[k + 1 :]]
        if np.broadcast_shapes(*[getattr(o, "shape", ()) for o in trial]) == whole and any(
            isinstance(o, Symbol) for o in trial
        ):
            found = trial
    return tuple(found)


def _unchanged(op: Any, operands: tuple[Any, ...]) -> Any:
    """The operand that an operation would hand back as it is: x * 1, x / 1, x + 0."""
    if len(operands) != 2 or op.name not in ("mul", "add", "sub", "div"):
        return None
    x, y = operands
    neutral = 1.0 if op.name in ("mul", "div") else 0.0
    if _is_of_floats(x) and type(y) is float and y == neutral:
        return x
    if _is_of_floats(y) and type(x) is float and x == neutral and op.name in ("mul", "add"):
        return y
    return None


def _is_of_floats(operand: Any) -> bool:
    """Whether it is a Symbol that a float leaves as it is: of integers and booleans it makes floats."""
    return isinstance(operand, Symbol) and operand.dtype.kind == "f"
