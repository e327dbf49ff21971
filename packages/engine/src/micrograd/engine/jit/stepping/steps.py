"""A training step as one program: loss, gradients and the optimiser's update, on parameters that stay in place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.jit.backends.choice import build
from micrograd.engine.jit.backends.places import VIEWS
from micrograd.engine.jit.calls.compiled import arguments, traced
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.compiling.compilation import Compilation, Place
from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.stepping.homes import homes_in_turn, put_together, read_from_one
from micrograd.engine.jit.stepping.store import FlatParameters
from micrograd.engine.jit.symbols import Symbol
from micrograd.engine.observing.copies import right_copies
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.identity import identity
from micrograd.engine.value import Value

Rule = Callable[..., tuple[Any, tuple[Any, ...]]]
Clip = Callable[[list[Any]], list[Any]]

_ndarray = np.ndarray


class Group(NamedTuple):
    """Parameters that are moved by one rule.

    Attributes:
        parameters: These.
        rule: `(p, g, states, numbers) -> (new p, new states)`, in plain operators, for arrays.
        states: How many arrays of each parameter's size the optimiser keeps.
        numbers: The names of the numbers that may change from step to step, such as the learning rate, and of each what
            it is called among those of all groups.
    """

    parameters: Sequence[Any]
    rule: Rule
    states: int
    numbers: dict[str, str]


class CompiledStep:
    """The step for one structure of arguments.

    Attributes:
        program: Loss, gradients and update.

    Args:
        f: The loss, or a function that returns a pair of it and other results.
        args: Arguments of this structure.
        groups: What is trained, and how; other parameters stay as they are.
        backend: As of `jit`.
        captures: What the function knows from elsewhere.
        clip: From the gradients of all that is trained to those that the rule is given.
        in_parts: Whether a step may come in several calls, whose gradients are added up, each by its share; it then
            takes two more numbers, "share", and "last", which is 1 at the last of them.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        args: Any,
        groups: Sequence[Group],
        backend: str,
        captures: Captures | None = None,
        clip: Clip | None = None,
        in_parts: bool = False,
    ) -> None:
        known = [p for group in groups for p in group.parameters]
        self.compilation = Compilation(lambda trace: traced(trace, f, args, {}, (), known=known), captures=captures)
        self._lock = threading.Lock()
        self._groups = groups
        self._group_of = {id(p): number for number, group in enumerate(groups) for p in group.parameters}
        self._settings = [name for group in groups for name in group.numbers.values()]
        self._settings += ["share", "last"] if in_parts else []
        self._clip, self._in_parts = clip, in_parts
        trace = self.compilation.trace
        self.store = FlatParameters([trace.values[number] for number in self.compilation.order])
        self.tensors = trace.tensors
        self._summed: list[int] = []
        self._state_names: list[tuple[int, int]] = []
        self._moving: set[int] = set()
        self._home_of = dict(
            zip(map(id, self.store.values), homes_in_turn(0, [()] * len(self.store.values)), strict=True)
        )
        for k, tensor in enumerate(self.tensors, start=1):
            self._home_of.update({id(tensor): home for home in homes_in_turn(k, [tensor.shape])})
        self._joined: list[int] = []
        self.program = program = self.compilation.updated(self._update)
        self.backend = build(program, [trace.builder.symbols[id(i)].example for i in program.inputs], backend)
        self._name_inputs()
        first = self.compilation.places[0]
        self._loss, self._place = self.backend.outputs[first.output].reshape(-1), first.position or 0
        self._has_more = len(self.compilation.places) > 1
        self._moved = [*self._arrays.values(), *self._state_arrays.values()]
        self._homes = [
            home.part(self._arrays[home.key]) for home in (self._home_of[id(tensor)] for tensor in self.tensors)
        ]
        self._takes_arrays = all(isinstance(arg, np.ndarray) for arg in args)
        self._state_parts: dict[int, list[np.ndarray]] = {}
        self._before: list[np.ndarray] = []
        self._kept_before: list[np.ndarray] = []
        self.store.array = self._flat
        self._bind()

    def _name_inputs(self) -> None:
        """Tell apart the arrays that the program reads and writes, which stand in the order in which it took them."""
        trace = self.compilation.trace
        self._flat, *self._apart = self.backend.inputs[: len(self.compilation.parameters)]
        rest = iter(self.backend.inputs[len(self.compilation.parameters) :])
        self._scalars, *self._buffers = [next(rest) for _ in trace.arguments]
        self._expected = [(buffer.shape, buffer.dtype) for buffer in self._buffers]
        self._hosted = [(hosted.read, next(rest)) for hosted in trace.hosted]
        self._effects = [
            (effect.buffer, self.backend.outputs[k])
            for k, effect in enumerate(trace.effects, start=self.compilation.returned)
        ]
        self._numbers = [(name, next(rest)) for name in self._settings]
        self._arrays = self._parameter_arrays(rest)
        self._sums = {k: next(rest) for k in self._summed}
        self._state_arrays = dict(zip(self._state_names, rest, strict=True))

    def _update(self, builder: Any, parameters: list[Any], gradients: list[Any]) -> list[tuple[Any, Any]]:
        """What every parameter and every state becomes."""
        numbers = {name: builder.input(np.zeros(()), name) for name in self._settings}
        # A Tensor that no gradient reaches stays, as without jit.
        moved = [k for k, g in enumerate(gradients) if self._trained(k).any() and (k == 0 or g is not None)]
        self._moving.update(moved)
        given = {k: (parameters[k], self._only_trained(k, parameters[k], gradients[k])) for k in moved}
        given = self._together(builder, given)
        moved, known = list(given), [g for _, g in given.values()]
        changes: list[tuple[Any, Any]] = []
        if self._in_parts:
            sums = [builder.input(_zeros_like(given[k][0]), f"sum{k}") for k in moved]
            known = [total + g * _in_dtype_of(total, numbers["share"]) for total, g in zip(sums, known, strict=True)]
            changes, self._summed = list(zip(sums, known, strict=True)), moved
        for k, g in zip(moved, known if self._clip is None else self._clip(known), strict=True):
            count = max(self._groups[number].states for number in self._groups_of(k))
            states = tuple(builder.input(_zeros_like(given[k][0]), f"s{k}_{number}") for number in range(count))
            changes += self._move(k, given[k][0], g, states, numbers)
            self._state_names += [(k, number) for number in range(count)]
        # What is returned is of before the update, a part of a parameter too.
        outputs = self.compilation._outputs
        outputs[:] = [identity(output) if _is_part_of_input(output) else output for output in outputs]
        return changes

    def _together(self, builder: Any, given: dict[int, tuple[Any, Any]]) -> dict[int, tuple[Any, Any]]:
        """Parameters and gradients with the Tensors of one group and dtype end to end, by the number of the first."""
        out = {k: pair for k, pair in given.items() if k == 0}
        kinds: dict[Any, list[int]] = {}
        for k in sorted(given.keys() - {0}):
            (number,) = self._groups_of(k)
            is_alone = not getattr(self._groups[number].rule, "is_elementwise", False)
            kinds.setdefault((number, given[k][0].dtype, is_alone and k), []).append(k)
        for joined in kinds.values():
            if len(joined) == 1:
                out[joined[0]] = given[joined[0]]
                continue
            symbols, gradients = [given[k][0] for k in joined], [given[k][1] for k in joined]
            homes = homes_in_turn(joined[0], [p.shape for p in symbols])
            whole = read_from_one(builder, f"T{len(self._joined) or ''}", symbols, homes)
            self._home_of.update({id(self.tensors[k - 1]): home for k, home in zip(joined, homes, strict=True)})
            self._joined.append(joined[0])
            self.compilation.trace.tensor_inputs = [
                symbol for symbol in self.compilation.trace.tensor_inputs if symbol.instruction.op is None
            ]
            out[joined[0]] = whole, put_together(builder, gradients, homes)
        return out

    def _parameter_arrays(self, rest: Iterator[np.ndarray]) -> dict[int, np.ndarray]:
        """The arrays of the parameters by their keys; those of Tensors end to end come next among the inputs."""
        apart = iter(self._apart)
        whole = {key: next(rest) for key in self._joined}
        keys = sorted({home.key for home in self._home_of.values()} - {0})
        return {0: self._flat, **{key: whole[key] if key in whole else next(apart) for key in keys}}

    def _move(self, k: int, p: Any, g: Any, states: tuple[Any, ...], numbers: dict[str, Any]) -> list[tuple[Any, Any]]:
        """What a parameter and its states become, if this is the last part of the step."""
        changes = [(p, p), *((state, state) for state in states)]
        for number in self._groups_of(k):
            group, trained = self._groups[number], self._trained(k, number)
            own = {name: _in_dtype_of(p, numbers[among_all]) for name, among_all in group.numbers.items()}
            new, kept = group.rule(p, g, states[: group.states], own)
            # States of what isn't trained move along, unseen; those of scalars in other groups stay.
            is_whole = [trained.all(), *(len(self._groups_of(k)) == 1 for _ in kept)]
            moved = [
                (old, after if whole else where(trained, after, before))
                for (old, before), after, whole in zip(changes[: group.states + 1], (new, *kept), is_whole, strict=True)
            ]
            changes[: len(moved)] = moved
        if not self._in_parts:
            return changes
        is_last = numbers["last"] > 0.5
        return [(old, where(is_last, after, old)) for old, after in changes]

    def _only_trained(self, k: int, p: Any, g: Any) -> Any:
        """The gradient of a parameter input, zero where nothing is trained."""
        g = _zeros_like(p) if g is None else g
        trained = self._trained(k)
        return g if trained.all() or self._clip is None else where(trained, g, 0.0)

    def _trained(self, k: int, group: int | None = None) -> np.ndarray:
        """Which numbers of a parameter input a group moves, or any: some of the scalars, all or none of a Tensor."""
        held = self.store.values if k == 0 else [t for t in [self.tensors[k - 1]] if t.requires_grad]
        found = [self._group_of.get(id(p)) for p in held] or [None]
        return np.array([number is not None and group in (None, number) for number in found], dtype=bool)

    def _groups_of(self, k: int) -> list[int]:
        """The groups that move a parameter input: several for the scalars, one for a Tensor, or Tensors end to end."""
        held = self.store.values if k == 0 else [self.tensors[k - 1]]
        return sorted({self._group_of[id(p)] for p in held if id(p) in self._group_of})

    # ---- the optimiser's states --------------------------------------------------------------------------------------

    def moves(self, parameter: Any) -> bool:
        """Whether a step moves this parameter: the optimiser has it, and a gradient reaches it."""
        return id(parameter) in self._group_of and self._home_of.get(id(parameter), (-1, 0))[0] in self._moving

    def states_of(self, parameter: Any, before: tuple[Any, ...]) -> tuple[Any, ...]:
        """The states of one parameter; `before` for one that the step doesn't know."""
        parts = self._states_at(parameter)
        if parts is None:
            return before
        return tuple(part.item() if isinstance(parameter, Value) else part.copy() for part in parts)

    def load_states(self, parameters: list[Any], kept: list[tuple[Any, ...]]) -> None:
        """Go on from these states."""
        for parameter, states in zip(parameters, kept, strict=True):
            for part, state in zip(self._states_at(parameter) or (), states, strict=False):
                part[...] = state

    def _states_at(self, parameter: Any) -> list[np.ndarray] | None:
        """The states of one parameter where they stand, None for one that the step doesn't know."""
        key = id(parameter)
        if key in self._state_parts:
            return self._state_parts[key]
        home, group = self._home_of.get(key), self._group_of.get(key)
        if home is None or group is None:
            return None
        names = [(home.key, number) for number in range(self._groups[group].states)]
        if any(name not in self._state_arrays for name in names):
            return None
        parts = [home.part(self._state_arrays[name]) for name in names]
        if home.key:  # there may be many scalars, and few Tensors
            self._state_parts[key] = parts
        return parts

    def go_on_from(self, other: CompiledStep) -> None:
        """Take over the gradients that another program has added up so far."""
        for parameter, home in self._home_of.items():
            there = other._home_of.get(parameter)
            if there is not None and home.key in self._sums and there.key in other._sums:
                home.part(self._sums[home.key])[...] = there.part(other._sums[there.key])

    # ---- a step ------------------------------------------------------------------------------------------------------

    def _bind(self) -> None:
        self.store.bind()
        for tensor, array in zip(self.tensors, self._homes):  # noqa: B905 - of one length
            if tensor._data is not array:
                array[...] = tensor._data
                # Written by the step behind the Tensor's back, so that whoever records it has to copy it.
                tensor._data, tensor._exposed = array, True

    def fits(self, args: tuple[Any, ...]) -> bool:
        """Whether these are arrays of the shapes and dtypes that the step was compiled for, told quickly."""
        if len(args) != len(self._expected) or not self._takes_arrays:
            return False
        for array, (shape, dtype) in zip(args, self._expected):  # noqa: B905 - of one length
            if array.__class__ is not _ndarray or array.shape != shape:
                return False
            if array.dtype is not dtype and array.dtype != dtype:  # to compare them takes longer than the rest
                return False
        return True

    def __call__(
        self, args: Any, settings: dict[str, float], keep: bool = False, fitting: bool = False, first: bool = True
    ) -> tuple[float, Any]:
        """Take one step; the loss before it, and the whole of what the function returned.

        Args:
            args: Arguments of the structure that this was compiled for.
            settings: The numbers that may change from step to step.
            keep: Whether `undo` is to be possible.
            fitting: Whether `fits` has said so of these arguments.
            first: Whether this is the first part of the step, or all of it.
        """
        scalars, given = (self._scalars, args) if fitting else arguments(args, {}, ())
        with self._lock:
            if not fitting:
                self._scalars[...] = scalars
            if self._homes or not self.store.is_home:
                self._bind()
            if keep:
                self._keep()
            if first:
                for total in self._sums.values():
                    total.fill(0.0)
            for buffer, array in zip(self._buffers, given):  # noqa: B905 - of one length
                buffer[...] = array
            for read, buffer in self._hosted:
                buffer[...] = read()
            for name, buffer in self._numbers:
                buffer[()] = settings[name]
            try:
                self.backend.run()
            finally:
                right_copies.clear()  # the numbers have moved behind the Values' backs
            for kept, output in self._effects:
                kept.write(np.array(output))
            loss = self._loss.item(self._place)
            return loss, self._result() if self._has_more else None

    def _keep(self) -> None:
        if not self._before:
            self._before = [np.empty_like(array) for array in self._moved]
        for kept, array in zip(self._before, self._moved, strict=True):
            np.copyto(kept, array)
        self._kept_before = [kept.read() for kept, _ in self._effects]

    def undo(self) -> None:
        """Have parameters, optimiser's states and modules' arrays as before the last step, which kept them."""
        try:
            for before, array in zip(self._before, self._moved, strict=True):
                np.copyto(array, before)
        finally:
            right_copies.clear()
        for (kept, _), array in zip(self._effects, self._kept_before, strict=True):
            kept.write(array)

    def _result(self) -> Any:
        outputs = self.backend.outputs
        return self.compilation.rebuild(
            iter(
                [_result(outputs[p.output], p.position) if isinstance(p, Place) else p for p in self.compilation.places]
            )
        )


def _is_part_of_input(output: Any) -> bool:
    """Whether this is an input of the program, or a view of one."""
    read = output.instruction if isinstance(output, Symbol) else None
    while isinstance(read, Instruction) and read.op is not None and read.op.name in VIEWS:
        read = read.operands[0]
    return isinstance(read, Instruction) and read.op is None


def _result(output: Any, position: int | None) -> Any:
    return np.array(output) if position is None else Value(float(np.reshape(output, -1)[position]))


def _zeros_like(p: Any) -> np.ndarray:
    return np.zeros(p.shape, p.dtype)


def _in_dtype_of(p: Any, number: Any) -> Any:
    """A number as it meets a parameter in eager code, where Python's floats take the precision of the array."""
    return number if number.dtype == p.dtype else astype(number, dtype=p.dtype)
