"""`jit_train_step`: loss, gradients and update in one compiled call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.calls import misuse, naming_arguments
from micrograd.engine.errors import MicrogradTypeError, MissingExtraError
from micrograd.engine.observing.listeners import listeners, tell
from micrograd.engine.observing.recording import rehearse, watchers
from micrograd.nn.optim.clipping import clip
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import Snapshot
from micrograd.nn.validation import whole_number


@naming_arguments
def jit_train_step(
    loss: Callable[..., Any],
    optimizer: Optimizer,
    *,
    backend: str = "auto",
    clip_norm: float | None = None,
    clip_value: float | None = None,
    accumulate: int = 1,
) -> TrainStep:
    """Compile a whole training step: the loss, its gradients, and the optimiser's update of the parameters.

    Args:
        loss: From the step's arguments to a Value or Tensor of one number, or a tuple that begins with one. Plain, or
            compiled by `jit` already.
        optimizer: Any of this package, with groups or without; what it learns may be read and written at any time
            between steps, and so may its learning rates. It doesn't see `.grad`: the gradients stay inside.
        backend: As of `jit`.
        clip_norm: The largest norm of all gradients together: see `clip_grad_norm`.
        clip_value: The largest entry of any gradient, after that: see `clip_grad_value`.
        accumulate: How many calls make a step: their gradients are averaged, and the last of them moves the parameters.

    Returns:
        A function of the same arguments that takes a step and returns the loss before it, a float.

    Raises:
        MicrogradTypeError: If the loss can't be called, or the optimiser has no rule that can be compiled; by the step,
            if its arguments aren't those of the loss.
        MissingExtraError: If NumPy isn't installed.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> w = Value(3.0)
        >>> step = jit_train_step(lambda x: (w * x - 1.0) ** 2, SGD([w], lr=0.1), backend="numpy")
        >>> step(1.0), w.data
        (4.0, 2.6)
    """
    parts = whole_number(accumulate, "accumulate", "jit_train_step(loss, optimizer, accumulate=4)")
    return TrainStep(getattr(loss, "__wrapped__", loss), optimizer, backend, False, clip(clip_norm, clip_value), parts)


class Part(NamedTuple):
    """Which part of a step a call is.

    Attributes:
        share: Of the samples.
        is_first: Whether it is the first part.
        is_last: Whether it is the last, after which the parameters are moved.
    """

    share: float
    is_first: bool
    is_last: bool


WHOLE = Part(1.0, True, True)


class TrainStep:
    """A training step with its programs, one for each structure of arguments.

    Attributes:
        program: The program of the last step.
        source: The text that runs it.

    Args:
        loss: As of `jit_train_step`.
        optimizer: Likewise.
        backend: Likewise.
        keep: Whether to keep what a step moves, so that `undo()` can put it back.
        clip: From the gradients to those that the optimiser is given.
        parts: In how many parts a step comes at most.
    """

    def __init__(
        self,
        loss: Callable[..., Any],
        optimizer: Optimizer,
        backend: str,
        keep: bool = False,
        clip: Callable[[list[Any]], list[Any]] | None = None,
        parts: int = 1,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise MicrogradTypeError(
                f"jit_train_step() compiles the rule of an optimiser of micrograd.nn, but was given a "
                f"{type(optimizer).__name__}. Write jit_train_step(loss, SGD(model.parameters(), lr=0.1))."
            )
        require_function("jit_train_step", loss, "jit_train_step(lambda X, y: mse_loss(model(X), y), optimizer)")
        self._loss = loss
        self._optimizer = optimizer
        self._backend = backend
        self._keeps = keep
        self._clip, self._parts = clip, parts
        self._in_parts, self._calls = parts > 1, 0
        self._learned: Any = None
        self._groups: list[Optimizer] = []
        self._versions: Any = None
        self._compiled: dict[Any, Any] = {}
        self._last: Any = None

    def __call__(self, *args: Any, **named: Any) -> float:
        """Take a step, or the next part of one; the loss before it."""
        if named:
            args = _in_order(self._loss, args, named)
        if not self._in_parts:
            return self._take(args)[0]
        k = self._calls % self._parts
        loss = self._take(args, Part(1.0 / self._parts, k == 0, k == self._parts - 1))[0]
        self._calls += 1
        return loss

    def with_results(self, *args: Any, part: Part = WHOLE) -> tuple[float, Any]:
        """Take a step, or a part of one; the loss before it, and what else the function returned."""
        loss, returned = self._take(args, part)
        return loss, returned[1] if isinstance(returned, tuple) and len(returned) == 2 else returned

    def undo(self) -> None:
        """Take back the last step, or part of one: parameters, states and count are those before it."""
        self._known().undo()
        self._count(-self._counted)

    def _take(self, args: tuple[Any, ...], part: Part = WHOLE) -> tuple[float, Any]:
        optimizer = self._optimizer
        if optimizer.parameters is not self._learned:  # at first, and when a group has joined
            self._learned, self._groups = optimizer.parameters, optimizer.param_groups
            self._versions, self._compiled, self._last = None, {}, None
        before, known = self._last, self._fitting(args)
        step = self._last = known or self._for(args)
        if watchers:
            with self._versions.unmoved():
                rehearse(self._loss, args, {})
        numbers = self._numbers(step)
        if self._in_parts:
            numbers = {**numbers, "share": part.share, "last": float(part.is_last)}
            if step is not before and not part.is_first:
                step.go_on_from(before)
        self._counted = part.is_last
        if listeners and part.is_last:
            return self._told(step, args, numbers, part)
        result: tuple[float, Any] = step(args, numbers, self._keeps, known is not None, part.is_first)
        self._count(self._counted)
        return result

    def _count(self, steps: int) -> None:
        """Have each group know of so many more steps: they may have taken different numbers of them."""
        for group in self._groups:
            group.steps += steps

    def _numbers(self, step: Any) -> dict[str, float]:
        """The numbers that the rules read at this step, which has the states from now on."""
        first = self._groups[0]
        numbers = first.numbers(first.steps + 1 - first.hand_over(step))
        if len(self._groups) > 1:
            for k, group in enumerate(self._groups[1:], start=1):
                own = group.numbers(group.steps + 1 - group.hand_over(step))
                numbers.update({_among_all(name, k): number for name, number in own.items()})
        return numbers

    def _told(self, step: Any, args: tuple[Any, ...], numbers: dict[str, float], part: Part) -> tuple[float, Any]:
        """The same, told to those who listen."""
        groups = self._optimizer.param_groups
        tell("starting")
        before = [_copied(group.snapshot()) for group in groups]
        result: tuple[float, Any] = step(args, numbers, self._keeps, first=part.is_first)
        self._count(1)
        after = [group.snapshot() for group in groups]
        tell("stepped", list(zip(groups, before, after, strict=True)), result[0])
        return result

    def _fitting(self, args: tuple[Any, ...]) -> Any:
        """A step for these arguments, if there is one that can be told quickly."""
        if self._versions is None or not self._versions.is_untouched():
            return None
        if self._last is not None and self._last.fits(args):
            return self._last
        now = self._versions.number()
        return next((step for (number, _), step in self._compiled.items() if number == now and step.fits(args)), None)

    def _for(self, args: tuple[Any, ...]) -> Any:
        try:
            from micrograd.engine.jit.calls.compiled import structure_of
            from micrograd.engine.jit.captures.versions import Versions
            from micrograd.engine.jit.stepping.steps import CompiledStep, Group
        except ModuleNotFoundError as error:
            if error.name != "numpy":
                raise
            raise MissingExtraError('a compiled step needs NumPy: pip install "micrograd-engine[tensor]"') from None
        groups = self._optimizer.param_groups
        if self._versions is None:
            self._versions = Versions(self._loss, [(group.rule, tuple(group._settings())) for group in groups])
        key = (self._versions.number(), structure_of(args, {}, ()))
        if key not in self._compiled:
            _in_order(self._loss, args, {})
            step = CompiledStep(
                self._loss,
                args,
                [
                    Group(
                        g.parameters, g.rule, g.states, {name: _among_all(name, k) for name in g.numbers(g.steps + 1)}
                    )
                    for k, g in enumerate(groups)
                ],
                self._backend,
                self._versions.now,
                self._clip,
                self._in_parts,
            )
            self._versions.traced()
            self._compiled = {**self._versions.kept(self._compiled), key: step}
        return self._compiled[key]

    @property
    def program(self) -> Any:
        """The program of the last step."""
        return self._known().program

    @property
    def source(self) -> str:
        """The text that runs the program of the last step."""
        source: str = self._known().backend.source
        return source

    @property
    def stages(self) -> list[Any]:
        """The program after each pass, for `micrograd.engine.viz.show_passes`."""
        return list(self._known().compilation.stages)

    @property
    def stats(self) -> dict[str, float]:
        """How many operations or instructions each pass left, and the seconds spent."""
        return dict(self._known().compilation.stats)

    def _known(self) -> Any:
        if self._last is None:
            raise MicrogradTypeError("this step has no program yet: take one step, and it is traced and compiled")
        return self._last


def _in_order(loss: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments of a step by their positions in the loss.

    Raises:
        MicrogradTypeError: If they don't fit it.
    """
    try:
        signature = inspect.signature(loss)
    except ValueError:  # of a function in C that has none
        return args
    try:
        given = signature.bind(*args, **named)
    except TypeError as error:
        raise misuse("step", signature, f"takes the arguments of the loss: {error}") from None
    if given.kwargs:
        raise misuse("step", signature, f"takes its arguments by position, but not {', '.join(given.kwargs)}")
    return given.args


def _among_all(name: str, group: int) -> str:
    """What a number of one group is called among those of all."""
    return f"{name}_{group}" if group else name


def _copied(snapshot: Snapshot) -> Snapshot:
    """A snapshot that the program can't write into any more."""
    data, kept, steps, sat_out = snapshot
    arrays = [array.copy() if hasattr(array, "copy") else array for array in data]
    return arrays, [tuple(s.copy() if hasattr(s, "copy") else s for s in states) for states in kept], steps, sat_out
