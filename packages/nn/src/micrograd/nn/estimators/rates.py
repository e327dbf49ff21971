"""`Rate`: how the learning rate of an estimator changes from epoch to epoch."""

from __future__ import annotations

from typing import Any

from micrograd.nn.schedulers.curves import CosineAnnealingLR
from micrograd.nn.schedulers.one_cycle import OneCycleLR

SCHEDULES = ("constant", "invscaling", "adaptive", "cosine", "one_cycle")

_LEAST = 1e-6  # "adaptive" ends here
_PEAK = 10.0  # how far "one_cycle" rises above learning_rate_init on its way


class Rate:
    """A schedule by its name in `learning_rate`.

    Args:
        kind: "constant"; "invscaling", the initial rate over samples seen to the power of `power_t`; "adaptive", a
            fifth whenever an estimator has lost its patience; "cosine", down to 0 at the last epoch; "one_cycle", up to
            the tenfold and down.
        optimizer: Whose rate it is.
        power_t: The exponent of "invscaling".
        epochs: How many there are to be.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(0.0)], lr=0.5)
        >>> rate = Rate("adaptive", optimizer, power_t=0.5, epochs=10)
        >>> rate.shrink(), optimizer.lr
        (True, 0.1)
    """

    def __init__(self, kind: str, optimizer: Any, power_t: float, epochs: int) -> None:
        self._kind, self._optimizer, self._power_t = kind, optimizer, power_t
        self._initial, self._left = optimizer.lr, epochs - 1
        self._curve: Any = None
        if kind == "cosine":
            self._curve = CosineAnnealingLR(optimizer, T_max=epochs)
        elif kind == "one_cycle" and epochs > 1:
            self._curve = OneCycleLR(optimizer, max_lr=_PEAK * optimizer.lr, total_steps=epochs, div_factor=_PEAK)

    @property
    def has_an_end(self) -> bool:
        """Whether it is made for so many epochs, so that to take them all is no failure to converge."""
        return self._curve is not None

    def after_epoch(self, samples: int) -> None:
        """Go on to the next epoch, after so many samples in all."""
        if self._kind == "invscaling":
            self._optimizer.lr = self._initial / (samples + 1) ** self._power_t
        elif self._curve is not None and self._left > 0:
            self._curve.step()
            self._left -= 1

    def shrink(self) -> bool:
        """Try a smaller rate where nothing gets better any more; whether there is one."""
        if self._kind != "adaptive" or self._optimizer.lr <= _LEAST:
            return False
        self._optimizer.lr /= 5.0
        return True
