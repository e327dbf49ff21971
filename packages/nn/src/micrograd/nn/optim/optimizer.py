"""`Optimizer`: what all optimisers have in common. It holds the parameters, keeps their states and takes the steps."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.optim.groups import are_groups, joined_groups, made_groups
from micrograd.nn.optim.refusals import (
    check_one_count,
    check_optimizer_state,
    check_settings,
    checked_parameters,
    fitting_gradients,
)
from micrograd.nn.optim.settings import Settings
from micrograd.nn.optim.stepping import Snapshot, States, step_together
from micrograd.nn.pytorch_names import refuse_settings
from micrograd.nn.walking import forget_gradients, is_tensor


class Optimizer(Settings):
    """The base of all optimisers; a subclass gives the rule.

    Args:
        parameters: What to learn, Values or Tensors: `model.parameters()`; or groups of them, each with what it has of
            its own, `[{"params": head.parameters(), "lr": 0.1}, {"params": body.parameters()}]`.
        lr: The learning rate. It may be written later, `optimizer.lr = 0.01`; that is all a schedule does.

    Raises:
        MicrogradTypeError: If a parameter is neither a Value nor a Tensor, or the rate isn't a number.
        MicrogradValueError: If there are no parameters or one occurs twice, or the rate is negative, nan or infinite.

    Attributes:
        states: How many numbers the rule keeps for each number that it learns.
        state_names: What they are called where a step is shown.

    Example:
        >>> from micrograd.engine import Value
        >>> class SignSGD(Optimizer):
        ...     def rule(self, p, g, states, numbers):
        ...         return p - numbers["lr"] * (g / abs(g)), ()
        >>> x = Value(3.0)
        >>> optimizer = SignSGD([x], lr=0.5)
        >>> (x * x).backward()
        >>> optimizer.step()
        >>> x.data
        2.5
    """

    states = 0
    state_names: tuple[str, ...] = ()

    def __new__(cls, parameters: Any = None, *settings: Any, **named: Any) -> Any:
        """An optimiser, or, of groups, one that is made of one for each."""
        refuse_settings(cls, named)
        if not are_groups(parameters):
            return super().__new__(cls)
        signature = inspect.signature(cls.__init__)
        given = dict(signature.bind_partial(None, None, *settings, **named).arguments)
        for name in list(signature.parameters)[:2]:
            given.pop(name)
        return GroupedOptimizer(made_groups(cls, parameters, given), given)

    def __init__(self, parameters: Iterable[Any], lr: float) -> None:
        self.parameters = checked_parameters(parameters, type(self).__name__)
        super().__init__(lr)
        self.steps = 0
        self._kept: Sequence[States] | None = None
        self._sat_out = [0] * len(self.parameters)
        self._holder: Any = None
        self._held_since = self._lag = 0
        self._joint: Any = None
        self._makes_arrays = getattr(self.rule, "is_elementwise", False) and all(map(is_tensor, self.parameters))
        if self._makes_arrays:
            from micrograd.nn.optim.joint import joint_of

            self._joint = joint_of(self.parameters)

    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """What a parameter becomes, in plain operators.

        Args:
            p: The parameter: a number, an array, or what stands in for one.
            g: Its gradient.
            states: What was kept from the last step, zeros at first.
            numbers: Those of this step, from `numbers()`.

        Returns:
            The new parameter and the new states.
        """
        raise NotImplementedError

    def numbers(self, step: int) -> dict[str, float]:
        """The numbers that the rule reads at a step, counted from 1: the learning rate, and what follows the count."""
        return {"lr": self.lr}

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradient of every parameter; with set_to_none=False a Tensor's is zeros, and moves it as such."""
        forget_gradients(self.parameters, set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter; a step that fails, by Ctrl-C too, changes nothing. A Tensor without gradient stays.

        Args:
            closure: Called first, to compute the gradients anew; what it returns, the loss, is returned.

        Raises:
            MicrogradTypeError: If the closure can't be called.
        """
        if closure is not None and not callable(closure):
            raise MicrogradTypeError(
                f"step() takes nothing, or a function that computes the gradients, but was given {kind_of(closure)}. "
                "Write loss.backward(), and then optimizer.step()."
            )
        loss = None if closure is None else closure()
        step_together(self.param_groups)
        return loss

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Learn more parameters from now on, such as those of layers that are no longer frozen.

        Args:
            group: A dict with "params", and whatever settings differ. This optimiser is then one of groups.

        Raises:
            MicrogradTypeError: If it is no such dict.
            MicrogradValueError: If a parameter is learned already; nothing is changed then.

        Example:
            >>> from micrograd.engine import Value
            >>> from micrograd.nn import SGD
            >>> optimizer = SGD([Value(1.0)], lr=0.1)
            >>> optimizer.add_param_group({"params": [Value(2.0)], "lr": 0.01})
            >>> [group["lr"] for group in optimizer.param_groups]
            [0.1, 0.01]
        """
        defaults = {"lr": self.lr, **self._settings()}
        first = copy.copy(self)
        groups = joined_groups([first], [group], defaults)
        vars(self).clear()
        grouped: Any = self
        grouped.__class__ = GroupedOptimizer
        grouped.__init__(groups, defaults)

    def after_step(self, data: list[Any], kept: Sequence[States], steps: int, sat_out: list[int]) -> Snapshot:
        """What the parameters, their states and the counts are to be after a step, from what they are before it."""
        # A parameter counts its own steps: one that joins late has no means yet, and is corrected as at first.
        if self._joint is not None:
            gradients = self._joint.gradients(self.parameters, sat_out)
            if gradients is not None:
                numbers = self.numbers(steps + 1 - sat_out[0])
                moved = self._joint.moved(self.rule, data, gradients, kept, numbers)
                return moved.data, moved, steps + 1, sat_out
        gradients = fitting_gradients(self.parameters)
        numbers_at = functools.cache(self.numbers)
        alone = [
            (p, states, missed + 1) if g is None else (*self.rule(p, g, states, numbers_at(steps + 1 - missed)), missed)
            for p, g, states, missed in zip(data, gradients, kept, sat_out, strict=True)
        ]
        data, kept, sat_out = map(list, zip(*alone, strict=True))
        return data, kept, steps + 1, sat_out

    def snapshot(self) -> Snapshot:
        """What they are now."""
        return [p._data for p in self.parameters], self.kept, self.steps, self.sat_out

    def restore(self, data: Sequence[Any], kept: Sequence[States], steps: int, sat_out: list[int]) -> None:
        """Write them."""
        for parameter, content in zip(self.parameters, data, strict=True):
            parameter.data = content
        self._kept, self._holder, self.steps, self._sat_out = kept, None, steps, sat_out

    def move(self, data: Sequence[Any], kept: Sequence[States], steps: int, sat_out: list[int]) -> None:
        """Write what `after_step` gave."""
        makes_arrays = self._makes_arrays
        for parameter, content in zip(self.parameters, data, strict=True):
            old = parameter._data
            is_new = content is not old and content.__class__ is old.__class__
            if makes_arrays and is_new and content.dtype is old.dtype:
                parameter._adopt(content)  # an array that nobody else holds: it needs no copy
            else:
                parameter.data = content
        self._kept, self._holder, self.steps, self._sat_out = kept, None, steps, sat_out

    @property
    def kept(self) -> Sequence[States]:
        """The states of each parameter, zeros before the first step."""
        if self._kept is None:
            self._kept = [tuple(0.0 * p._data for _ in range(self.states)) for p in self.parameters]
        if self._holder is not None:
            self._kept = [self._holder.states_of(p, old) for p, old in zip(self.parameters, self._kept, strict=True)]
        return self._kept

    @property
    def sat_out(self) -> list[int]:
        """In how many of the steps each parameter had no gradient, and stayed as it was."""
        if self._holder is None:
            return self._sat_out
        since = self.steps - self._held_since
        moved = [self._holder.moves(p) for p in self.parameters]
        return [n if is_moved else n + since for n, is_moved in zip(self._sat_out, moved, strict=True)]

    def hand_over(self, holder: Any) -> int:
        """Leave the states to a compiled step, which knows them until somebody else asks.

        Returns:
            How many steps the parameters that it moves have sat out.

        Raises:
            MicrogradValueError: If they differ in that, and the rule reads the count.
        """
        if self._holder is not holder:
            sat_out = self.sat_out
            lags = {n for p, n in zip(self.parameters, sat_out, strict=True) if holder.moves(p)} or {0}
            check_one_count([self.numbers(self.steps + 1 - lag) for lag in sorted(lags)], type(self).__name__)
            holder.load_states(self.parameters, self.kept)
            self._holder, self._sat_out, self._held_since, self._lag = holder, sat_out, self.steps, min(lags)
        return self._lag

    def __getstate__(self) -> dict[str, Any]:
        """A copy or a pickle has the states themselves, and no compiled step that holds them."""
        state = vars(self).copy()
        if state.get("_holder") is not None:
            state.update(_kept=self.kept, _sat_out=self.sat_out, _holder=None)
        return state

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on: the number of steps, all settings, and the states of each parameter.

        `sat_out` says in how many of the steps a parameter had no gradient.
        """
        states = [tuple(map(_copied, states)) for states in self.kept]
        counts = {"steps": self.steps, "sat_out": list(self.sat_out)}
        return {"kind": type(self).__name__, **counts, "lr": self.lr, "settings": self._settings(), "states": states}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave, with the settings of then.

        Raises:
            MicrogradValueError: If it belongs to other parameters; nothing is changed then.
        """
        self.check_state(state)
        self._kept, self._holder = [tuple(map(_copied, states)) for states in state["states"]], None
        self.steps, self.lr, self._sat_out = int(state["steps"]), state["lr"], list(map(int, state["sat_out"]))
        vars(self).update(state.get("settings", {}))  # which a file of an older version doesn't have

    def check_state(self, state: dict[str, Any]) -> None:
        """Refuse the state of other parameters, or of another kind of optimiser.

        Raises:
            MicrogradTypeError: If it is no state of an optimiser.
            MicrogradValueError: If it doesn't fit.
        """
        check_optimizer_state(state, [getattr(p._data, "shape", ()) for p in self.parameters], self.states)
        check_settings(state, type(self).__name__, self._settings())

    @property
    def param_groups(self) -> list[Optimizer]:
        """The optimisers of each group of parameters; without groups, this one."""
        return [self]

    def __repr__(self) -> str:
        settings = "".join(f", {name}={value}" for name, value in self._settings().items() if value)
        return f"{type(self).__name__}({len(self.parameters)} parameters, lr={self.lr}{settings})"


class GroupedOptimizer(Optimizer):
    """What an optimiser becomes when it is given groups: one optimiser for each, which step together.

    Attributes:
        param_groups: Those; each has its own `lr` and settings, which may be written.

    Args:
        groups: Optimisers of one kind.
        defaults: The settings of a group that comes later and doesn't say otherwise.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> head, body = Value(1.0), Value(1.0)
        >>> optimizer = SGD([{"params": [head], "lr": 0.1}, {"params": [body]}], lr=0.01)
        >>> (head + body).backward()
        >>> optimizer.step()
        >>> head.data, body.data
        (0.9, 0.99)
    """

    def __init__(self, groups: list[Optimizer], defaults: dict[str, Any]) -> None:
        self._groups, self._defaults = groups, defaults
        self.parameters = [parameter for group in groups for parameter in group.parameters]

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Learn one more group of parameters from now on."""
        groups = joined_groups(self._groups, [group], self._defaults)
        GroupedOptimizer.__init__(self, groups, self._defaults)

    @property
    def param_groups(self) -> list[Optimizer]:
        """The optimisers of the groups."""
        return self._groups

    @property
    def lr(self) -> float:
        """The learning rate of the first group; setting it sets that of all."""
        return self._groups[0].lr

    @lr.setter
    def lr(self, lr: float) -> None:
        for group in self._groups:
            group.lr = lr

    @property
    def steps(self) -> int:  # type: ignore[override]
        """How many steps the first group has taken."""
        return self._groups[0].steps

    def _settings(self) -> dict[str, Any]:
        return {}  # each group has its own

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on."""
        return {"groups": [group.state_dict() for group in self._groups]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave.

        Raises:
            MicrogradValueError: If it belongs to other parameters; nothing is changed then.
        """
        self.check_state(state)
        for group, part in zip(self._groups, state["groups"], strict=True):
            group.load_state_dict(part)

    def check_state(self, state: Any) -> None:
        """Refuse the state of other groups."""
        parts = state.get("groups", ()) if isinstance(state, dict) else ()
        if len(parts) != len(self._groups):
            raise MicrogradValueError(
                f"the state is of {len(parts)} groups of parameters, but here are {len(self._groups)}. Load it into an "
                "optimiser made as it was made then."
            )
        for group, part in zip(self._groups, parts, strict=True):
            group.check_state(part)

    def __repr__(self) -> str:
        return f"<{len(self._groups)} groups: {', '.join(map(repr, self._groups))}>"


def _copied(part: Any) -> Any:
    return part.copy() if hasattr(part, "copy") else part
