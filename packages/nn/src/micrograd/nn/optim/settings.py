"""`Settings`: what an optimiser's rule reads beside gradients and states, read and written from outside."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.optim.stepping import States
from micrograd.nn.validation import nonnegative, yes_or_no


class Settings:
    """A learning rate, what a subclass adds, and for rules that heed them a weight decay and a direction.

    Args:
        lr: The learning rate.

    Example:
        >>> settings = Settings(0.1)
        >>> settings["lr"] = 0.01
        >>> settings.lr
        0.01
    """

    parameters: list[Any]
    weight_decay: float = 0.0
    maximize: bool = False

    def __init__(self, lr: float) -> None:
        self.lr = lr

    def heed(self, weight_decay: float, maximize: bool) -> None:
        """Have a weight decay and a direction: for rules that ask `downhill` where to go.

        Args:
            weight_decay: How strongly parameters are pulled to 0.
            maximize: Whether to go up.

        Raises:
            MicrogradTypeError, MicrogradValueError: If one of them can't be used.
        """
        name = type(self).__name__
        example = f"{name}(model.parameters(), lr=0.1, weight_decay=0.01)"
        self.weight_decay = nonnegative(weight_decay, "weight_decay", example)
        self.maximize = yes_or_no(maximize, "maximize", f"{name}(model.parameters(), maximize=True)")

    @property
    def lr(self) -> float:
        """The learning rate: finite and at least 0."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = nonnegative(lr, "the learning rate lr", f"{type(self).__name__}(model.parameters(), lr=0.1)")

    def downhill(self, p: Any, g: Any) -> Any:
        """What a rule goes against: the gradient, or minus it to maximize, and the pull of an L2 penalty."""
        g = -g if self.maximize else g
        return g + self.weight_decay * p if self.weight_decay else g  # nothing is added without: 0 * inf would be nan

    def require_states(self, states: States, count: int) -> None:
        """Refuse a setting that was written later and needs other states than have been kept so far.

        Raises:
            MicrogradValueError: If there aren't so many.
        """
        if len(states) != count:
            settings = ", ".join(f"{name}={value}" for name, value in self._settings().items() if value)
            raise MicrogradValueError(
                f"this {type(self).__name__} keeps {len(states)} numbers for each that it learns, as its settings were "
                f"when it was made; the settings of now need {count}. Make it anew: "
                f"{type(self).__name__}(model.parameters(), lr={self.lr}, {settings})."
            )

    def __getitem__(self, name: str) -> Any:
        """A setting, as PyTorch's groups have it: `group["lr"]`, and `group["params"]`."""
        self._require_setting(name)
        return self.parameters if name == "params" else getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        """Write a setting, as PyTorch's groups have it: `group["lr"] = 0.01`."""
        self._require_setting(name)
        if name == "params":
            raise MicrogradTypeError("the parameters of a group stay; make a new optimiser for others.")
        setattr(self, name, value)

    def _require_setting(self, name: str) -> None:
        known = ("params", "lr", *self._settings(), *(vars(self).keys() & {"initial_lr"}))
        if name not in known:
            raise MicrogradValueError(
                f"{type(self).__name__} has no setting {name!r:.40}; it has {', '.join(known)}. "
                'Write group["lr"] or group.lr for group in optimizer.param_groups.'
            )

    def _settings(self) -> dict[str, Any]:
        """What the rule reads beside the learning rate."""
        return {name: value for name, value in vars(self).items() if name in ("weight_decay", "maximize")}
