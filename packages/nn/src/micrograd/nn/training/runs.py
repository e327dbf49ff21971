"""`Run`: a training under way, with all that a later process needs to go on with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.module import Module
from micrograd.nn.random_states import generators_in, restore, state_of
from micrograd.nn.training.batches import Batches
from micrograd.nn.training.history import History

EVENTS = ("on_begin", "on_step", "on_epoch", "on_end")


class Run:
    """What `fit` hands to its callbacks.

    Attributes:
        model: What is trained.
        loss: `loss(scores, targets)`.
        optimizer: What moves it.
        scheduler: What sets the learning rate; None without.
        history: The record so far.
        batches: Which samples come next.
        total: How many steps there are to be.
        callbacks: All that are called.
        batch: The inputs and targets of the last step, to look at.
        is_stopped: Whether to end after this step; a callback may write it.

    Raises:
        MicrogradTypeError: If a callback has none of the methods that are called.
    """

    def __init__(
        self,
        model: Any,
        loss: Any,
        optimizer: Any,
        scheduler: Any,
        batches: Batches,
        total: int,
        callbacks: Sequence[Any],
    ) -> None:
        if not isinstance(callbacks, (list, tuple)):
            raise MicrogradTypeError(
                f"callbacks is a list, but was given a {type(callbacks).__name__}. Write callbacks=[callback]."
            )
        for callback in callbacks:
            if isinstance(callback, type) or not any(hasattr(callback, event) for event in EVENTS):
                raise MicrogradTypeError(
                    f"a callback has some of {', '.join(EVENTS)}, which {callback!r:.60} hasn't. Write fit(..., "
                    "callbacks=[EarlyStopping()])."
                )
        self.model, self.loss, self.optimizer, self.scheduler = model, loss, optimizer, scheduler
        self.batches, self.total, self.callbacks = batches, total, list(callbacks)
        self.history = History()
        self.batch: Any = None
        self.is_stopped = False

    @property
    def step(self) -> int:
        """How many steps have been taken."""
        return len(self.history.loss)

    @property
    def epoch(self) -> int:
        """How many passes through the data have been completed."""
        return self.batches.epoch

    @property
    def is_epoch_over(self) -> bool:
        """Whether a pass through the data has just been completed, or cut short by the last step."""
        return self.batches.is_between_epochs or self.step == self.total

    @property
    def is_over(self) -> bool:
        """Whether there is no step left to take."""
        return self.is_stopped or self.step >= self.total

    def tell(self, event: str) -> None:
        """Call every callback that has a method of this name."""
        for callback in self.callbacks:
            method = getattr(callback, event, None)
            if method is not None:
                method(self)

    def epoch_loss(self) -> float:
        """The mean loss of the steps of the last pass."""
        losses = self.history.loss[-len(self.batches) :]
        return sum(losses) / len(losses)

    def state_dict(self) -> dict[str, Any]:
        """All that a later run needs to go on: numbers, records, orders, and the states of all generators.

        Raises:
            MicrogradTypeError: If the model, or what came with it, has no state to save.
        """
        kept = {"model": self.model, "optimizer": self.optimizer, "batches": self.batches, "history": self.history}
        kept |= {} if self.scheduler is None else {"scheduler": self.scheduler}
        return {
            **{name: _require_state(part, name).state_dict() for name, part in kept.items()},
            "is_stopped": self.is_stopped,
            "generators": {path: state_of(rng) for path, rng in self._generators().items()},
            "callbacks": [part.state_dict() if hasattr(part, "state_dict") else None for part in self.callbacks],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave.

        Raises:
            MicrogradValueError: If it is of another model, optimiser or data; nothing is changed then.
        """
        missing = {"model", "optimizer", "batches", "history", "generators", "callbacks"} - set(state)
        if missing or ("scheduler" in state) != (self.scheduler is not None):
            raise MicrogradValueError(
                "the state is not that of a training like this one: "
                + (f"it has no {', '.join(sorted(missing))}" if missing else "only one of them has a scheduler")
                + ". Call fit() as it was called when the state was saved."
            )
        before = self.state_dict()
        try:
            self._load(state)
        except BaseException:
            self._load(before)
            raise

    def _load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.batches.load_state_dict(state["batches"])
        if self.scheduler is not None:
            self.scheduler.load_state_dict(state["scheduler"])
        self.history.load_state_dict(state["history"])
        self.is_stopped = state["is_stopped"]
        generators = self._generators()
        _require_same(generators, state["generators"], "random generators")
        for path, rng in generators.items():
            restore(rng, state["generators"][path])
        _require_same(self.callbacks, state["callbacks"], "callbacks")
        for callback, part in zip(self.callbacks, state["callbacks"], strict=True):
            if part is not None:
                callback.load_state_dict(part)

    def _generators(self) -> dict[str, Any]:
        return generators_in(self.model) if isinstance(self.model, Module) else {}


def _require_same(here: Any, there: Any, name: str) -> None:
    if len(here) != len(there) or (isinstance(here, dict) and set(here) != set(there)):
        raise MicrogradValueError(
            f"the state has {len(there)} {name}, but here are {len(here)}, or others. Call fit() as it was called when "
            "the state was saved."
        )


def _require_state(part: Any, name: str) -> Any:
    if not hasattr(part, "state_dict"):
        raise MicrogradTypeError(
            f"a checkpoint keeps the state of the {name}, but {kind_of(part)} has no state_dict(). Write it as "
            "a class of micrograd.nn, such as class Model(Module) or class Schedule(LRScheduler)."
        )
    return part
