"""`record`, and the tape that it gives: a training that becomes a page."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.observing.listeners import listening
from micrograd.engine.viz.page import Page, packed, page_text, resource
from micrograd.engine.viz.recorder.boundary import SIDE
from micrograd.engine.viz.recorder.frames import Frame
from micrograd.engine.viz.recorder.recording import Recorder
from micrograd.engine.viz.text import clip, one_line

BUDGET = 4_000_000
"""How many bytes the steps of a page take at most, unless another budget is asked for."""

_POINTS = 2000  # samples on the picture of the plane
_CURVE = 4000  # points of the loss curve
_HERE = "micrograd.engine.viz.recorder"


class Tape:
    """What `record` took down; it becomes a page by `to_html`, and shows itself in a notebook.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz import record
        >>> x = Value(3.0, label="x")
        >>> with record([x]) as tape:
        ...     for _ in range(5):
        ...         x.grad = 0.0
        ...         (x * x).backward()
        ...         x.data -= 0.1 * x.grad
        >>> tape
        <Tape of 5 steps, 5 of them kept: loss 9.0000 -> 1.5099>
        >>> tape.page().html[:15]
        '<!DOCTYPE html>'
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @property
    def losses(self) -> list[float]:
        """The loss of each step, before its move."""
        return list(self._recorder.losses)

    def page(self) -> Page:
        """The page, with `.html`, `.save(path)`, and a display of its own in a notebook."""
        recorder = self._recorder
        return Page(
            page_text(
                title="Training, step by step",
                body=resource(_HERE, "recording.html"),
                style=resource(_HERE, "recording.css"),
                script=resource(_HERE, "recording.js"),
                data=_data_of(recorder),
            ),
            f"a training of {len(recorder.losses)} steps",
            height=900,
        )

    def to_html(self, path: str | os.PathLike[str]) -> str:
        """Write the page into one file, which needs no other, and return its path."""
        return self.page().save(path)

    def _repr_html_(self) -> str:
        return self.page()._repr_html_()

    def __repr__(self) -> str:
        losses, kept = self._recorder.losses, self._recorder.frames.kept
        if not losses:
            return "<Tape of no steps>"
        count = sum(1 for frame in kept if frame.new)
        return f"<Tape of {len(losses)} steps, {count} of them kept: loss {losses[0]:.4f} -> {losses[-1]:.4f}>"


@contextmanager
def record(model: Any, *, data: Any = None, every: int = 1, budget: int = BUDGET, sample: int = 0) -> Iterator[Tape]:
    """Take down a training that runs in this block: `with record(model) as tape:`.

    The loop may be one's own, or `fit` of `micrograd.nn`; on Values or Tensors. What is kept of a step: the loss, the
    parameters before and after, their gradients, what the optimiser remembers and reads, what the model says of the
    plane if it has two inputs, and the graph of one sample. Of a large model it is some of the numbers of each
    parameter. The parameters are moved by nobody but the training.

    Args:
        model: What is trained; or parameters, as a list or with names. Only a model itself can be asked about samples.
        data: Samples and targets, `(X, y)`, for the plane and for the graph; `fit` tells them by itself.
        every: Keep every so many-th step. When the budget is used up, every second one of those kept is let go.
        budget: How many bytes the steps may take in the page.
        sample: The sample whose graph is kept, counted from 0.

    Raises:
        MicrogradTypeError: If `model` has no parameters, nor is a collection of them.
        MicrogradValueError: If there are no parameters, or `every` or `budget` isn't positive.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(0.0, label="w")
        >>> with record([w]) as tape:
        ...     for _ in range(3):
        ...         w.grad = 0.0
        ...         ((w - 1.0) ** 2).backward()
        ...         w.data -= 0.25 * w.grad
        >>> tape.losses
        [1.0, 0.25, 0.0625]
    """
    for name, number in (("every", every), ("budget", budget)):
        if number < 1:
            raise MicrogradValueError(
                f"{name}={number!r:.40} is to be a whole number of at least 1. Write record(model, {name}="
                f"{10 if name == 'every' else BUDGET})."
            )
    recorder = Recorder(model, data, every, budget, sample)
    with listening(recorder):
        try:
            yield Tape(recorder)
        finally:
            recorder.ended()


# ---- as data for the page --------------------------------------------------------------------------------------------


def _data_of(recorder: Recorder) -> dict[str, Any]:
    tracked, plane, graph = recorder.tracked, recorder.plane, recorder.graph
    kept = recorder.frames.kept
    stride = max(1, len(recorder.losses) // _CURVE)
    return {
        "model": clip(one_line(type(recorder.model).__name__), 60),
        "every": recorder.frames.every,
        "budget": recorder.frames._budget,
        "steps": len(recorder.losses),
        "total": tracked.total,
        "names": tracked.names,
        "groups": [[name, list(shape), count] for name, shape, count in tracked.groups],
        "losses": packed(recorder.losses[::stride]),
        "stride": stride,
        "rules": recorder.rules,
        "side": SIDE,
        "extent": plane.extent if plane is not None else None,
        "points": _points(recorder) if plane is not None else [],
        "sample": recorder.sample,
        "svg": graph.svg if graph is not None else "",
        "shown": graph.shown if graph is not None else (0, 0),
        "frames": list(map(_frame, kept)),
    }


def _frame(frame: Frame) -> dict[str, Any]:
    return {
        "step": frame.step,
        "loss": frame.loss,
        "old": packed(frame.old),
        "grad": packed(frame.grad),
        "new": packed(frame.new) if frame.new else None,
        "states": list(map(packed, frame.states)),
        "numbers": frame.numbers,
        "plane": packed(frame.plane, "b") if frame.plane is not None else None,
        "graph": packed(frame.graph) if frame.graph is not None else None,
    }


def _points(recorder: Recorder) -> list[tuple[float, float, int]]:
    """The samples on the plane, each with the number of its class; of a regression all are of one."""
    targets = _targets(recorder.y, len(recorder.X))
    kinds = sorted(set(targets))
    ranks = {kind: rank for rank, kind in enumerate(kinds)} if len(kinds) <= 10 else {}
    stride = max(1, len(recorder.X) // _POINTS)
    rows = list(zip(recorder.X, targets, strict=True))[::stride]
    return [(float(row[0]), float(row[1]), ranks.get(target, 0)) for row, target in rows]


def _targets(y: Any, count: int) -> Sequence[float]:
    if not isinstance(y, list) or len(y) != count:
        return [0.0] * count
    numbers = [target[0] if isinstance(target, list) and target else target for target in y]
    return [float(n) if isinstance(n, (int, float)) and math.isfinite(n) else 0.0 for n in numbers]
