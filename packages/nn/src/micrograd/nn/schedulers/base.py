"""`LRScheduler`: what all schedules have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol, TypeVar

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.pytorch_names import refuse_settings
from micrograd.nn.validation import nonnegative

_S = TypeVar("_S", bound="LRScheduler")


class HasLearningRate(Protocol):
    """An optimiser, as far as a schedule is concerned."""

    lr: float


def groups_of(optimizer: Any) -> list[Any]:
    """What has a rate of its own: the groups of an optimiser, or itself."""
    return list(getattr(optimizer, "param_groups", [optimizer]))


def rate_of_each_group(given: Any, name: str, optimizer: Any, example: str) -> list[float]:
    """A rate for each group of parameters, from one for all of them or a list.

    Raises:
        MicrogradTypeError: If one isn't a number.
        MicrogradValueError: If there are as many as neither 1 nor groups, or one is negative.
    """
    count = len(groups_of(optimizer))
    rates = list(given) if isinstance(given, (list, tuple)) else [given] * count
    if len(rates) != count:
        raise MicrogradValueError(f"{name} has {len(rates)} rates for {count} groups of parameters. Write {example}.")
    return [nonnegative(rate, name, example) for rate in rates]


def require_groups(groups: list[Any], optimizer: Any, name: str) -> None:
    """Refuse to set the rates of an optimiser that other groups have joined.

    Raises:
        MicrogradValueError: Then.
    """
    if groups_of(optimizer) != groups:
        raise MicrogradValueError(
            f"parameters joined after {name} was made, which knows no rate for them. Make it after the last "
            f"add_param_group(): {name}(optimizer, ...)."
        )


class LRScheduler(ABC):
    """Base of all schedules; a subclass says in `lr_at` what the rate is at each step.

    Attributes:
        optimizer: Whose rate is set.
        base_lr: The rate that the optimiser had at first; of several groups of parameters, that of the group whose
            rate is asked for.
        group: The number of that group.
        last_epoch: How many steps have been taken (PyTorch's name).

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> class Halving(LRScheduler):
        ...     def lr_at(self, step):
        ...         return self.base_lr * 0.5**step
        >>> optimizer = SGD([Value(0.0)], lr=1.0)
        >>> schedule = Halving(optimizer)
        >>> schedule.step()
        >>> optimizer.lr
        0.5
    """

    def __new__(cls: type[_S], *args: Any, **kwargs: Any) -> _S:
        """A schedule, or the reason why it lacks a setting that PyTorch's has."""
        refuse_settings(cls, kwargs)
        return super().__new__(cls)

    def __init__(self, optimizer: HasLearningRate) -> None:
        if not hasattr(optimizer, "lr"):
            raise MicrogradTypeError(
                f"a schedule sets the learning rate of an optimiser, but was given {kind_of(optimizer)}. Write "
                f"{type(self).__name__}(SGD(model.parameters(), lr=0.1), ...)."
            )
        self.optimizer = optimizer
        self._groups = groups_of(optimizer)
        for group in self._groups:
            # A second schedule on the same optimiser begins from the same rates.
            vars(group).setdefault("initial_lr", group.lr)
        self._base_lrs: list[float] = [group.initial_lr for group in self._groups]
        self.group, self.base_lr = 0, self._base_lrs[0]
        self.last_epoch = 0
        self._set(self.rates_at(0))

    @property
    def floor(self) -> float:
        """Down to where the schedule goes: it multiplies what of the rate lies above."""
        return 0.0

    @abstractmethod
    def lr_at(self, step: int) -> float:
        """The learning rate of step `step`, counted from 0."""

    def lr_after(self, rate: float, step: int) -> float:
        """The learning rate of step `step` after another schedule, which ended at this rate."""
        return self.lr_at(step)

    def rates_at(self, step: int) -> list[float]:
        """The learning rate of each group of parameters at step `step`."""
        found = []
        for group, base in enumerate(self._base_lrs):
            self.group, self.base_lr = group, base
            found.append(self.lr_at(step))
        self.group, self.base_lr = 0, self._base_lrs[0]
        return found

    def step(self) -> None:
        """Go on to the next step: set the optimiser's rate."""
        rates = self.rates_at(self.last_epoch + 1)
        self._set(rates)
        self.last_epoch += 1

    def _set(self, rates: list[float]) -> None:
        require_groups(self._groups, self.optimizer, type(self).__name__)
        for group, rate in zip(self._groups, rates, strict=True):
            group.lr = rate

    def get_last_lr(self) -> list[float]:
        """The rate in use of each group of parameters, as in PyTorch."""
        return [group.lr for group in self._groups]

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on."""
        return {"last_epoch": self.last_epoch, "base_lrs": list(self._base_lrs)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave.

        Raises:
            MicrogradValueError: If it belongs to an optimiser with another number of groups; nothing is changed then.
        """
        if len(state["base_lrs"]) != len(self._groups):
            raise MicrogradValueError(
                f"the state is of a schedule of {len(state['base_lrs'])} groups of parameters, but the optimiser here "
                f"has {len(self._groups)}. Make it as it was made then."
            )
        self._base_lrs = [float(rate) for rate in state["base_lrs"]]
        self.last_epoch = int(state["last_epoch"])
        self._set(self.rates_at(self.last_epoch))
