"""Small parameters laid end to end, which an elementwise rule moves in one pass: the calls of one array, not of many.

A step on an array of a few hundred numbers takes its time for the calls into NumPy, hardly for the numbers. An
elementwise rule makes the same bits of a number wherever it lies, so that it may have all of them at once.

What it leaves out: rules that look at a parameter as a whole, for its norm say, and large arrays, which would only be
copied. Those move one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import is_
from typing import Any

import numpy as np

from micrograd.nn.optim.stepping import States

Rule = Callable[..., tuple[Any, States]]

_MOST = 8192  # numbers in all


class Joint:
    """How parameters lie end to end.

    Args:
        parameters: Tensors of one dtype.

    Example:
        >>> from micrograd.engine import Tensor
        >>> joint = Joint([Tensor([[1.0, 2.0]], requires_grad=True), Tensor([3.0], requires_grad=True)])
        >>> joint.parts(np.array([4.0, 5.0, 6.0]))
        [array([[4., 5.]]), array([6.])]
    """

    def __init__(self, parameters: Sequence[Any]) -> None:
        self._dtype = parameters[0].dtype
        ends = accumulate(p.size for p in parameters)
        self._cuts = [(slice(end - p.size, end), p.shape) for end, p in zip(ends, parameters, strict=True)]

    def takes(self, gradients: Sequence[Any], sat_out: Sequence[int]) -> bool:
        """Whether there is a gradient for each, of the dtype of the parameters, and all have taken as many steps."""
        return sat_out.count(sat_out[0]) == len(sat_out) and all(
            isinstance(g, (np.ndarray, np.generic)) and g.dtype == self._dtype for g in gradients
        )

    def parts(self, flat: Any) -> list[Any]:
        """The part of each parameter, as a view."""
        return [flat[cut].reshape(shape) for cut, shape in self._cuts]

    def moved(self, rule: Rule, data: list[Any], gradients: list[Any], kept: Any, numbers: dict[str, Any]) -> Moved:
        """One step of all of them; the arguments are those of the rule, in lists.

        Args:
            rule: That of an optimiser, elementwise.
            data: What the parameters hold.
            gradients: Their gradients.
            kept: Their states, as the last step left them.
            numbers: Those of this step.
        """
        if isinstance(kept, Moved):
            # Whoever wrote to a parameter since, gave it another array; or wrote into this one, which is the same.
            flat = kept.flat if all(map(is_, data, kept.data)) else np.concatenate(data, axis=None)
            states = kept.states
        else:
            flat, *joined = (np.concatenate(arrays, axis=None) for arrays in (data, *zip(*kept, strict=True)))
            states = tuple(joined)
        flat, states = rule(flat, np.concatenate(gradients, axis=None), states, numbers)
        return Moved(self, flat.astype(self._dtype, copy=False), states)


class Moved(Sequence[States]):
    """What a step left: the states of each parameter, cut out when somebody asks, and the new data.

    Args:
        joint: How they lie.
        flat: The parameters, end to end.
        states: Their states likewise.

    Attributes:
        data: The new data of each parameter, views that nobody else holds.
    """

    def __init__(self, joint: Joint, flat: Any, states: States) -> None:
        self._joint, self.flat, self.states = joint, flat, states
        self.data = joint.parts(flat)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __iter__(self) -> Any:
        return zip(*map(self._joint.parts, self.states), strict=True) if self.states else iter([()] * len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)  # a copy keeps the states alone


def joint_of(parameters: Sequence[Any]) -> Joint | None:
    """How these lie end to end; None if they are better moved one by one.

    Args:
        parameters: Tensors.
    """
    is_worth_it = len(parameters) > 1 and sum(p.size for p in parameters) <= _MOST
    return Joint(parameters) if is_worth_it and len({p.dtype for p in parameters}) == 1 else None
