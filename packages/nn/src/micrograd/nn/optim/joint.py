"""Small parameters laid end to end, which an elementwise rule moves in one pass: the calls of one array, not of many.

A step on an array of a few hundred numbers takes its time for the calls into NumPy, hardly for the numbers. An
elementwise rule makes the same bits of a number wherever it lies, so that it may have all of them at once.

What it leaves out: rules that look at a parameter as a whole, for its norm say, and large arrays, which would only be
copied. Those move one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter, is_, itemgetter
from typing import Any

import numpy as np

from micrograd.nn.optim.stepping import States

Rule = Callable[..., tuple[Any, States]]

_gradient = attrgetter("grad")
_form = attrgetter("__class__", "shape", "dtype")

_SMALL, _MOST = 8192, 12288  # numbers in a parameter that is joined, and in all: arrays above 128 KiB come slowly


class Joint:
    """Which parameters lie end to end, and how.

    Args:
        places: Where they stand among the parameters.
        parameters: All of them, Tensors.

    Example:
        >>> from micrograd.engine import Tensor
        >>> joint = Joint([0, 1], [Tensor([[1.0, 2.0]], requires_grad=True), Tensor([3.0], requires_grad=True)])
        >>> joint.parts(np.array([4.0, 5.0, 6.0]))
        [array([[4., 5.]]), array([6.])]
    """

    def __init__(self, places: Sequence[int], parameters: Sequence[Any]) -> None:
        self._joined = itemgetter(*places)
        joined = self._joined(parameters)
        ends = accumulate(p.size for p in joined)
        self.places = places
        self.others = [k for k in range(len(parameters)) if k not in places]
        self._forms = [(np.ndarray, p.shape, p.dtype) for p in parameters]
        self._cuts = [(slice(end - p.size, end), p.shape) for end, p in zip(ends, joined, strict=True)]

    def gradients(self, parameters: Sequence[Any], sat_out: Sequence[int]) -> list[Any] | None:
        """The gradient of each parameter, if all are such as backward() leaves them; None if one isn't.

        Args:
            parameters: All of them.
            sat_out: How many steps each has sat out: with different counts they don't move as one.
        """
        found = list(map(_gradient, parameters))
        try:
            fit = list(map(_form, found)) == self._forms
        except AttributeError:
            return None
        return found if fit and sat_out.count(sat_out[0]) == len(sat_out) else None

    def parts(self, flat: Any) -> list[Any]:
        """The part of each joined parameter, as a view."""
        return [flat[cut] if len(shape) == 1 else flat[cut].reshape(shape) for cut, shape in self._cuts]

    def moved(self, rule: Rule, data: list[Any], gradients: list[Any], kept: Any, numbers: dict[str, Any]) -> Moved:
        """One step of all parameters; the arguments are those of the rule, in lists.

        Args:
            rule: That of an optimiser, elementwise.
            data: What the parameters hold.
            gradients: Their gradients.
            kept: Their states, as the last step left them.
            numbers: Those of this step.
        """
        if not isinstance(kept, Moved):
            kept = self._as_left(data, kept)
        joined = self._joined(data)
        # Whoever wrote to a parameter since, gave it another array; or wrote into this one, which is the same.
        flat = kept.flat if all(map(is_, joined, kept.parts)) else np.concatenate(joined, axis=None)
        g = np.concatenate(self._joined(gradients), axis=None)
        flat, states = rule(flat, g, kept.states, numbers)
        alone = {k: rule(data[k], gradients[k], kept.alone[k][1], numbers) for k in self.others}
        return Moved(self, flat if flat.dtype is g.dtype else flat.astype(g.dtype), states, alone)

    def _as_left(self, data: list[Any], kept: Sequence[States]) -> Moved:
        """Single parameters and states, as if a step had left them."""
        flat, *states = (
            np.concatenate(arrays, axis=None) for arrays in (self._joined(data), *zip(*self._joined(kept), strict=True))
        )
        return Moved(self, flat, tuple(states), {k: (data[k], kept[k]) for k in self.others})


class Moved(Sequence[States]):
    """What a step left: the states of each parameter, cut out when somebody asks, and the new data.

    Args:
        joint: How they lie.
        flat: The joined parameters, end to end.
        states: Their states likewise.
        alone: Data and states of the others, by their places.

    Attributes:
        parts: The new data of each joined parameter, as views.
    """

    def __init__(self, joint: Joint, flat: Any, states: States, alone: dict[int, tuple[Any, States]]) -> None:
        self._joint, self.flat, self.states, self.alone = joint, flat, states, alone
        self.parts = joint.parts(flat)

    @property
    def data(self) -> list[Any]:
        """The new data of each parameter."""
        return self._in_order(self.parts, 0)

    def _in_order(self, joined: Iterable[Any], which: int) -> list[Any]:
        """What belongs to each parameter, of the joined ones and of the others."""
        if not self.alone:
            return list(joined)
        found = {k: pair[which] for k, pair in self.alone.items()}
        found.update(zip(self._joint.places, joined, strict=True))
        return [found[k] for k in range(len(found))]

    def __len__(self) -> int:
        return len(self.parts) + len(self.alone)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __iter__(self) -> Iterator[States]:
        cut = zip(*map(self._joint.parts, self.states), strict=True) if self.states else [()] * len(self.parts)
        return iter(self._in_order(cut, 1))

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)  # a copy keeps the states alone


def joint_of(parameters: Sequence[Any]) -> Joint | None:
    """How the small ones among these lie end to end; None if there aren't two of one dtype.

    Args:
        parameters: Tensors.
    """
    places: list[int] = []
    room = _MOST
    for k, p in enumerate(parameters):
        if p.size <= min(_SMALL, room) and (not places or p.dtype == parameters[places[0]].dtype):
            places.append(k)
            room -= p.size
    return Joint(places, parameters) if len(places) > 1 else None
