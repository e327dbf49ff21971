"""One traced function on its way from tape to program, with what every pass left of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.arguments.trees import flatten
from micrograd.engine.errors import GraphError
from micrograd.engine.graph import Node
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.compiling.lifted import Scalars
from micrograd.engine.jit.compiling.remembered import lift_or_remember
from micrograd.engine.jit.compiling.stages import Stage, stage_of
from micrograd.engine.jit.passes.dead_instructions import drop_dead_instructions
from micrograd.engine.jit.passes.reverse import differentiate
from micrograd.engine.jit.passes.subexpressions import share_subexpressions
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.symbols import Builder, Symbol
from micrograd.engine.jit.tracing.trace import Trace
from micrograd.engine.jit.views import gathered, strided
from micrograd.engine.value import Value


class Place(NamedTuple):
    """Where a returned leaf is found: in which output, at which position; None for all of it, as an array."""

    output: int
    position: int | None


class Compilation:
    """A function, traced and lifted.

    Args:
        run: From the trace to what the function returns.
        may_refuse: Whether to raise `Irregular` if lifting gains nothing.
        captures: What the function knows from elsewhere.

    Attributes:
        trace: The run that was written down: parameters and arguments.
        order: The numbers of the scalar parameters as they stand in the flat array `P`.
        rebuild: Makes the returned tree from its leaves.
        places: For each returned leaf where it is found; a constant as itself.
        forward: The program that computes the outputs.
        stats: How many entries or instructions there were after each pass, and seconds spent.
        stages: The program after each pass.
    """

    def __init__(self, run: Callable[[Trace], Any], may_refuse: bool = False, captures: Captures | None = None) -> None:
        self._may_refuse = may_refuse
        start = time.perf_counter()
        self.trace = Trace(captures)
        leaves, self.rebuild = flatten(run(self.trace))
        self.stats: dict[str, float] = {"trace": len(self.trace.tape) + len(self.trace.builder.instructions)}
        self.stages: list[Stage] = []
        traced = time.perf_counter()
        self._lift(leaves)
        self.stats["trace seconds"] = traced - start
        self.stats["lift seconds"] = time.perf_counter() - traced
        self._joint: Program | None = None

    def _lift(self, leaves: list[Any]) -> None:
        trace = self.trace
        scalars = [k for k, leaf in enumerate(leaves) if isinstance(leaf, Value)]
        roots = [*(trace.entry_of(leaves[k]) for k in scalars), *trace.entry_inputs]
        known = len(trace.builder.instructions)
        first = [number for _, numbers in trace.row_inputs for number in numbers]
        values = [value._data for value in trace.values]
        may_refuse = self._may_refuse and not known
        lifted = lift_or_remember(Scalars(trace.tape, roots, trace.builder, values, trace.arguments, first, may_refuse))
        trace.forget()
        self.stats |= lifted.counts
        self.order = lifted.order
        self._origins = {id(i): title for i, (title, _) in zip(lifted.instructions, lifted.origins, strict=True)}
        self._parameters = lifted.parameters
        self._read_in_place(lifted.roots[len(scalars) :], known)
        self._outputs: list[Any] = []
        self.places: list[Any] = list(leaves)
        for k, (base, position) in zip(scalars, lifted.roots, strict=False):
            # After them come the entries that array code reads.
            self.places[k] = Place(self._number(base), position)
        for k, leaf in enumerate(leaves):
            if isinstance(leaf, Value):
                continue
            array = trace.builder._operand(_RETURN, leaf) if isinstance(leaf, Node) else leaf
            if isinstance(array, Symbol):
                self.places[k] = Place(self._number(array), None)
        self.forward = self._tidied("lifting", [*self._outputs, *(effect.becomes for effect in trace.effects)])

    def _read_in_place(self, roots: list[tuple[Any, int]], known: int) -> None:
        """Turn the inputs that stood for scalars in array code into reads of the arrays that hold them.

        Args:
            roots: Where each entry is found that array code reads.
            known: How many instructions array code has; those of the tape, which it reads, go before them.
        """
        trace, builder, places = self.trace, self.trace.builder, np.argsort(self.order)
        reads: list[tuple[Symbol, Any, np.ndarray, tuple[int, ...]]]
        reads = [(symbol, self._parameters, places[[number]], ()) for number, symbol in trace.value_inputs.items()]
        reads += [(symbol, self._parameters, places[numbers], (len(numbers),)) for symbol, numbers in trace.row_inputs]
        for symbol, (base, position) in zip(trace.entry_inputs.values(), roots, strict=True):
            reads.append((symbol, base, np.array([position]), ()))
        for symbol, base, at, shape in reads:
            _become_read(symbol.instruction, base, at, shape)
        of_arrays, of_scalars = builder.instructions[:known], builder.instructions[known:]
        builder.instructions[:] = [*of_scalars, *(symbol.instruction for symbol, *_ in reads), *of_arrays]
        builder.inputs = [symbol for symbol in builder.inputs if symbol.instruction.op is None]

    def _number(self, output: Any) -> int:
        for number, known in enumerate(self._outputs):
            if known is output:
                return number
        self._outputs.append(output)
        return len(self._outputs) - 1

    @property
    def inputs(self) -> list[Symbol]:
        """What the program is given: the parameters, the arguments, then what is drawn and what modules keep."""
        return [*self.parameters, *self.trace.arguments, *(hosted.symbol for hosted in self.trace.hosted)]

    @property
    def parameters(self) -> list[Symbol]:
        """P, in which all scalar ones stand, and the array parameters."""
        return [self._parameters, *self.trace.tensor_inputs]

    @property
    def returned(self) -> int:
        """How many of the outputs the function returns; after them come those that modules keep."""
        return len(self._outputs)

    @property
    def is_scalar(self) -> bool:
        """Whether the function returns a single number, so that its gradient needs no seed."""
        return len(self._outputs) == 1 and getattr(self._outputs[0], "size", 0) == 1

    @property
    def joint(self) -> Program:
        """The program that computes the outputs and the gradients of all inputs, None where there is none.

        Unless the function returns a single number, the gradients that enter at the outputs are its last inputs.
        """
        if self._joint is None:
            builder = self.trace.builder
            seeds: list[Any] = [1.0] if self.is_scalar else []
            entering = []
            if not self.is_scalar:
                examples = [np.asarray(getattr(o, "example", o)) for o in self._outputs]
                entering = [
                    builder.input(np.ones(x.shape, x.dtype if x.dtype.kind == "f" else float), f"g{k}")
                    for k, x in enumerate(examples)
                ]
                seeds = list(entering)
            start = time.perf_counter()
            trace = self.trace
            tensors = [s for s, t in zip(trace.tensor_inputs, trace.tensors, strict=True) if t.requires_grad]
            wanted = [self._parameters, *tensors, *trace.wanted]
            found = differentiate(builder, builder.symbols, self._outputs, seeds, wanted)
            self.gradients = {id(s): k for k, s in enumerate(wanted)}
            self._joint = self._tidied("reverse", [*self._outputs, *found], entering)
            self.stats["reverse seconds"] = time.perf_counter() - start
        return self._joint

    def updated(self, update: Callable[[Builder, list[Symbol], list[Any]], list[tuple[Symbol, Any]]]) -> Program:
        """The program of a whole training step: outputs, then new numbers that are written into its inputs.

        Args:
            update: From the builder, the parameters and their gradients to pairs of an input and what it becomes; the
                inputs that it adds, the optimiser's own, come after the others.
        """
        if not self.is_loss_first:
            raise GraphError("a training step needs a loss of one number; reduce it, for example with .mean()")
        builder = self.trace.builder
        parameters = self.parameters
        seeds = [1.0, *(None for _ in self._outputs[1:])]
        found = differentiate(builder, builder.symbols, self._outputs[:1], seeds[:1], parameters)
        known = len(builder.inputs)
        changes = update(builder, parameters, found)
        entering = builder.inputs[known:]
        kept = [*self._outputs, *(effect.becomes for effect in self.trace.effects)]
        returned = [*kept, *(new for _, new in changes)]
        updates = [(symbol.instruction, len(kept) + k) for k, (symbol, _) in enumerate(changes)]
        return self._tidied("update", returned, entering, updates)

    @property
    def is_loss_first(self) -> bool:
        """Whether the first thing returned is a single number."""
        return bool(self._outputs) and getattr(self._outputs[0], "size", 0) == 1

    def _tidied(
        self,
        name: str,
        outputs: list[Any],
        entering: Sequence[Symbol] = (),
        updates: Sequence[tuple[Instruction, int]] = (),
    ) -> Program:
        inputs = [symbol.instruction for symbol in [*self.inputs, *entering]]
        returned = [o.instruction if isinstance(o, Symbol) else o for o in outputs]
        program = Program(inputs, self.trace.builder.instructions, returned, updates).check()
        self._note(name, program)
        same: dict[int, Instruction] = {}
        program = share_subexpressions(program, same).check()
        self._note(f"{name}, shared", program, same)
        program = drop_dead_instructions(program).check()
        self._note(f"{name}, dead", program)
        return program

    def _note(self, name: str, program: Program, merged: dict[int, Instruction] | None = None) -> None:
        self.stages.append(stage_of(name, program, merged, self._origins))
        self.stats[name] = len(program)

    @property
    def passes(self) -> dict[str, str]:
        """The program after each pass, as text."""
        return {stage.name: stage.text for stage in self.stages}


def _become_read(read: Instruction, base: Any, at: np.ndarray, shape: tuple[int, ...]) -> None:
    """Make an instruction of an input: the elements of an array at these positions."""
    read.operands = (base.instruction if isinstance(base, Symbol) else np.asarray(base, dtype=float),)
    if not len(at) or (at == at[0] + np.arange(len(at))).all():
        offset = int(at[0]) if len(at) else 0
        read.op, read.params = strided, {"offset": offset, "shape": shape, "strides": (1,) * len(shape)}
    else:
        read.op, read.params = gathered, {"positions": at.astype(int)}


class _Return:
    """Stands for the primitive where a parameter itself is returned."""

    name = "return"
    elementwise = True


_RETURN = _Return()
