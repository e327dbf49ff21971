"""A training step as one program: loss, gradients and the optimiser's update, on parameters that stay in place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.choice import build
from micrograd.engine.jit.compilation import Compilation, Place
from micrograd.engine.jit.compiled import arguments, traced
from micrograd.engine.jit.store import FlatParameters
from micrograd.engine.value import Value

Rule = Callable[..., tuple[Any, tuple[Any, ...]]]


class CompiledStep:
    """The step for one structure of arguments.

    Args:
        f: The loss, or a function that returns a pair of it and other results.
        args: Arguments of this structure.
        parameters: What is trained; other parameters stay as they are.
        rule: `(p, g, states, settings) -> (new p, new states)`, in plain operators, for arrays.
        states: How many arrays of each parameter's size the optimiser keeps.
        settings: The names of the numbers that may change from step to step, such as the learning rate.
        backend: As of `jit`.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        args: Any,
        parameters: list[Any],
        rule: Rule,
        states: int,
        settings: tuple[str, ...],
        backend: str,
    ) -> None:
        self.compilation = Compilation(lambda trace: traced(trace, f, args, {}, (), known=parameters))
        self._lock = threading.Lock()
        self._mine = {id(p) for p in parameters}
        self._rule, self._states, self._settings = rule, states, settings
        trace = self.compilation.trace
        self.store = FlatParameters([trace.values[number] for number in self.compilation.order])
        self.tensors = trace.tensors
        program = self.compilation.updated(self._update)
        self._arguments = len(self.compilation.inputs) - len(trace.arguments)
        self.backend = build(program, [trace.builder.symbols[id(i)].example for i in program.inputs], backend)
        self._arrays = self.backend.inputs
        self._scalars, *self._buffers = self._arrays[self._arguments : self._arguments + len(trace.arguments)]
        after = self._arguments + len(trace.arguments)
        self._numbers = list(zip(self._settings, self._arrays[after:], strict=False))
        first = self.compilation.places[0]
        self._loss, self._place = self.backend.outputs[first.output].reshape(-1), first.position or 0
        self._has_more = len(self.compilation.places) > 1
        self.store.array = self._arrays[0]
        self._bind()

    def _update(self, builder: Any, parameters: list[Any], gradients: list[Any]) -> list[tuple[Any, Any]]:
        settings = {name: builder.input(np.zeros(()), name) for name in self._settings}
        self.state_arrays: list[list[int]] = []
        changes = []
        for number, (p, g) in enumerate(zip(parameters, gradients, strict=True)):
            if number == 0:
                mask = np.array([id(v) in self._mine for v in self.store.values], dtype=float)
                if not mask.any():
                    continue
            elif id(self.tensors[number - 1]) not in self._mine:
                continue
            states = tuple(builder.input(np.zeros(p.shape), f"s{number}_{k}") for k in range(self._states))
            new, kept = self._rule(p, np.zeros(p.shape) if g is None else g, states, settings)
            if number == 0 and not mask.all():
                from micrograd.engine.ops.choices import where

                new = where(mask > 0.0, new, p)
            changes += [(p, new), *zip(states, kept, strict=True)]
        return changes

    def _bind(self) -> None:
        self.store.bind()
        for k, tensor in enumerate(self.tensors):
            array = self._arrays[1 + k]
            if tensor._data is not array:
                array[...] = tensor._data
                # Written by the step behind the Tensor's back, so that whoever records it has to copy it.
                tensor._data, tensor._exposed, tensor._shared = array, True, False

    def __call__(self, args: Any, settings: dict[str, float]) -> tuple[float, Any]:
        """Take one step; the loss before it, and the whole of what the function returned."""
        if all(type(arg) is np.ndarray for arg in args):
            given = args
        else:
            scalars, arrays = arguments(args, {}, ())
            self._scalars[...] = scalars
            given = arrays
        with self._lock, np.errstate(all="ignore"):
            self._bind()
            for buffer, array in zip(self._buffers, given, strict=True):
                buffer[...] = array
            for name, buffer in self._numbers:
                buffer[...] = settings[name]
            self.backend.run()
            loss = self._loss.item(self._place)
            return loss, self._result() if self._has_more else None

    def _result(self) -> Any:
        outputs = self.backend.outputs
        return self.compilation.rebuild(
            iter(
                [_result(outputs[p.output], p.position) if isinstance(p, Place) else p for p in self.compilation.places]
            )
        )


def _result(output: Any, position: int | None) -> Any:
    return np.array(output) if position is None else Value(float(np.reshape(output, -1)[position]))
